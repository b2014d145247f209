/** Campaigns whose cells stop when nextAction says so, beside the same campaigns with ten repeats. */
import {
  cellReferences,
  compareGrid,
  DEFAULT_SEQUENTIAL,
  nextAction,
  sequentialTable,
  type CellReference,
  type CellVerdict,
} from '../../src/verdict/index.js';
import { campaign, CELLS, deviations, drift, random, steady, type Noise } from './noise.js';
import { asMeasured, CHANGED, scaled, SHIFT } from './fixed.js';

export interface AdaptivePass {
  readonly kind: 'same' | 'shifted';
  readonly noise: Noise;
  readonly cv: number;
}

export interface AdaptiveResult extends AdaptivePass {
  readonly campaigns: number;
  /** Repeats measured, in units of ten a cell. */
  readonly gpuTime: number;
  readonly falseAlarms: number;
  readonly falseAlarmsOfTen: number;
  readonly power: number | null;
  readonly powerOfTen: number | null;
  /** Share of the unchanged cells that were called the same. */
  readonly same: number;
  readonly sameOfTen: number;
}

const FIXED = 10;

export function runAdaptive(
  pass: AdaptivePass,
  campaigns: number,
  seed: number,
  tick: (share: number) => void,
): AdaptiveResult {
  const source = random(seed);
  const adaptive = new Score(pass);
  const ten = new Score(pass);
  let repeats = 0;
  for (let index = 0; index < campaigns; index += 1) {
    tick(index / campaigns);
    const spread = deviations(source, pass.noise, pass.cv);
    const b = campaign(source, pass.noise, spread, FIXED);
    const made = steady(source, pass.noise, spread, DEFAULT_SEQUENTIAL.maxRepeats);
    const a = pass.kind === 'shifted' ? made.map((cell, i) => (CHANGED.has(i) ? scaled(cell, SHIFT) : cell)) : made;
    // Drift goes with time: so much over ten repeats of all cells, less where fewer are measured.
    const rate = drift(source, pass.noise) / (FIXED * CELLS);
    const taken = measured(a, rate, untilCertain(cellReferences(b)));
    repeats += taken.reduce((sum, values) => sum + values.length, 0);
    adaptive.add(taken, b);
    ten.add(
      measured(a, rate, (values) => values.length < FIXED),
      b,
    );
  }
  return {
    ...pass,
    campaigns,
    gpuTime: repeats / (campaigns * CELLS * FIXED),
    ...adaptive.shares(),
    falseAlarmsOfTen: ten.shares().falseAlarms,
    powerOfTen: ten.shares().power,
    sameOfTen: ten.shares().same,
  };
}

/** Round after round over all cells that want another repeat. */
function measured(
  available: readonly number[][],
  driftRate: number,
  more: (values: readonly number[], cell: number) => boolean,
): number[][] {
  const taken = available.map((): number[] => []);
  let elapsed = 0;
  let active = available.map((_, cell) => cell);
  while (active.length > 0) {
    for (const cell of active) {
      const values = taken[cell] ?? [];
      values.push((available[cell]?.[values.length] ?? NaN) * Math.exp(driftRate * elapsed));
      elapsed += 1;
    }
    active = active.filter((cell) => more(taken[cell] ?? [], cell));
  }
  return taken;
}

function untilCertain(references: readonly CellReference[]): (values: readonly number[], cell: number) => boolean {
  const first = references[0];
  if (first === undefined) throw new Error('no cells');
  // Every cell has as many repeats and degrees of freedom as the first.
  const table = sequentialTable(first);
  return (values, cell) => nextAction(values, references[cell] ?? first, table).action === 'continue';
}

class Score {
  private campaigns = 0;
  private alarms = 0;
  private found = 0;
  private same = 0;

  constructor(private readonly pass: AdaptivePass) {}

  add(a: readonly number[][], b: readonly number[][]): void {
    const { cells } = compareGrid(asMeasured(a, b));
    const verdicts = cells.map(({ verdict }): CellVerdict => verdict);
    const unchanged = (i: number): boolean => this.pass.kind === 'same' || !CHANGED.has(i);
    this.campaigns += 1;
    if (verdicts.some((verdict, i) => unchanged(i) && (verdict === 'regressed' || verdict === 'improved')))
      this.alarms += 1;
    this.found += verdicts.filter((verdict, i) => !unchanged(i) && verdict === 'regressed').length;
    this.same += verdicts.filter((verdict, i) => unchanged(i) && verdict === 'same').length;
  }

  shares(): { falseAlarms: number; power: number | null; same: number } {
    const changed = this.pass.kind === 'shifted' ? CHANGED.size : 0;
    return {
      falseAlarms: this.alarms / this.campaigns,
      power: changed === 0 ? null : this.found / (this.campaigns * changed),
      same: this.same / (this.campaigns * (CELLS - changed)),
    };
  }
}
