/** Room above the highest and below the lowest value, as a factor. */
const ROOM = 1.15;

/**
 * A logarithmic axis for positive values: a domain with a little room at both ends and the ticks 1, 2, 5, 10 … inside it (only the
 * powers of ten over more than six decades). A range that would hold fewer than three ticks is widened to the ticks around it.
 */
export function logAxis(values: readonly number[]): { ticks: number[]; domain: [number, number] } {
  const low = (values.length === 0 ? 1 : Math.min(...values)) / ROOM;
  const high = (values.length === 0 ? 10 : Math.max(...values)) * ROOM;
  const first = Math.floor(Math.log10(low)) - 1;
  const last = Math.ceil(Math.log10(high)) + 1;
  const steps = last - first > 8 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let exponent = first; exponent <= last; exponent += 1) {
    for (const step of steps) all.push(Number(`${step}e${exponent}`));
  }
  const inside = all.filter((tick) => tick >= low && tick <= high);
  if (inside.length >= 3) return { ticks: inside, domain: [low, high] };
  const from = all.findLastIndex((tick) => tick <= low);
  const to = all.findIndex((tick) => tick >= high);
  const ticks = all.slice(Math.max(from, 0), to + 1);
  return { ticks, domain: [ticks[0] ?? low, ticks.at(-1) ?? high] };
}
