import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../spec/index.js';
import { DOCUMENTS_WITH_PLANS, withPlans } from './planning-doc.js';

const read = (name: string): string => readFileSync(join(PACKAGE_ROOT, name), 'utf8');
const document = read('docs/planning.md');

it.each(DOCUMENTS_WITH_PLANS)('%s shows what the command prints today (npm run planning renews it)', (name) => {
  expect(read(name)).toBe(withPlans(read(name)));
});

it('shows the default, the H100 and the smoke preset, and one that cannot run', () => {
  for (const name of [
    'plan of dlrm-hps on a cluster',
    'plan of dlrm-hps-h100 on',
    'plan of dlrm-smoke on',
    'It cannot run',
  ])
    expect(document).toContain(name);
});

it('replaces an older output and leaves the rest alone', () => {
  const stale = 'before\n\n<!-- plan: smoke -->\n\n```text\nold\n```\n\nafter\n';
  const fresh = withPlans(stale);
  expect(fresh).toMatch(/^before\n\n<!-- plan: smoke -->\n\n```text\nplan of dlrm-smoke [\s\S]*\n```\n\nafter\n$/);
  expect(withPlans(fresh)).toBe(fresh);
});
