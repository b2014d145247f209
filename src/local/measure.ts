import { outstanding } from '../ledger/index.js';
import { currentLedger, MOST_ATTEMPTS, type RunFolder } from '../results/index.js';
import type { Environment } from './environment.js';
import { EnvironmentError } from './failure.js';
import type { Processes } from './processes.js';
import { failureText, runProgram } from './programs.js';
import { Estimate, type StageReporter } from './progress.js';
import { measureSettings } from '../job-settings/index.js';
import type { RunningTriton } from './triton.js';

export interface MeasureWith {
  readonly triton: RunningTriton;
  readonly environment: Environment;
  readonly processes: Processes;
}

/** perf_analyzer's start and end besides its window, seen on two cores. */
const OVERHEAD_MS = 700;

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
  const { perfAnalyzer } = spec;
  const windows = perfAnalyzer.mode === 'time_windows' ? 3.6 : 1;
  const guessMs = perfAnalyzer.windowMs * windows + perfAnalyzer.warmupSeconds * 1000 + OVERHEAD_MS;
  const environment = { threads: spec.local.threads === 0 ? 'all' : spec.local.threads };
  for (;;) {
    const ledger = currentLedger(run);
    const owed = outstanding(ledger, MOST_ATTEMPTS);
    if (owed.length === 0) break;
    const before = ledger.entries.length - owed.length;
    const target = {
      http: using.triton.http,
      grpc: using.triton.grpc,
      perfAnalyzer: using.environment.perfAnalyzer,
      libraries: using.environment.libraries,
    };
    const estimate = new Estimate(guessMs);
    const ended = await runProgram(using.environment, using.processes, {
      file: 'measure.py',
      settings: { ...settings, measure: { ...measureSettings(spec, target, owed), environment } },
      folder: run.path,
      onProgress: ({ done, total, step }) => {
        report.update(`${before + done} of ${before + total} cells x repeats, ${estimate.left(done, total)}: ${step}`);
      },
    });
    if (ended.code !== 0)
      throw new EnvironmentError(failureText('measure.py', ended), 'start again to go on with what is left');
  }
  const { entries } = currentLedger(run);
  const measured = entries.filter((entry) => entry.status === 'measured').length;
  report.result(`${measured} of ${entries.length} measurements`);
}
