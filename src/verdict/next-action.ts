import { normalCdf } from '../statistics/index.js';
import { logSample, robustMoments, type Moments } from './log-sample.js';
import type { CellVerdict } from './grid.js';
import type { CellReference, Look, SequentialTable } from './sequential-table.js';

export type NextAction = { readonly action: 'continue' } | { readonly action: 'stop'; readonly verdict: CellVerdict };

/** Degrees of freedom below which a spread is not known well enough to give a cell up. */
const FUTILITY_NEEDS = 8;

/**
 * Whether a cell needs another repeat, from its repeats so far. It stops as soon as its verdict is certain, and also where a
 * verdict by the last repeat is unlikely: then as inconclusive. The verdict of a finished grid is compareGrid's; this one says
 * why the cell was stopped. All of it can be done with a table, means and standard deviations (docs/statistics.md).
 * Throws RangeError where the table was made for another kind of reference.
 */
export function nextAction(values: readonly number[], reference: CellReference, table: SequentialTable): NextAction {
  if (reference.repeats !== table.referenceRepeats || reference.degreesOfFreedom !== table.degreesOfFreedom) {
    throw new RangeError(
      `the table is for ${String(table.referenceRepeats)} reference repeats and ${table.degreesOfFreedom} degrees of freedom, ` +
        `the reference has ${String(reference.repeats)} and ${reference.degreesOfFreedom}`,
    );
  }
  const last = table.looks.at(-1);
  const look = table.looks.find(({ repeats }) => repeats === Math.min(values.length, last?.repeats ?? 0));
  if (look === undefined || last === undefined) return { action: 'continue' };
  const state = stateOf(robustMoments(logSample(values), reference.deviation), reference);
  const verdict = certainVerdict(state, look, reference, table);
  if (verdict !== null) return { action: 'stop', verdict };
  if (look === last || futile(state, last, reference, table)) return { action: 'stop', verdict: 'inconclusive' };
  return { action: 'continue' };
}

interface State {
  readonly n: number;
  readonly effect: number;
  /** Of one repeat, from the reference's spread and the candidate's own. */
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

function stateOf({ mean, squares, n }: Moments, reference: CellReference): State {
  const degreesOfFreedom = reference.degreesOfFreedom + n - 1;
  const known = reference.degreesOfFreedom * reference.deviation ** 2;
  return { n, effect: mean - reference.logMean, variance: (known + squares) / degreesOfFreedom, degreesOfFreedom };
}

function standardErrorAt(n: number, { variance }: State, { repeats }: CellReference): number {
  return Math.sqrt(variance * (1 / n + (repeats === null ? 0 : 1 / repeats)));
}

function certainVerdict(
  state: State,
  look: Look,
  reference: CellReference,
  table: SequentialTable,
): CellVerdict | null {
  const error = standardErrorAt(state.n, state, reference);
  const size = Math.abs(state.effect);
  if (size + look.same * error <= table.margin) return reference.repeats === null ? 'reproduced' : 'same';
  if (look.different === null || size < differentFrom(look.different * error, reference, table)) return null;
  return state.effect > 0 ? 'regressed' : 'improved';
}

/** Size from which an effect is a difference. */
function differentFrom(reach: number, reference: CellReference, table: SequentialTable): number {
  return reference.repeats === null ? table.margin + reach : Math.max(table.negligible, reach);
}

/** Whether the effect at the last look, as it is to be expected from now, will hardly allow a verdict. */
function futile(state: State, last: Look, reference: CellReference, table: SequentialTable): boolean {
  if (state.degreesOfFreedom < FUTILITY_NEEDS || last.different === null) return false;
  const error = standardErrorAt(last.repeats, state, reference);
  const sameWithin = Math.max(0, table.margin - last.same * error);
  const from = differentFrom(last.different * error, reference, table);
  const spread = Math.sqrt(state.variance * (1 / state.n - 1 / last.repeats));
  if (spread === 0) return false;
  const below = (limit: number): number => normalCdf((limit - state.effect) / spread);
  const chance = below(sameWithin) - below(-sameWithin) + below(-from) + (1 - below(from));
  return chance < table.futileBelow;
}
