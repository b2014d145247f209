/** Wordings that date a text; `releaseRange` turns them into a range of releases. */
const MARKS: [RegExp, string][] = [
  [/^Request Rate: \S+ inference requests per second$/, 'per second'],
  [/^Request Rate: \S+ inference requests per seconds$/, 'per seconds'],
  [/^Service Kind: [A-Z_]+$/, 'upper-case service kind'],
  [/^Service Kind: .*[a-z]/, 'mixed-case service kind'],
  [/^Stabilizing using .*throughput$/, 'stabilizing names throughput'],
  [/^Stabilizing using .*latency$/, 'stabilizing names latency alone'],
  [/^Using "\w+" mode for stabilization$/, 'stabilization mode'],
  [/^Delayed Request Count: /, 'delayed request count'],
  [/^Execution count: /, 'execution count'],
  [/^Sending a total of \d+ requests/, 'sending a total'],
  [/^Sending \d+ (?:benchmark|warmup) requests?/, 'sending benchmark requests'],
  [/^Avg client overhead: /, 'client overhead'],
  [/^Response Throughput: /, 'response throughput'],
  [/^Cache hit count: /, 'cache hit count'],
  [/^Avg GPU Utilization:/, 'gpu metrics'],
  [/^\d+-th percentile latency: /, 'th percentile'],
  [/^Pass \[.*usec\)?\.$/, 'pass ends with a dot'],
  [/^Pass \[.*usec\)?$/, 'pass ends without a dot'],
  [/^(?:Concurrency|Request Rate): \S+, \S+ infer\/sec, latency /, 'summary without the word throughput'],
  [/^(?:Concurrency|Request Rate): \S+, throughput: /, 'summary with the word throughput'],
  [/^\[WARNING\] Perf Analyzer was not able to keep up/, 'keep-up warning of the request rate'],
];

/** The release marks that a trimmed line carries; mostly none. */
export function wordingOf(line: string): string[] {
  return MARKS.filter(([pattern]) => pattern.test(line)).map(([, name]) => name);
}
