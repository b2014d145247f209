/** Campaigns with a fixed number of repeats: false alarms, coverage, power. */
import { fitLine, medianInterval, type Interval } from '../../src/statistics/index.js';
import { compareGrid, type ComparedCell } from '../../src/verdict/index.js';
import { campaign, CELLS, deviations, meanFactor, medianScore, random, type Noise } from './noise.js';

export interface FixedPass {
  readonly kind: 'same' | 'shifted';
  readonly noise: Noise;
  readonly repeats: number;
  readonly cv: number;
}

export interface Coverage {
  readonly of: string;
  /** What the intervals say of themselves, on average. */
  readonly stated: number;
  readonly measured: number;
  readonly intervals: number;
}

export interface FixedResult extends FixedPass {
  readonly campaigns: number;
  /** Share of the campaigns with any regressed or improved cell that is neither. */
  readonly falseAlarms: number;
  /** Share of the changed cells found. */
  readonly power: number | null;
  readonly coverage: readonly Coverage[];
  /** Share of the unchanged cells that were called the same. */
  readonly same: number;
}

/** Cells that are 5 % slower in a shifted campaign: one a variant. */
export const CHANGED: ReadonlySet<number> = new Set([3, 14, 25, 36]);
export const SHIFT = 1.05;

class Tally {
  private covered = 0;
  private level = 0;
  private intervals = 0;

  constructor(private readonly of: string) {}

  add(interval: Interval | null | undefined, truth: number): void {
    if (interval == null) return;
    this.intervals += 1;
    this.level += interval.level;
    if (interval.low <= truth && truth <= interval.high) this.covered += 1;
  }

  result(): Coverage[] {
    if (this.intervals === 0) return [];
    return [
      {
        of: this.of,
        stated: this.level / this.intervals,
        measured: this.covered / this.intervals,
        intervals: this.intervals,
      },
    ];
  }
}

export function runFixed(pass: FixedPass, campaigns: number, seed: number, tick: (share: number) => void): FixedResult {
  const source = random(seed);
  const tallies = {
    ratio: new Tally('ratio'),
    ranks: new Tally('Hodges-Lehmann ratio'),
    median: new Tally('median'),
    slope: new Tally('slope'),
  };
  let alarms = 0;
  let found = 0;
  let same = 0;
  for (let index = 0; index < campaigns; index += 1) {
    tick(index / campaigns);
    const spread = deviations(source, pass.noise, pass.cv);
    const a = campaign(source, pass.noise, spread, pass.repeats);
    const b = campaign(source, pass.noise, spread, pass.repeats);
    const changed = pass.kind === 'shifted' ? a.map((cell, i) => (CHANGED.has(i) ? scaled(cell, SHIFT) : cell)) : a;
    const { cells } = compareGrid(asMeasured(changed, b));
    const different = cells.map(({ verdict }) => verdict === 'regressed' || verdict === 'improved');
    const unchanged = (i: number): boolean => pass.kind === 'same' || !CHANGED.has(i);
    if (different.some((is, i) => is && unchanged(i))) alarms += 1;
    found += cells.filter(({ verdict }, i) => verdict === 'regressed' && !unchanged(i)).length;
    same += cells.filter(({ verdict }, i) => verdict === 'same' && unchanged(i)).length;
    if (pass.kind === 'shifted') continue;
    for (const cell of cells) {
      tallies.ratio.add(cell.interval, 1);
      tallies.ranks.add(cell.rankBased?.interval, 1);
    }
    const middle = medianScore(pass.noise);
    if (middle !== undefined) {
      a.forEach((values, i) => {
        tallies.median.add(medianInterval(values).interval, 1000 * Math.exp(middle * (spread[i] ?? 0)));
      });
    }
    const { values, truth } = lineOf(a, pass);
    tallies.slope.add(fitLine(values).slopeInterval, truth);
  }
  const cellsUnchanged = CELLS - (pass.kind === 'shifted' ? CHANGED.size : 0);
  return {
    ...pass,
    campaigns,
    falseAlarms: alarms / campaigns,
    power: pass.kind === 'shifted' ? found / (campaigns * CHANGED.size) : null,
    coverage: Object.values(tallies).flatMap((tally) => tally.result()),
    same: same / (campaigns * cellsUnchanged),
  };
}

/** Two campaigns as compareGrid takes them: the repeats of each cell in their order. */
export function asMeasured(a: readonly number[][], b: readonly number[][]): ComparedCell[] {
  const numbers = (values: readonly number[]): number[] => values.map((_, index) => index + 1);
  return a.map((values, index) => {
    const others = b[index] ?? [];
    return { key: String(index), a: values, b: others, repeats: { a: numbers(values), b: numbers(others) } };
  });
}

export function scaled(values: readonly number[], factor: number): number[] {
  return values.map((value) => value * factor);
}

/** FP16's line of the published page, 600 us and 143 ns a sample, under the noise of five cells. */
function lineOf(
  a: readonly number[][],
  { noise, cv }: FixedPass,
): { values: { x: number; y: number }[]; truth: number } {
  const values = [8192, 16384, 32768, 65536, 131072].flatMap((x, i) =>
    (a[i] ?? []).map((time) => ({ x, y: ((600 + 0.143 * x) * time) / 1000 })),
  );
  return { values, truth: 0.143 * meanFactor(noise, cv) };
}
