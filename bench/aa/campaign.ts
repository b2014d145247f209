import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { countByStatus, type Ledger } from '../../src/ledger/index.js';
import { currentLedger, openRun } from '../../src/results/index.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';
import { compareGrid, type GridComparison } from '../../src/verdict/index.js';

/** One finished run of `hps-bench local`. */
export interface Campaign {
  readonly name: string;
  readonly seconds: number;
  readonly ledger: Ledger;
  /** compute infer in µs of every repeat, by cell. */
  readonly values: ReadonlyMap<string, readonly number[]>;
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

/** Runs `hps-bench local` from nothing to its report, as a person would. @throws Error with its output if it fails */
export function runCampaign(name: string, options: CampaignOptions): Campaign {
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
  const ledger = currentLedger(openRun(join(options.results, name)));
  return { name, seconds: (Date.now() - started) / 1000, ledger, values: valuesOf(ledger) };
}

function valuesOf(ledger: Ledger): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const { planned, status, record } of ledger.entries) {
    const us = record?.server?.compute_infer_us;
    const key = `${planned.variant}/${planned.batch}`;
    if (status === 'measured' && us != null) values.set(key, [...(values.get(key) ?? []), us]);
  }
  return values;
}

/** The verdict on `a` against `b`, with the margin and the error that `hps-bench compare` has by default. */
export function verdictOf(a: Campaign, b: Campaign): GridComparison {
  const cells = [...a.values].flatMap(([key, values]) => {
    const other = b.values.get(key);
    return other === undefined ? [] : [{ key, a: values, b: other }];
  });
  return compareGrid(cells);
}

/** `31 of 32 measured, 4 made again, environment valid`. */
export function describe({ ledger, seconds }: Campaign): string {
  const again = [...ledger.entries, ...ledger.canaries].reduce((sum, { earlier }) => sum + earlier.length, 0);
  return `${countByStatus(ledger).measured} of ${ledger.entries.length} measured, ${again} made again, environment ${ledger.environment.state}, ${seconds.toFixed(0)} s`;
}
