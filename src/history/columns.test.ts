import { expect, it } from 'vitest';
import { recordStructure } from './columns.js';
import { recordSchema } from '../records/index.js';

it('is every field of a record, nested as it is', () => {
  const structure = recordStructure();
  expect(Object.keys(structure)).toEqual(Object.keys(recordSchema.shape));
  expect(structure).toMatchObject({
    ...{ id: 'VARCHAR', batch: 'BIGINT', reasons: ['VARCHAR'], triton_version: 'VARCHAR', first_request_us: 'DOUBLE' },
    server: { requests: 'BIGINT', compute_infer_us: 'DOUBLE' },
  });
});
