import { gridMoments } from './grid-moments.js';
import { logSample } from './log-sample.js';
import type { CellReference } from './sequential-table.js';

/**
 * What later runs are measured against, from a run's grid: for each cell in the order given, mean and spread of the logarithms,
 * weighed and moderated as compareGrid does. All cells are given the fewest degrees of freedom among them, so that one table
 * serves cells with equal repeats. Throws RangeError on an empty cell or values that are not above 0.
 */
export function cellReferences(cells: readonly (readonly number[])[]): CellReference[] {
  cells.forEach((values, index) => {
    if (values.length === 0 || values.some((value) => !(value > 0 && Number.isFinite(value)))) {
      throw new RangeError(`cell ${index} is [${values.join(', ')}]; a reference needs values, all above 0`);
    }
  });
  const { moments, variances } = gridMoments(cells.map((values) => [logSample(values)]));
  const degreesOfFreedom = Math.min(...variances.map((variance) => variance.degreesOfFreedom));
  return cells.map((values, index) => ({
    logMean: moments[index]?.[0]?.mean ?? NaN,
    repeats: values.length,
    deviation: degreesOfFreedom === 0 ? 0 : Math.sqrt(variances[index]?.variance ?? 0),
    degreesOfFreedom,
  }));
}

/** A published figure as a reference: no error of its own, no spread. Throws RangeError unless it is above 0. */
export function publishedReference(figure: number): CellReference {
  if (!(figure > 0 && Number.isFinite(figure)))
    throw new RangeError(`published figure is ${figure}; it must be above 0`);
  return { logMean: Math.log(figure), repeats: null, deviation: 0, degreesOfFreedom: 0 };
}
