import { ResultsError } from '../records/index.js';
import { UNSTEADY_RUN_MOVE, type CompareOptions } from '../verdict/index.js';
import type { Conditions } from './conditions.js';

export interface AskedOfMachine {
  readonly margin: number;
  readonly relativeTo?: string | undefined;
  readonly runMove?: number | undefined;
}

/**
 * What is left to the machine where one run a side is compared: nothing on GPUs, unless asked. Without a GPU what moved the whole
 * run (relative to a variant that is gone), and what moved one cell up to the margin more or less than that.
 * @throws ResultsError where runMove is given and says nothing
 */
export function leftToTheMachine(
  sides: readonly Conditions[],
  severalRuns: boolean,
  { margin, relativeTo, runMove }: AskedOfMachine,
): Required<Pick<CompareOptions, 'runMove' | 'atLeast'>> {
  if (runMove !== undefined && (severalRuns || relativeTo !== undefined))
    throw new ResultsError(
      `--run-move is for one run a side, each cell for itself: ${severalRuns ? 'several runs a side show' : `relative to ${relativeTo ?? ''} does without`} how far the machine moved a run; leave it out`,
    );
  const usual = sides.some(({ withoutGpu }) => withoutGpu) ? UNSTEADY_RUN_MOVE : 0;
  const most = severalRuns ? 0 : (runMove ?? usual);
  return { runMove: relativeTo === undefined ? most : 0, atLeast: most > 0 ? margin : 0 };
}
