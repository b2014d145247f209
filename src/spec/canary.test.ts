import { expect, it } from 'vitest';
import { canaryOf, plannedCanaries, plannedRun } from './canary.js';
import { plannedMeasurements } from './cells.js';
import { SpecError } from './errors.js';
import { loadSpec } from './load.js';

it('is the contender at the middle batch, three times first and three times last', () => {
  const spec = loadSpec({ preset: 'a100-page' });
  expect(canaryOf(spec)).toEqual({ variant: 'fp16_trt_with_hps', batch: 4096, concurrency: 1, measurements: 3 });
  const run = plannedRun(spec);
  expect(run).toHaveLength(440 + 6);
  expect(run.map(({ role }) => role).join(' ')).toMatch(/^(canary ){3}(cell ){440}canary canary canary$/);
  expect(new Set(run.map(({ id }) => id)).size).toBe(446);
  expect(plannedCanaries(spec).last.map(({ repeat }) => repeat)).toEqual([4, 5, 6]);
});

it('can be named, and left out', () => {
  const set = ['design.canary.variant=native_tf', 'design.canary.batch=64', 'design.canary.measurements=1'];
  expect(plannedCanaries(loadSpec({ preset: 'local', set })).first).toEqual([
    { variant: 'native_tf', batch: 64, concurrency: 1, repeat: 1, id: 'canary-native_tf-b64-c1-r1', role: 'canary' },
  ]);
  const without = loadSpec({ preset: 'local', set: ['design.canary.measurements=0'] });
  expect(plannedRun(without)).toEqual(plannedMeasurements(without));
});

it('is not there where one repeat tells nothing from noise', () => {
  expect(canaryOf(loadSpec({ preset: 'smoke' }))).toBeUndefined();
  expect(canaryOf(loadSpec({ preset: 'smoke', set: ['design.canary.measurements=2'] }))?.measurements).toBe(2);
});

it('is a cell of the spec', () => {
  const set = ['design.canary.batch=33', 'design.canary.variant=tf_with_hps'];
  expect(() => loadSpec({ preset: 'local', set })).toThrow(SpecError);
  expect(() => loadSpec({ preset: 'local', set })).toThrow('design.canary.batch: 33 is none of batches');
});

it('is served by the run of a variant of its own where each has one', () => {
  const spec = loadSpec({ preset: 'local', set: ['design.canary.variant=native_tf'] });
  expect(canaryOf({ ...spec, variants: ['onnx_cpu'] })?.variant).toBe('onnx_cpu');
});
