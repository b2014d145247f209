import { ResultsError } from '../records/index.js';
import type { ResultSet } from './result-set.js';

/**
 * Runs of one side as one. Each run then counts once, as the median of its repeats, and what is judged is how far runs lie
 * apart: that is all that can be said where runs differ by more than their repeats tell.
 * @throws ResultsError where the runs are of several specs, or one is given twice
 */
export function severalRuns(runs: readonly ResultSet[]): ResultSet {
  const [first, ...others] = runs;
  if (first === undefined) throw new ResultsError('a side of a comparison needs a run');
  if (others.length === 0) return first;
  requireOnce(runs);
  const apart = others.find(({ specHash }) => specHash !== first.specHash);
  if (apart !== undefined)
    throw new ResultsError(
      `${first.source} is of spec ${first.specHash} and ${apart.source} of ${apart.specHash}; the runs of one side repeat each other, so give runs of one spec`,
    );
  const expected = runs.flatMap((run) => run.expected ?? []);
  return {
    source: runs.map(({ source }) => source).join(', '),
    runId: runs.map(({ runId }) => runId).join(', '),
    specHash: first.specHash,
    spec: runs.find(({ spec }) => spec !== undefined)?.spec,
    records: runs.flatMap(({ records }) => records),
    lacking: runs.flatMap(({ source, lacking }) =>
      lacking.map(({ id, reasons }) => ({ id: `${id} of ${source}`, reasons })),
    ),
    drifted: undefined,
    expected: expected.length < runs.length ? undefined : expected.reduce((sum, count) => sum + count, 0),
    runs,
  };
}

/** @throws ResultsError where one side is several runs and the other is not, or both hold the same run */
export function requireLikeSides(a: ResultSet, b: ResultSet): void {
  if (a.runs === undefined && b.runs === undefined) return;
  const [ours, theirs] = [runsOf(a), runsOf(b)];
  if (ours.length === 1 || theirs.length === 1)
    throw new ResultsError(
      `A is ${counted(ours)}, B ${counted(theirs)}: how far runs lie apart has to be known on both sides, so give three or more of each`,
    );
  requireOnce([...ours, ...theirs]);
}

/** A sentence where the runs of one side were all measured before those of the other; undefined where they took turns. */
export function notInTurn(a: ResultSet, b: ResultSet): string | undefined {
  if (a.runs === undefined || b.runs === undefined) return undefined;
  const [ours, theirs] = [spanOf(a), spanOf(b)];
  const order = ours.to < theirs.from ? ['A', 'B'] : theirs.to < ours.from ? ['B', 'A'] : undefined;
  if (order === undefined) return undefined;
  return `all runs of ${order[0] ?? ''} were measured before those of ${order[1] ?? ''}: what changed on the machine in between looks like a difference; measure them in turn`;
}

/** The runs of a side, or the one that it is. */
export const runsOf = (side: ResultSet): readonly ResultSet[] => side.runs ?? [side];

const counted = (runs: readonly ResultSet[]): string => (runs.length === 1 ? 'one run' : `${runs.length} runs`);

/** Twice the same is no repeat. A copy is known by its run's name and its first measurement's time. */
function requireOnce(runs: readonly ResultSet[]): void {
  const seen = new Map<string, ResultSet>();
  for (const run of runs) {
    const key = `${run.runId} ${run.records[0]?.started_at ?? ''}`;
    const earlier = seen.get(key);
    if (earlier !== undefined)
      throw new ResultsError(
        `${earlier.source} and ${run.source} are the same run, ${run.runId}: a run counts once, so name it once`,
      );
    seen.set(key, run);
  }
}

function spanOf({ records }: ResultSet): { from: number; to: number } {
  const times = (of: 'started_at' | 'ended_at') => records.map((record) => Date.parse(record[of]));
  return { from: times('started_at').reduce(min, Infinity), to: times('ended_at').reduce(max, -Infinity) };
}

const min = (a: number, b: number): number => Math.min(a, b);
const max = (a: number, b: number): number => Math.max(a, b);
