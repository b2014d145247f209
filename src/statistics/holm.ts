/**
 * Holm's adjusted p-values, in the order given: comparing each with alpha keeps the chance of any false rejection at or below
 * alpha, whatever the dependence. Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65-70; as R's p.adjust(p, "holm").
 * Throws RangeError on a value outside 0..1.
 */
export function holm(p: readonly number[]): number[] {
  const wrong = p.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) throw new RangeError(`p[${wrong}] is ${String(p[wrong])}; a p-value is between 0 and 1`);
  const order = p.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = p.map(() => 0);
  let running = 0;
  order.forEach(({ value, index }, rank) => {
    running = Math.max(running, Math.min(1, (p.length - rank) * value));
    adjusted[index] = running;
  });
  return adjusted;
}
