export type { Interval, Range } from './interval.js';
export { median } from './median.js';
export { mean, squaresAround, variance } from './moments.js';
export { medianInterval, medianRanks, type MedianInterval, type MedianRanks } from './median-interval.js';
export { hodgesLehmannRatio, type Ratio } from './hodges-lehmann.js';
export { mannWhitney, smallestSamples, type MannWhitney } from './mann-whitney.js';
export { holm } from './holm.js';
export { modifiedZ, OUTLIER_SCORE, outliers } from './outliers.js';
export { fitLine, type Line, type Point } from './line.js';
export { varianceComponents, type Level, type RunValues, type VarianceComponent } from './variance-components.js';
export {
  earlyStopping,
  minimumQueries,
  passes,
  queriesFor,
  slowQueriesAllowed,
  type EarlyStopping,
} from './early-stopping.js';
export { moderated, variancePrior, type Variance, type VariancePrior } from './moderated-variance.js';
export { partlyKnownReach } from './partly-known.js';
export { studentQuantile, studentTwoSided, studentUpper } from './student.js';
export { normalCdf } from './normal-cdf.js';
export { normalQuantile } from './normal.js';
