import { relative } from 'node:path';
import type { RunCollected, UnitProblem } from '../cluster/collect/index.js';

/** Problems that are printed one by one; the others are counted. */
const MOST_PROBLEMS = 20;

/** What came of a collection, for a person: one line a problem, the fix below it. Ends in a line feed. */
export function textOf(collected: RunCollected): string {
  const { counts, expected, units, problems, contradictions, others, report, folder } = collected;
  const path = relative(process.cwd(), folder.path);
  const of = units.length > 1 ? ` of ${units.length} units` : '';
  const { measured, invalid, failed, missing } = counts;
  const lines = [
    ...others.map((job) => `Job ${job} belongs to another spec of this run id and is left out`),
    ...contradictions.map((line) => `contradiction: ${line}`),
    ...problems.slice(0, MOST_PROBLEMS).flatMap(problemLines),
    ...rest(problems.slice(MOST_PROBLEMS), path),
    `${expected} measurements expected${of}: ${measured} measured, ${invalid} invalid, ${failed} failed, ${missing} missing.`,
    report === undefined
      ? `results: ${path} (records.ndjson, ledger.json)`
      : `report: ${relative(process.cwd(), report)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function problemLines({ unit, status, count, first, why, fix }: UnitProblem): string[] {
  const what = count === 1 ? first : `${count} measurements (${first} …)`;
  return [`${status}: ${unit}: ${what}: ${why}`, ...(fix === null ? [] : [`  ${fix}`])];
}

function rest(problems: readonly UnitProblem[], path: string): string[] {
  if (problems.length === 0) return [];
  const count = problems.reduce((sum, problem) => sum + problem.count, 0);
  return [`and ${count} measurements of ${problems.length} more such lines: ${path}/ledger.json`];
}

/** The same for programs. */
export function summaryOf(collected: RunCollected): Record<string, unknown> {
  const { counts, expected, units, problems, contradictions, others, report, folder, tally } = collected;
  const open = units.filter((unit) => unit.state !== 'ended' || !unit.whole);
  return {
    schema: 'hps-bench/collected/1',
    ...{ run: folder.runId, spec_hash: folder.specHash, folder: folder.path, report: report ?? null },
    ...{ units: units.length, expected, ...counts, contradictions, problems, others },
    open_units: open.map(({ unit, job, node, state, kind, why, fix, found, whole }) => ({
      ...{ unit, job, node, state, kind: kind ?? null, why, fix, found, whole },
    })),
    logs: { pods: tally.pods, read: tally.read, bytes: tally.bytes, retries: tally.retries },
  };
}

/** Such as `3.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
