import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fittedBatches, perSample } from './per-sample.js';

it('draws the line through the large batches where there are three of them, else through all', () => {
  expect(fittedBatches([32, 131072, 8192, 16384, 4096])).toEqual([8192, 16384, 131072]);
  expect(fittedBatches([2048, 32, 8192, 16384])).toEqual([32, 2048, 8192, 16384]);
});

it('finds what a sample and a batch cost, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      (us, fixed) => {
        const cells = [32, 256, 1024].map((batch) => ({
          batch,
          microseconds: [fixed + us * batch, fixed + us * batch],
        }));
        const line = perSample(cells, [32, 256, 1024]);
        expect((line?.nsPerSample ?? NaN) / (1000 * us)).toBeCloseTo(1, 6);
        expect(line?.fixedUs).toBeCloseTo(fixed, 4);
        expect(line).toMatchObject({ n: 6, batches: [32, 256, 1024] });
      },
    ),
  );
});

it('leaves out a batch that is not in the fit, and gives nothing for fewer than two', () => {
  const cells = [
    { batch: 32, microseconds: [1e9] },
    { batch: 8192, microseconds: [8192] },
    { batch: 16384, microseconds: [16384] },
  ];
  expect(perSample(cells, [8192, 16384])?.nsPerSample).toBeCloseTo(1000, 9);
  expect(perSample(cells, [8192])).toBeUndefined();
  expect(perSample([{ batch: 32, microseconds: [] }, ...cells.slice(1, 2)], [32, 8192])).toBeUndefined();
});
