import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { benchJsonSchema } from './json-schema.js';
import { PACKAGE_ROOT } from './load.js';

it('has its committed JSON schema in step with the code (npm run schema renews it)', () => {
  expect(readFileSync(join(PACKAGE_ROOT, 'schema', 'bench.schema.json'), 'utf8')).toBe(benchJsonSchema());
});

it('allows every key to be left out', () => {
  const schema = JSON.parse(benchJsonSchema()) as { required?: string[]; additionalProperties: boolean };
  expect(schema.required).toBeUndefined();
  expect(schema.additionalProperties).toBe(false);
});
