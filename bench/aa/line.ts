import type { Comparison } from '../../src/compare/index.js';
import type { Campaign } from './campaign.js';

/**
 * Ways to judge the same sides: as compare does by default; relative to the variant that nothing was done to; and, to see what
 * the default is good for, as on a machine that is taken for steady. Of several runs a side the last is the first.
 */
export const WAYS = ['default', 'relative', 'as if steady'] as const;
export type Way = (typeof WAYS)[number];

type Judged = Pick<Comparison, 'verdict'> & {
  readonly cells: readonly Pick<
    Comparison['cells'][number],
    'variant' | 'batch' | 'ratio' | 'interval' | 'adjustedP' | 'verdict' | 'n'
  >[];
};

/** Two sides, judged in every way. */
export type Judgement = Readonly<Record<Way, Judged>>;

/** One campaign held against the one before. */
export type Line = { readonly name: string; readonly values: Readonly<Record<string, readonly number[]>> } & Judgement;

export function lineOf({ name, results }: Campaign, judgement: Judgement): Line {
  const values: Record<string, number[]> = {};
  for (const { variant, batch, server } of results.records)
    (values[`${variant}/${batch}`] ??= []).push(server?.compute_infer_us ?? NaN);
  return { name, values, ...judgement };
}

export function judgementOf(compare: (way: Way) => Comparison): Judgement {
  const judged = (way: Way): Judged => judgedOf(compare(way));
  return { default: judged('default'), relative: judged('relative'), 'as if steady': judged('as if steady') };
}

/** Whether the whole is called different. */
export function isAlarm({ verdict }: Judged): boolean {
  return verdict === 'regressed' || verdict === 'improved';
}

function judgedOf({ verdict, cells }: Comparison): Judged {
  return {
    verdict,
    cells: cells.map(({ variant, batch, ratio, interval, adjustedP, verdict: cell, n }) => ({
      ...{ variant, batch, ratio, interval, adjustedP, n },
      verdict: cell,
    })),
  };
}

/** `default same: onnx_cpu/256 1.012 same, …; relative …`. */
export function inWords(judgement: Judgement): string {
  return WAYS.map((way) => {
    const cells = judgement[way].cells.map(
      ({ variant, batch, ratio, verdict }) => `${variant}/${batch} ${ratio.toFixed(3)} ${verdict}`,
    );
    return `${way} ${judgement[way].verdict}: ${cells.join(', ')}`;
  }).join('; ');
}
