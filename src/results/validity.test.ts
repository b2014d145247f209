import { expect, it } from 'vitest';
import { recordsFor } from '../../test/fixtures/compare/records.js';
import { ledgerOf } from '../ledger/index.js';
import type { MeasurementRecord } from '../records/index.js';
import { loadSpec } from '../spec/index.js';
import { reportValidity } from './validity.js';

const spec = loadSpec({ preset: 'smoke', set: ['repeats=3'] });
const records = recordsFor(spec, { microseconds: ({ batch }) => batch, environment: { gpu_product: 'H200' } });

function validityOf(change: (record: MeasurementRecord, index: number) => Partial<MeasurementRecord>) {
  const changed = records.map((record, index) => ({ ...record, ...change(record, index) }));
  return reportValidity(changed, ledgerOf(spec, changed));
}

it('counts what was made and what does not count of it, with reasons that differ in numbers only taken as one', () => {
  const lame = (seconds: number) => ({
    status: 'invalid' as const,
    reasons: [`the GPU slowed down in ${seconds} % of the samples`],
  });
  const validity = validityOf((_, index) =>
    index === 0 ? lame(3) : index === 1 ? lame(12.5) : index === 2 ? { status: 'failed', reasons: ['no answer'] } : {},
  );
  expect(validity).toMatchObject({ attempts: 12, invalid: 2, failed: 1 });
  expect(validity.reasons).toEqual([
    {
      status: 'invalid',
      reason: 'the GPU slowed down in 3 % of the samples',
      count: 2,
      cells: [records[0], records[1]].map((record) => `${record?.variant ?? ''} at ${String(record?.batch)}`),
    },
    {
      status: 'failed',
      reason: 'no answer',
      count: 1,
      cells: [`${records[2]?.variant ?? ''} at ${String(records[2]?.batch)}`],
    },
  ]);
});

it('gives the largest figure of each check, and how often it was above the limit or not known', () => {
  const figures = [0.001, 0.05, null];
  const { checks } = validityOf((_, index) => ({
    validity: { gpu_clock_loss: { figure: figures[index % 3] ?? null, limit: 0.02 } },
  }));
  expect(checks).toEqual([
    { name: 'GPU clock below the highest of the run', unit: 'share', worst: 0.05, limit: 0.02, over: 4, unknown: 4 },
  ]);
});

it('says nothing of checks of a GPU where there was none', () => {
  const { checks } = validityOf(() => ({
    environment: null,
    validity: { gpu_clock_loss: { figure: null, limit: 0.02 }, drift_share: { figure: 0.01, limit: 0.03 } },
  }));
  expect(checks.map(({ name }) => name)).toEqual(['Drift of compute infer inside a measurement']);
});

it('passes on what the canary says', () => {
  expect(validityOf(() => ({})).canary).toEqual(ledgerOf(spec, records).environment);
});
