import { requireFinite } from './checks.js';
import { ascending, medianOfSorted } from './median.js';
import { mean } from './moments.js';

/** Above this modified z-score (of either sign) a value is flagged as an outlier, and kept. Iglewicz and Hoaglin's cut. */
export const OUTLIER_SCORE = 3.5;

/** Mean absolute deviation of a normal in units of its standard deviation: sqrt(2 / pi). */
const MEAN_DEVIATION = Math.sqrt(2 / Math.PI);

/** Upper quartile of the standard normal: the MAD of a normal in units of its standard deviation. */
const MEDIAN_DEVIATION = 0.6744897501960817;

/**
 * Modified z-scores: 0.6745 (x - median) / MAD, MAD the median of |x - median|. Where more than half of the values are equal,
 * MAD is 0 and the mean absolute deviation takes its place, as in the source; where all are equal, every score is 0.
 * Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC 1993.
 */
export function modifiedZ(values: readonly number[]): number[] {
  requireFinite(values, 'values');
  const centre = medianOfSorted(ascending(values));
  const deviations = values.map((value) => Math.abs(value - centre));
  const mad = medianOfSorted(ascending(deviations));
  const scale = mad > 0 ? mad / MEDIAN_DEVIATION : mean(deviations) / MEAN_DEVIATION;
  return values.map((value) => (scale === 0 ? 0 : (value - centre) / scale));
}

/** Indices of the values whose modified z-score is beyond 3.5. For people to look at; nothing is ever dropped for it. */
export function outliers(values: readonly number[]): number[] {
  const found: number[] = [];
  modifiedZ(values).forEach((score, index) => {
    if (Math.abs(score) > OUTLIER_SCORE) found.push(index);
  });
  return found;
}
