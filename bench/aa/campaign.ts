import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countByStatus, type Ledger } from '../../src/ledger/index.js';
import { compareRuns, severalRuns, type Comparison, type Options, type ResultSet } from '../../src/compare/index.js';
import { currentLedger, loadResults, openRun } from '../../src/results/index.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';
import { DEFAULT_OPTIONS } from '../../src/verdict/index.js';

/** One finished run of `hps-bench local`. */
export interface Campaign {
  readonly name: string;
  /** Undefined where the run was there already. */
  readonly seconds: number | undefined;
  readonly ledger: Ledger;
  readonly results: ResultSet;
}

export interface CampaignOptions {
  /** Folder of all results. */
  readonly results: string;
  readonly repeats: number;
  readonly windowMs: number;
  readonly batches: readonly number[];
  /** A start of Triton for each repeat, so that what a start makes of a run is in its repeats. */
  readonly restart: boolean;
  /** The kit to run. @default this one */
  readonly root?: string;
}

/**
 * Runs `hps-bench local` from nothing to its report, as a person would; a run that has its report is taken as it is.
 * @throws Error with its output if it fails
 */
export function runCampaign(name: string, options: CampaignOptions): Campaign {
  const folder = join(options.results, name);
  const finished = (seconds?: number): Campaign => ({
    ...{ name, seconds, ledger: currentLedger(openRun(folder)), results: loadResults(folder) },
  });
  if (existsSync(join(folder, 'report.html'))) return finished();
  const root = options.root ?? PACKAGE_ROOT;
  const settings = [
    `repeats=${options.repeats}`,
    `batches=[${options.batches.join(', ')}]`,
    `perfAnalyzer.windowMs=${options.windowMs}`,
    `design.restartTriton=${options.restart ? 'each_repeat' : 'never'}`,
    'design.canary.measurements=1',
    'perfAnalyzer.deadlineSeconds=120',
  ];
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const local = ['local', '--preset', 'smoke', '--run-id', name, '--results', options.results, ...sets];
  const started = Date.now();
  const done = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'src', 'cli', 'main.ts'), ...local], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  });
  // An incomplete run (3) still has figures.
  if (done.status !== 0 && done.status !== 3)
    throw new Error(`${name} ended with ${String(done.status)}:\n${done.stdout}${done.stderr}`);
  return finished((Date.now() - started) / 1000);
}

/** What `hps-bench compare` says of one run or several a side. */
export function verdictOf(
  a: readonly Campaign[],
  b: readonly Campaign[],
  options: Pick<Options, 'relativeTo' | 'runMove'>,
): Comparison {
  const sideOf = (campaigns: readonly Campaign[]) => severalRuns(campaigns.map(({ results }) => results));
  return compareRuns(sideOf(a), sideOf(b), { ...DEFAULT_OPTIONS, allow: [], ...options });
}

/** `31 of 32 measured, 4 made again, environment valid`. */
export function describe({ ledger, seconds }: Campaign): string {
  const again = [...ledger.entries, ...ledger.canaries].reduce((sum, { earlier }) => sum + earlier.length, 0);
  return `${countByStatus(ledger).measured} of ${ledger.entries.length} measured, ${again} made again, environment ${ledger.environment.state}, ${seconds === undefined ? 'was there' : `${seconds.toFixed(0)} s`}`;
}
