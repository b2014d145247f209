import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countByStatus, type LedgerStatus } from '../../ledger/index.js';
import { ResultsError, writeWhole } from '../../records/index.js';
import { chooseRun, indexEvidence, refreshResults, refreshUnits, type RunFolder } from '../../results/index.js';
import type { Client } from '../client/index.js';
import { Collector, type Collected, type CollectOptions, type UnitOutcome } from './collector.js';
import { fixOfReason } from './failures/index.js';
import type { ClusterRun } from './run-plan.js';

export interface CollectRunOptions extends CollectOptions {
  /** Folder of all runs. @default results */
  readonly results?: string;
}

/** Measurements of one unit that are not there, for one and the same reason. */
export interface UnitProblem {
  readonly unit: string;
  readonly status: Exclude<LedgerStatus, 'measured'>;
  /** How many, and the first of them. */
  readonly count: number;
  readonly first: string;
  readonly why: string;
  readonly fix: string | null;
}

export interface RunCollected extends Collected {
  readonly folder: RunFolder;
  readonly expected: number;
  readonly counts: Readonly<Record<LedgerStatus, number>>;
  readonly problems: readonly UnitProblem[];
  /** Lines that contradict each other, of every unit. */
  readonly contradictions: readonly string[];
  /** The page; undefined for a run of many units. */
  readonly report: string | undefined;
  /** How long it took to bring the evidence, and to judge it. */
  readonly seconds: { readonly collect: number; readonly ledger: number };
}

/**
 * Collects a run into `results/<run>/` and makes its ledger and report anew. May be killed and repeated, and done by several
 * at once; nothing that was found is ever lost.
 * @throws ClusterError where the cluster keeps refusing, ResultsError where the folder is another run's
 */
export async function collectRun(
  client: Client,
  run: ClusterRun,
  options: CollectRunOptions = {},
): Promise<RunCollected> {
  const folder = openFolder(client, run, options.results ?? 'results');
  const began = performance.now();
  const collected = await new Collector(client, run, folder, options).collect();
  const read = performance.now();
  const concluded = await conclude(folder, collected.units);
  const seconds = { collect: (read - began) / 1000, ledger: (performance.now() - read) / 1000 };
  return { ...collected, ...concluded, folder, seconds };
}

/** The folder of a run, made if it is not there. @throws ResultsError where it holds a run of another cluster or spec */
export function openFolder(
  client: Client,
  run: Pick<ClusterRun, 'runId' | 'spec' | 'createdAt'>,
  root: string,
): RunFolder {
  const { runId, spec } = run;
  const { run: folder } = chooseRun({ root, spec, runId, now: new Date(run.createdAt) });
  const file = join(folder.path, 'cluster.json');
  const here = { server: client.server, namespace: client.namespace };
  if (!existsSync(file)) {
    writeWhole(
      file,
      `${JSON.stringify({ schema: 'hps-bench/cluster/1', context: client.context, ...here }, null, 2)}\n`,
    );
    return folder;
  }
  const before = JSON.parse(readFileSync(file, 'utf8')) as typeof here;
  if (before.server !== here.server || before.namespace !== here.namespace)
    throw new ResultsError(
      `${folder.path}: holds run ${runId} of ${before.server}, namespace ${before.namespace}, not of ${here.server}, namespace ${here.namespace}\n  give another --results folder`,
    );
  return folder;
}

async function conclude(
  folder: RunFolder,
  units: readonly UnitOutcome[],
): Promise<Pick<RunCollected, 'expected' | 'counts' | 'problems' | 'contradictions' | 'report'>> {
  const contradictions = units.flatMap((unit) => unit.contradictions.map((line) => `${unit.unit}: ${line}`));
  if (units.length > 1) {
    const { expected, counts, open } = refreshUnits(folder, indexEvidence(folder.path));
    return { expected, counts, contradictions, problems: problemsOf(units, open), report: undefined };
  }
  const { ledger, report } = await refreshResults(folder);
  const unit = units[0]?.unit ?? '';
  const open = ledger.entries.flatMap(({ planned, status, reasons }) =>
    status === 'measured' ? [] : [{ unit, id: planned.id, status, reasons }],
  );
  const problems = problemsOf(units, open);
  return { expected: ledger.entries.length, counts: countByStatus(ledger), contradictions, problems, report };
}

type Open = Pick<UnitProblem, 'unit' | 'status'> & { readonly id: string; readonly reasons: readonly string[] };

/** One line for each unit and reason: ten thousand pods without an image are not 440,000 problems. */
export function problemsOf(units: readonly UnitOutcome[], open: readonly Open[]): UnitProblem[] {
  const states = new Map(units.map((unit) => [unit.unit, unit]));
  const grouped = new Map<string, UnitProblem>();
  for (const { unit, id, status, reasons } of open) {
    const why = reasons.join('; ');
    // Figures differ from one measurement to the next where the reason is the same.
    const key = `${unit}\n${status}\n${why.replaceAll(/\d+(\.\d+)?/g, '#')}`;
    const before = grouped.get(key);
    const fix = status === 'missing' ? (states.get(unit)?.fix ?? null) : (fixOfReason(why) ?? null);
    grouped.set(
      key,
      before === undefined ? { unit, status, count: 1, first: id, why, fix } : { ...before, count: before.count + 1 },
    );
  }
  return [...grouped.values()];
}
