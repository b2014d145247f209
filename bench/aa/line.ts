import type { Comparison } from '../../src/compare/index.js';
import type { Campaign } from './campaign.js';

/** Two ways to judge the same sides: each cell for itself, and relative to the variant that nothing was done to. */
export const WAYS = ['alone', 'relative'] as const;

type Judged = Pick<Comparison, 'verdict'> & {
  readonly cells: readonly Pick<
    Comparison['cells'][number],
    'variant' | 'batch' | 'ratio' | 'interval' | 'adjustedP' | 'verdict' | 'n'
  >[];
};

/** Two sides, judged in both ways. */
export type Judgement = Readonly<Record<(typeof WAYS)[number], Judged>>;

/** One campaign held against the one before. */
export type Line = { readonly name: string; readonly values: Readonly<Record<string, readonly number[]>> } & Judgement;

export function lineOf({ name, results }: Campaign, judgement: Judgement): Line {
  const values: Record<string, number[]> = {};
  for (const { variant, batch, server } of results.records)
    (values[`${variant}/${batch}`] ??= []).push(server?.compute_infer_us ?? NaN);
  return { name, values, ...judgement };
}

export function judgementOf({ alone, relative }: Record<(typeof WAYS)[number], Comparison>): Judgement {
  return { alone: judgedOf(alone), relative: judgedOf(relative) };
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

/** `alone same: onnx_cpu/256 1.012 same, …; relative …`. */
export function inWords(judgement: Judgement): string {
  return WAYS.map((way) => {
    const cells = judgement[way].cells.map(
      ({ variant, batch, ratio, verdict }) => `${variant}/${batch} ${ratio.toFixed(3)} ${verdict}`,
    );
    return `${way} ${judgement[way].verdict}: ${cells.join(', ')}`;
  }).join('; ');
}
