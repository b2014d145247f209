import type { Comparison } from '../../src/compare/index.js';
import type { Campaign } from './campaign.js';

/** Two ways to judge the same pair: each cell for itself, and relative to the variant that nothing was done to. */
export const WAYS = ['alone', 'relative'] as const;

type Judged = Pick<Comparison, 'verdict'> & {
  readonly cells: readonly Pick<
    Comparison['cells'][number],
    'variant' | 'batch' | 'ratio' | 'interval' | 'adjustedP' | 'verdict' | 'n'
  >[];
};

/** One campaign held against the one before. */
export type Line = { readonly name: string; readonly values: Readonly<Record<string, readonly number[]>> } & Readonly<
  Record<(typeof WAYS)[number], Judged>
>;

/** @param comparisons of the campaign with the one before */
export function lineOf(
  { name, results }: Campaign,
  { alone, relative }: Record<(typeof WAYS)[number], Comparison>,
): Line {
  const values: Record<string, number[]> = {};
  for (const { variant, batch, server } of results.records)
    (values[`${variant}/${batch}`] ??= []).push(server?.compute_infer_us ?? NaN);
  return { name, values, alone: judgedOf(alone), relative: judgedOf(relative) };
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
export function inWords(line: Line): string {
  return WAYS.map((way) => {
    const cells = line[way].cells.map(
      ({ variant, batch, ratio, verdict }) => `${variant}/${batch} ${ratio.toFixed(3)} ${verdict}`,
    );
    return `${way} ${line[way].verdict}: ${cells.join(', ')}`;
  }).join('; ');
}
