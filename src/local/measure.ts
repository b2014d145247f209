import { type Ledger, outstanding } from '../ledger/index.js';
import { currentLedger, MOST_ATTEMPTS, type RunFolder } from '../results/index.js';
import type { PlannedMeasurement, Spec } from '../spec/index.js';
import type { Environment } from './environment.js';
import { EnvironmentError } from './failure.js';
import type { Processes } from './processes.js';
import { failureText, runProgram } from './programs.js';
import { Estimate, type StageReporter } from './progress.js';
import { measureSettings } from '../job-settings/index.js';
import type { RunningTriton } from './triton.js';

export interface MeasureWith {
  /** The Triton that is running. */
  readonly triton: () => RunningTriton;
  /** Ends it and starts another. */
  readonly restart: () => Promise<void>;
  readonly environment: Environment;
  readonly processes: Processes;
}

/** perf_analyzer's start and end besides its window, seen on two cores. */
const OVERHEAD_MS = 700;

type Owed = PlannedMeasurement & { readonly attempt: number };

/**
 * Measures what the ledger says is owed, and once more what failed or is invalid, until nothing is or the attempts are
 * used up. @throws EnvironmentError if measure.py itself fails
 */
export async function measureOutstanding(
  run: RunFolder,
  settings: Record<string, unknown>,
  using: MeasureWith,
  report: StageReporter,
): Promise<void> {
  const { spec } = run;
  const estimate = new Estimate(guessMs(spec));
  let fresh = true;
  for (;;) {
    const ledger = currentLedger(run);
    const owed = outstanding(ledger, MOST_ATTEMPTS);
    if (owed.length === 0) break;
    const total = ledger.entries.length + ledger.canaries.length;
    let done = total - unfinished(ledger);
    for (const part of partsOf(spec, owed)) {
      if (!fresh && spec.design.restartTriton === 'each_repeat') {
        report.update('a fresh Triton for the next repeat');
        await using.restart();
      }
      fresh = false;
      const before = done;
      await measurePart(run, settings, part, using, ({ done: inPart, step }) => {
        const sofar = before + inPart;
        report.update(`${sofar} of ${total} measurements, ${estimate.left(sofar, total)}: ${step}`);
      });
      done += part.length;
    }
  }
  const { entries } = currentLedger(run);
  const measured = entries.filter((entry) => entry.status === 'measured').length;
  report.result(`${measured} of ${entries.length} measurements`);
}

/** Measurements that may still be made, those that are owed only later too. */
function unfinished({ entries, canaries }: Ledger): number {
  return [...entries, ...canaries].filter(({ status, attempts }) => status !== 'measured' && attempts < MOST_ATTEMPTS)
    .length;
}

/** Everything at once, or with a fresh Triton for each repeat one repeat after the other. */
function partsOf(spec: Spec, owed: readonly Owed[]): Owed[][] {
  if (spec.design.restartTriton === 'never') return [[...owed]];
  const parts = new Map<string, Owed[]>();
  for (const item of owed) {
    const key = item.role === 'canary' ? 'canary' : `repeat ${item.repeat}`;
    parts.set(key, [...(parts.get(key) ?? []), item]);
  }
  return [...parts.values()];
}

async function measurePart(
  run: RunFolder,
  settings: Record<string, unknown>,
  part: readonly Owed[],
  using: MeasureWith,
  onProgress: (progress: { done: number; step: string }) => void,
): Promise<void> {
  const { spec } = run;
  const environment = { threads: spec.local.threads === 0 ? 'all' : spec.local.threads };
  const { http, grpc } = using.triton();
  const target = {
    http,
    grpc,
    perfAnalyzer: using.environment.perfAnalyzer,
    libraries: using.environment.libraries,
  };
  const ended = await runProgram(using.environment, using.processes, {
    file: 'measure.py',
    settings: { ...settings, measure: { ...measureSettings(spec, target, part), environment } },
    folder: run.path,
    onProgress,
  });
  if (ended.code !== 0)
    throw new EnvironmentError(failureText('measure.py', ended), 'start again to go on with what is left');
}

function guessMs({ perfAnalyzer }: Spec): number {
  const windows = perfAnalyzer.mode === 'time_windows' ? 3.6 : 1;
  return perfAnalyzer.windowMs * windows + perfAnalyzer.warmupSeconds * 1000 + OVERHEAD_MS;
}
