import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evidenceJsonSchema } from './json-schema.js';

it('is the committed file (npm run schema)', () => {
  expect(readFileSync('schema/evidence.schema.json', 'utf8')).toBe(evidenceJsonSchema());
});
