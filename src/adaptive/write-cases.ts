import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSpec, PACKAGE_ROOT } from '../spec/index.js';
import { nextAction, publishedReference } from '../verdict/index.js';
import { adaptiveDesign, adaptiveSettings } from './index.js';

// `npm run adaptive-cases`: renews test/fixtures/adaptive.json, what src/verdict says of cells with known values, for the test of
// jobs/hpsb_adaptive.py. The values are logarithmically normal around a published figure, the same each time.

const PUBLISHED = 1114;

let state = 7;
const uniform = (): number => ((state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) + 1) / (2 ** 32 + 1);
const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

const spec = loadSpec({ preset: 'a100-page', set: ['design.adaptive=published', 'repeats=14'] });
const table = adaptiveDesign(spec)?.table;
if (table === undefined) throw new Error('the spec is adaptive');
const reference = publishedReference(PUBLISHED);
const cases = [0.003, 0.01, 0.03, 0.08].flatMap((cv) =>
  [0, 0.02, 0.06, 0.12, -0.2].flatMap((effect) =>
    [1, 2, 3, 5, 7, 9, 12, 14].map((n) => {
      const value = (): number => Number((PUBLISHED * Math.exp(effect + cv * normal())).toFixed(3));
      const values = Array.from({ length: n }, value);
      const next = nextAction(values, reference, table);
      return { values, expected: next.action === 'stop' ? next.verdict : 'continue' };
    }),
  ),
);
const { margin, futile_below, looks } = adaptiveSettings(spec) ?? {};
const document = { settings: { margin, futile_below, looks }, published: PUBLISHED, cases };
writeFileSync(join(PACKAGE_ROOT, 'test', 'fixtures', 'adaptive.json'), `${JSON.stringify(document)}\n`);
