/**
 * The tool's own sentences: what counts as a warning, what as an error, and which
 * flag of the whole run a sentence stands for.
 */
import type { ReadingFlags } from './reading.js';

type Flag = keyof ReadingFlags;

export interface Message {
  /** A note sets flags only: it is somebody else's sentence, or tells no trouble. */
  level: 'warning' | 'error' | 'note';
  flags: Flag[];
  /** False for sentences that other programs print too: they do not prove that perf_analyzer wrote the text. */
  own: boolean;
}

type Rule = [pattern: RegExp, ...flags: Flag[]];

const WARNINGS: Rule[] = [
  [/^Failed to obtain stable measurement/, 'unstable'],
  [/^Measured latency went over the set limit/, 'over_latency_limit'],
  [/^\[WARNING\] Perf Analyzer (?:was|is) not able to keep up/],
  [/^WARNING: (?:Overriding max_threads|The maximum attainable concurrency|Pass contained only one request)/],
  [/^WARNING: (?:Unable to parse '|Multiple versions of model|Triton metrics endpoint latency)/],
  [/^WARNING: (?:using an invalid (?:start )?sequence|The sequence length must be)/i],
  [/^WARNING: (?:unsupported data type: '|data type ')/],
  [/^Failed to update context stat/],
  [/^Response Cache is disabled for model \[/],
  [/^Server average accounted time was larger than client/],
  [/^Warning: Request latency is not stabilizing/],
  [/^Too many GPUs on system to print out individual Prometheus/],
];

/** Sentences of perf_analyzer alone. The order matters: the first that fits decides. */
const ERRORS: Rule[] = [
  [/Request for unknown model|failed to find the requested model version/, 'model_unknown'],
  [/failed to (?:get|retrieve) model (?:metadata|config|statistics)/],
  [
    /failed to create (?:client factory|triton client backend|model parser|(?:\w+ ){1,4}manager|profiler|report writer)/,
  ],
  [/^(?:Thread \[\d+\] had error: )?.*HTTP client failed/],
  [/^Failed to maintain requested (?:inference|session)/],
  [/^Thread \[\d+\] had error/],
  [/^Failed to retrieve results from inference request/],
  [/^Failed to init manager inputs/],
  [/^No valid requests recorded within/],
  [/^Perf Status reports size must match the stability window/],
  [/^Unable to connect to Metrics endpoint|^Metrics endpoint/],
  [/^can ?not specify batch size > 1/i],
  [/^The 'end' concurrency can ?not be 0 for sequence|^sequence id range specified is smaller/],
  [/contains dynamic shape, provide shapes|is missing shape, see --shape|needs to have its shape fully defined/],
  [/unable to find \S+ data in json|missing tensor \S+ in the (?:stream|step)/],
  [/^Decoupled models must be run with `--async`/],
  [/^Server side statistics compute counts must be the same/],
  [/Invalid long option|: (?:unrecognized|invalid) option |: option .* requires an argument/, 'usage_error'],
  [/^Error: (?:Failed to parse -|Cannot (?:use|specify)|can ?not )/i, 'usage_error'],
  [/^Failed to parse -/, 'usage_error'],
  [/^terminate called (?:without an active exception|after throwing)/],
  [/perf_(?:analyzer|client).*(?:error while loading shared libraries|command not found|No such file)/],
];

/** Connections that never came about, in the words of curl and gRPC. */
const UNREACHABLE =
  /HTTP client failed|Couldn't (?:connect to server|resolve host)|[Ff]ailed to connect to all addresses|Connection refused|DNS resolution failed|Name or service not known/;

/** How the process ended, and its help page. */
const NOTES: Rule[] = [
  [
    /^(?:\S+: line \d+:\s+\d+ )?Killed\b|exit(?:ed)?(?: with)?(?: code| status)?:? 137\b|OOMKilled|\bsignal 9\b/,
    'killed',
  ],
  [/exit(?:ed)?(?: with)?(?: code| status)?:? 143\b|^Terminated\b/, 'killed'],
  [/^Interrupt signal \(\d+\) received|^Exiting immediately\.\.\.|^Received exit signal/, 'interrupted'],
  [/^Waiting for in-flight inferences to complete/, 'interrupted'],
];

const USAGE = /^Usage: .*\[options\]$/;
const USAGE_OWN = /^==== SYNOPSIS ====$|^--service-kind </;

function match(rules: Rule[], line: string): Flag[] | undefined {
  for (const [pattern, ...flags] of rules) if (pattern.test(line)) return flags;
  return undefined;
}

/** Classifies a trimmed line, or undefined where it is no message. */
export function messageOf(line: string): Message | undefined {
  const warning = match(WARNINGS, line);
  if (warning) return { level: 'warning', flags: warning, own: true };
  const note = match(NOTES, line);
  if (note) return { level: 'note', flags: note, own: note.includes('interrupted') };
  if (USAGE.test(line)) return { level: 'note', flags: ['usage_error'], own: /perf_(?:analyzer|client)/.test(line) };
  if (USAGE_OWN.test(line)) return { level: 'note', flags: ['usage_error'], own: true };
  const error = match(ERRORS, line);
  // The metrics endpoint is another server than the one that is measured.
  const reach: Flag[] = UNREACHABLE.test(line) && !/[Mm]etrics endpoint/.test(line) ? ['server_unreachable'] : [];
  if (error) return { level: 'error', flags: [...error, ...reach], own: true };
  if (/^(?:error|Error): /.test(line)) return { level: 'error', flags: reach, own: false };
  return undefined;
}
