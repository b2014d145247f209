/** Made campaigns: 44 cells, each repeat a time with noise of a known kind. Seeded; the same seed gives the same campaigns. */

export const CELLS = 44;

export const NOISES = {
  normal: 'normal logarithms',
  skewed: 'gamma of shape 2: slow repeats stray farther than fast ones (skewness 1.4)',
  drifting: 'normal, and each campaign drifts by up to 2 % from first to last repeat, all cells alike',
  outlying: 'normal, and 3 % of the repeats take 10 to 30 % longer',
  uneven: 'normal, and the cells differ in noise: 95 % of them between 0.46 and 2.2 times the CV',
} as const;
export type Noise = keyof typeof NOISES;

export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  readonly normal: () => number;
}

/** Chris Doty-Humphrey's sfc32 (PractRand), and normals by Box and Muller. */
export function random(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round += 1) next();
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform: next, normal };
}

/** Share of the repeats that are outlying, and how much longer these take. */
const OUTLYING = { share: 0.03, from: 1.1, to: 1.3 };
/** Largest drift of a campaign, end to end: the canary cell refuses more. */
const DRIFT = 0.02;
/** Standard deviation of the logarithm of a cell's CV, where cells are uneven. */
const UNEVEN = 0.4;

/** Standard deviation of each cell's logarithms, for all campaigns on one machine. */
export function deviations({ normal }: Random, noise: Noise, cv: number): number[] {
  return Array.from({ length: CELLS }, () => (noise === 'uneven' ? cv * Math.exp(UNEVEN * normal()) : cv));
}

/** Drift of a campaign from its first repeat to its last, as a logarithm. */
export function drift({ uniform }: Random, noise: Noise): number {
  return noise === 'drifting' ? DRIFT * (2 * uniform() - 1) : 0;
}

/** One campaign, its drift included: for each cell its repeats, in order. A cell's true time is 1000. */
export function campaign(source: Random, noise: Noise, spread: readonly number[], repeats: number): number[][] {
  const rate = drift(source, noise) / (repeats * CELLS);
  return steady(source, noise, spread, repeats).map((values, cell) =>
    values.map((value, repeat) => value * Math.exp(rate * (repeat * CELLS + cell))),
  );
}

/** The same without drift. */
export function steady(source: Random, noise: Noise, spread: readonly number[], repeats: number): number[][] {
  return spread.map((deviation) =>
    Array.from({ length: repeats }, () => {
      const value = 1000 * Math.exp(deviation * score(source, noise));
      return noise === 'outlying' ? value * slowed(source) : value;
    }),
  );
}

function score({ uniform, normal }: Random, noise: Noise): number {
  if (noise !== 'skewed') return normal();
  return (-Math.log((1 - uniform()) * (1 - uniform())) - 2) / Math.SQRT2;
}

function slowed({ uniform }: Random): number {
  if (uniform() >= OUTLYING.share) return 1;
  return OUTLYING.from + (OUTLYING.to - OUTLYING.from) * uniform();
}

/** Median of one repeat, as a score; undefined where repeats have no common one. Gamma(2): 1.678346990016661. */
export function medianScore(noise: Noise): number | undefined {
  if (noise === 'drifting') return undefined;
  if (noise === 'skewed') return (1.678346990016661 - 2) / Math.SQRT2;
  // Of the normal part, the outlying all being above it: its quantile at 0.5 / 0.97.
  return noise === 'outlying' ? 0.03876 : 0;
}

/** Mean of one repeat in units of its time without noise. */
export function meanFactor(noise: Noise, cv: number): number {
  if (noise === 'outlying')
    return Math.exp(cv ** 2 / 2) * (1 + (OUTLYING.share * (OUTLYING.from + OUTLYING.to - 2)) / 2);
  if (noise === 'skewed') return Math.exp(-Math.SQRT2 * cv) / (1 - cv / Math.SQRT2) ** 2;
  return Math.exp(cv ** 2 / 2);
}
