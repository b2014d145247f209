/** Every stretch of twice as many runs as a side has, in the order given, its odd ones apart from its even ones. */
export function stretches<T>(runs: readonly T[], aSide: number): { odd: T[]; even: T[] }[] {
  const count = Math.max(0, runs.length - 2 * aSide + 1);
  return Array.from({ length: count }, (_, from) => {
    const stretch = runs.slice(from, from + 2 * aSide);
    const every = (rest: number) => stretch.filter((_one, index) => index % 2 === rest);
    return { odd: every(1), even: every(0) };
  });
}
