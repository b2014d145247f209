/** How the lines of a report look that are no number behind a label. All are matched trimmed. */
import type { BlockPart, GpuKey } from './block.js';
import { NUMBER } from './numbers.js';

export const LEVEL_CONCURRENCY = /^Request concurrency: (\d+)$/;
export const LEVEL_RATE = new RegExp(`^Request Rate: (${NUMBER}) inference requests per seconds?$`);
/** `95-th Percentile` is how the releases of the first half of 2019 say it. */
export const SUMMARY_TITLE =
  /^Inferences\/Second vs\. Client (?:(Average)|(p[\d.]+)|([\d.]+)-th [Pp]ercentile) Batch Latency$/;
export const SUMMARY_ROW = new RegExp(
  `^(Concurrency|Request Rate): (${NUMBER}), (?:throughput: )?(${NUMBER}) infer/sec, latency (${NUMBER}) usec$`,
);
/** Behind it people note in brackets what they saw. */
export const PASS = new RegExp(
  `^Pass \\[\\d+\\] throughput: (${NUMBER}) infer/sec\\. (?:Avg|p[\\d.]+|[\\d.]+-th percentile) latency: (${NUMBER}) usec` +
    `(?: \\(std (${NUMBER}) usec\\))?(\\.)?(?:\\s+\\([^)]*\\))?$`,
);
/** A window without result; the sentence behind it is the tool's. */
export const PASS_FAILED = /^Pass \[\d+\] (?:\w+::)?Error: /;
export const COMPOSING = /^(\S+), version:(?: (\S*))?$/;
export const GPU_VALUE = new RegExp(`^(\\S+) : (${NUMBER})(%| watts| bytes)$`);
export const GPU_HEADINGS = new Map<string, GpuKey>([
  ['Avg GPU Utilization:', 'avg_utilization_pct'],
  ['Avg GPU Power Usage:', 'avg_power_w'],
  ['Max GPU Memory Usage:', 'max_memory_bytes'],
  ['Total GPU Memory:', 'total_memory_bytes'],
]);
export const GPU_UNITS: Record<GpuKey, string> = {
  avg_utilization_pct: '%',
  avg_power_w: ' watts',
  max_memory_bytes: ' bytes',
  total_memory_bytes: ' bytes',
};
/** Headings that other programs print, too. */
export const COMMON = new Set(['Client:', 'Server:', 'Composing models:', 'Avg GPU Utilization:', 'Total GPU Memory:']);
export const PARTS = new Map<string, BlockPart>([
  ['Client:', 'client'],
  ['Server:', 'server'],
  ['Composing models:', 'composing'],
  ['Server Prometheus Metrics:', 'gpu'],
]);

/** "..." where somebody cut lines out by hand. */
export const ELISION = /^[[(<]?\s*(?:\.{3,}|…+|snip|\.\.\. ?snip ?\.\.\.)\s*[\])>]?$/;

/** A number with one of perf_analyzer's units. */
export const WITH_UNIT = /(?:^|[\s(:])[-+]?\d[\d.]*(?:e[-+]?\d+)? ?(?:usec|infer\/sec|seq\/sec|watts)\b/;

/** A number behind a word that perf_analyzer labels numbers with: only within a block does that mean much. */
export const WITH_LABEL = /(?:[Cc]ount|[Ll]atency|[Tt]hroughput|overhead|time|[Rr]ate|[Cc]oncurrency): ?[-+]?\d/;

/** The part of a line that is the report's, where standard error has begun the line or ran into it. */
export const HIDDEN = new RegExp(
  '(?:' +
    [
      String.raw`\*\*\* Measurement Settings \*\*\*`,
      String.raw`Request concurrency: \d+`,
      String.raw`Request Rate: \S+ inference requests per seconds?`,
      String.raw`Inferences/Second vs\. Client \S+ Batch Latency`,
      String.raw`(?:Concurrency|Request Rate): \S+, .*usec`,
      // A line of a block keeps its indentation behind what came before it.
      String.raw`(?<=\s{2})(?:Client|Server|Composing models):`,
      String.raw`(?<=\s{2})Pass \[\d+\] throughput: .*`,
      String.raw`(?<=\s{2})(?:p\d+ latency|(?:Avg|Average|Total|Request|Inference|Execution|Successful|Delayed|Sequence|Cache|Throughput|Response)\b[\w /]*): .*`,
    ].join('|') +
    ')$',
);
