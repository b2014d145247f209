/** The lines under `*** Measurement Settings ***`. */
import type { Settings } from './reading.js';

type Read = (settings: Settings, value: string) => void;

const LINES: [RegExp, Read | undefined][] = [
  [/^Batch size: (\d+)$/, (s, v) => (s.batch_size ??= Number(v))],
  [/^Service Kind: (\S.*)$/, (s, v) => (s.service_kind ??= v)],
  [/^Using "(\w+)" mode for stabilization$/, (s, v) => (s.mode ??= v)],
  [/^Measurement window: (\d+) msec$/, (s, v) => (s.window_ms ??= Number(v))],
  [/^Minimum number of samples in each window: (\d+)$/, (s, v) => (s.min_samples ??= Number(v))],
  [/^Stabilizing using (\S.*)$/, (s, v) => (s.stabilizing ??= v)],
  [
    /^Using (synchronous|asynchronous) calls for inference$/,
    (s, v) => (s.calls ??= v as 'synchronous' | 'asynchronous'),
  ],
  [/^Sending a total of (\d+) requests?$/, (s, v) => (s.request_count_setting ??= Number(v))],
  [/^Sending (\d+) benchmark requests?$/, (s, v) => (s.request_count_setting ??= Number(v))],
  [/^Sending (\d+) warm-?up requests?$/, (s, v) => (s.warmup_requests ??= Number(v))],
  [/^Latency limit: (\d+) msec$/, undefined],
  [/^Concurrency limit: (\d+) concurrent requests$/, undefined],
  [/^Request Rate limit: (\S+) requests per seconds?$/, undefined],
  [/^Using (\w+) distribution on request generation$/, undefined],
  [/^Using Binary Search algorithm()$/, undefined],
  [/^Using custom (?:request|time) intervals?.*()$/, undefined],
  [/^Detected decoupled model, using the first response for measuring latency()$/, undefined],
  [/^Reporting (\d+)-th percentile latency$/, undefined],
  [/^(?:Max|Maximum) (?:concurrency|concurrent requests|number of threads|requests|threads): (\d+).*$/, undefined],
];

const FREE_TEXT = /^(?:Service Kind|Stabilizing using)\b/;

/**
 * Stores a trimmed settings line; false when it is none. The first value printed stays.
 * @param ended false for the text's last line without a line feed, whose value may be cut
 */
export function readSetting(settings: Settings, line: string, ended: boolean): boolean {
  for (const [pattern, read] of LINES) {
    const match = pattern.exec(line);
    if (!match) continue;
    if (!ended && (FREE_TEXT.test(line) || /\d$/.test(line))) return false;
    read?.(settings, match[1] ?? '');
    return true;
  }
  return false;
}
