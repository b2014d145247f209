import type { AdaptivePass } from './adaptive.js';
import type { FixedPass } from './fixed.js';
import { NOISES, type Noise } from './noise.js';
import type { RunsPass } from './runs.js';

const ALL = Object.keys(NOISES) as Noise[];
/** CV at which everything is compared; the published power table's usual case. */
const USUAL = 0.02;
const CVS = [0.005, 0.01, 0.02, 0.03, 0.04, 0.05];
const REPEATS = [3, 5, 10];

/** What is simulated, in the order in which it is printed. */
export const FIXED_PASSES: readonly FixedPass[] = [
  ...REPEATS.flatMap((repeats) => ALL.map((noise) => ({ kind: 'same' as const, noise, repeats, cv: USUAL }))),
  ...ALL.map((noise) => ({ kind: 'shifted' as const, noise, repeats: 10, cv: USUAL })),
];

export const ADAPTIVE_PASSES: readonly AdaptivePass[] = [
  ...CVS.map((cv) => ({ kind: 'same' as const, noise: 'normal' as const, cv })),
  ...ALL.filter((noise) => noise !== 'normal').map((noise) => ({ kind: 'same' as const, noise, cv: USUAL })),
  ...[0.01, USUAL].map((cv) => ({ kind: 'shifted' as const, noise: 'normal' as const, cv })),
  ...ALL.filter((noise) => noise !== 'normal').map((noise) => ({ kind: 'shifted' as const, noise, cv: USUAL })),
];

/** As on the shared machine of docs/statistics.md: whole runs move by 2.5 %, a cell of a run by 1.5 % more, a repeat by 5 %. */
const SHARED = { run: 0.025, cell: 0.015, repeat: 0.05 };
/** As GPUs of one's own may: ten times less. */
const QUIET = { run: 0.005, cell: 0.003, repeat: 0.005 };

export const RUNS_PASSES: readonly RunsPass[] = [SHARED, QUIET].flatMap((cv) =>
  (['same', 'shifted', 'one variant'] as const).flatMap((kind) =>
    [3, 5, 8].map((runs) => ({ kind, runs, repeats: 10, cv })),
  ),
);
