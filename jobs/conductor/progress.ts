/** What a running program says of its progress, from the end of its log. */
import type { Pod } from './objects.js';
import type { Run } from './run.js';

/** Lines looked at: a program says where it is far more often than every so many lines, but perf_analyzer's text is long. */
const LINES = 200;
/** A log is asked for this often. */
const EVERY_MS = 10_000;

const last = new WeakMap<Run['cluster'], { pod: string; at: number; text: string }>();

/** `3 of 440 measurements: native_tf-b32-c1-r4`, or that it runs. */
export async function progressOf(run: Run, pod: Pod): Promise<string> {
  const { name } = pod.metadata;
  const known = last.get(run.cluster);
  if (known?.pod === name && run.clock.now() - known.at < EVERY_MS) return known.text;
  const main = pod.status?.containerStatuses?.[0]?.name ?? null;
  const text = sentence(await run.cluster.lastLines(name, main, false, LINES)) ?? `pod ${name} runs`;
  last.set(run.cluster, { pod: name, at: run.clock.now(), text });
  return text;
}

/** The last progress line of a log as a sentence. */
export function sentence(lines: readonly string[]): string | undefined {
  const line = lines.findLast((one) => one.startsWith('#hps-bench:progress {'));
  if (line === undefined) return undefined;
  try {
    const said = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
    const { done, total, step } = said;
    const unit = typeof said['unit'] === 'string' ? said['unit'] : '';
    const amount = typeof done === 'number' && typeof total === 'number' ? `${done} of ${total} ${unit}`.trim() : '';
    const text = [amount, typeof step === 'string' ? step : ''].filter((part) => part !== '').join(': ');
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
