import { median, moderated, variancePrior, type Variance } from '../statistics/index.js';
import { FEWEST_CELLS } from './grid.js';
import { robustMoments, robustScale, type LogSample, type Moments } from './log-sample.js';

/** Times that deviations are found from moments and moments from deviations; more changes nothing that shows. */
const STEPS = 2;

/** Moments of every side of every cell, and the variance of one value of each cell. */
export interface GridMoments {
  readonly moments: readonly (readonly Moments[])[];
  readonly variances: readonly Variance[];
}

/**
 * Moments of a grid whose cells have noise each for itself, so that together they tell what their variances are: first by the
 * scale that medians tell, then by the deviations so found, which are known better.
 */
export function gridMoments(cells: readonly (readonly LogSample[])[]): GridMoments {
  let moments = byMedians(cells);
  let variances = moderatedVariances(moments);
  for (let step = 0; step < STEPS && cells.length >= FEWEST_CELLS; step += 1) {
    const deviations = variances.map(({ variance }) => Math.sqrt(variance));
    moments = cells.map((sides, index) => sides.map((side) => robustMoments(side, deviations[index] ?? 0)));
    variances = moderatedVariances(moments);
  }
  return { moments, variances };
}

/** The same where cells say nothing about each other's variances. */
export function separateMoments(cells: readonly (readonly LogSample[])[]): GridMoments {
  const moments = byMedians(cells);
  return { moments, variances: moments.map(varianceOf) };
}

/** By the cell's robust scale or the grid's, whichever is larger. */
function byMedians(cells: readonly (readonly LogSample[])[]): Moments[][] {
  const scales = cells.map(robustScale);
  const known = scales.filter((scale) => scale !== null);
  const usual = known.length === 0 ? 0 : median(known);
  return cells.map((sides, index) => sides.map((side) => robustMoments(side, Math.max(usual, scales[index] ?? 0))));
}

/** Each drawn towards what the cells have in common, but for those of which a side has a second state: these stand alone. */
function moderatedVariances(cells: readonly (readonly Moments[])[]): Variance[] {
  const raw = cells.map(varianceOf);
  const prior = variancePrior(raw);
  const most = raw.reduce((sum, { degreesOfFreedom }) => sum + degreesOfFreedom, 0);
  return raw.map((cell, index) =>
    cells[index]?.some(({ secondState }) => secondState) === true ? cell : moderated(cell, prior, most),
  );
}

/** Around the mean of each side, from the cell alone. */
function varianceOf(sides: readonly Moments[]): Variance {
  const degreesOfFreedom = sides.reduce((sum, { n }) => sum + n - 1, 0);
  const squares = sides.reduce((sum, side) => sum + side.squares, 0);
  return { variance: degreesOfFreedom === 0 ? 0 : squares / degreesOfFreedom, degreesOfFreedom };
}
