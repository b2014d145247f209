import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSpec } from '../src/spec/index.js';
import { benchApp } from './app.js';
import { benchObjects } from './objects.js';
import { synthesize } from './output.js';
import { FILES, read } from './testing.js';

it.each([
  ['a100-page', []],
  ['cluster-cpu', []],
  ['a100-page', ['cluster.isolation=variant']],
] as const)('are what the files of %s %j hold, in the same order', (preset, set) => {
  const spec = loadSpec({ preset, set: [...set] });
  const folder = mkdtempSync(join(tmpdir(), 'hps-bench-objects-'));
  synthesize((outdir) => benchApp(spec, FILES, outdir), folder);
  const files = new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  rmSync(folder, { recursive: true });
  const { objects, plans } = benchObjects(spec, FILES);
  expect(objects).toEqual(read(files).objects.map(({ manifest }) => manifest));
  expect(plans.map(({ runId }) => runId)).toEqual(
    set.length === 0 ? ['run-1'] : spec.variants.map((variant) => `run-1-${variant.replaceAll('_', '-')}`),
  );
});

it('are refused where a rule refuses them', () => {
  const large = new Map([['conductor.mjs', '/'.repeat(2 ** 20)]]);
  expect(() => benchObjects(loadSpec({ preset: 'a100-page' }), { ...FILES, conductor: large })).toThrow(
    /Validation failed[^]*70-conductor/,
  );
});
