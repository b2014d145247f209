import { expect, it } from 'vitest';
import { VARIANTS } from '../spec/index.js';
import { ANCHORS } from './anchors.js';
import { PUBLISHED_MICROSECONDS } from './published.js';

const of = (source: RegExp, deployment: string) =>
  ANCHORS.find((anchor) => source.test(anchor.source) && anchor.deployment === deployment)?.microseconds;

it('has the page under the labels of its variants, and three more sources', () => {
  const labels = VARIANTS.filter(({ id }) => id in PUBLISHED_MICROSECONDS).map(({ label }) => label);
  expect(ANCHORS.filter(({ source }) => /the page/.test(source)).map(({ deployment }) => deployment)).toEqual(labels);
  expect(new Set(ANCHORS.map(({ source }) => source)).size).toBe(4);
});

it('grows with the batch in every line, so that no figure is in the wrong column', () => {
  for (const { source, deployment, microseconds } of ANCHORS) {
    // The page itself goes down once or twice at its smallest batches.
    const figures = [...microseconds].filter(([batch]) => batch >= 256).map(([, us]) => us);
    expect(figures.length, `${source}, ${deployment}`).toBeGreaterThan(1);
    expect(
      [...figures].sort((a, b) => a - b),
      `${source}, ${deployment}`,
    ).toEqual(figures);
  }
});

it("keeps the page below the bounds of NVIDIA's own CI", () => {
  for (const { deployment, microseconds } of ANCHORS.filter(({ source }) => /CI/.test(source)))
    for (const [batch, bound] of microseconds)
      expect(of(/the page/, deployment)?.get(batch), `${deployment} at ${batch}`).toBeLessThan(bound);
});

it('agrees with the page within 7 % where the benchmark of 2022 measured the same deployment', () => {
  for (const [batch, us] of of(/2022/, 'TF with HPS') ?? [])
    expect(Math.abs(us / (of(/the page/, 'TF with HPS')?.get(batch) ?? NaN) - 1), String(batch)).toBeLessThan(0.07);
});
