import { expect, it } from 'vitest';
import type { MeasurementRecord } from '../records/index.js';
import { loadSpec, plannedMeasurements } from '../spec/index.js';
import { countByStatus, isComplete, ledgerOf, outstanding } from './ledger.js';

const spec = loadSpec({ preset: 'smoke' });
const planned = plannedMeasurements(spec);

function record(index: number, attempt: number, status: MeasurementRecord['status']): MeasurementRecord {
  const item = planned[index];
  if (item === undefined) throw new RangeError(`no measurement ${index}`);
  return {
    schema: 'hps-bench/record/1',
    run_id: 'r',
    spec_hash: 'h',
    ...item,
    attempt,
    started_at: '',
    ended_at: '',
    status,
    reasons: status === 'measured' ? [] : ['because'],
    server: null,
    printed: null,
    first_request_us: null,
    text_sha256: '',
    perf_analyzer_version: null,
    triton_version: null,
  };
}

it('has an entry for every measurement the spec owes, missing ones with the reason', () => {
  const ledger = ledgerOf(spec, [record(0, 1, 'measured')], 'stopped');
  expect(countByStatus(ledger)).toEqual({ measured: 1, invalid: 0, failed: 0, missing: 3 });
  expect(ledger.entries[1]).toMatchObject({ status: 'missing', reasons: ['stopped'] });
  expect(isComplete(ledger)).toBe(false);
});

it('counts the first good attempt and owes nothing more for it', () => {
  const records = [record(0, 3, 'measured'), record(0, 1, 'invalid'), record(0, 2, 'measured')];
  const ledger = ledgerOf(spec, records);
  expect(ledger.entries[0]?.record?.attempt).toBe(2);
  expect(outstanding(ledger, 3).map((item) => item.id)).not.toContain(planned[0]?.id);
});

it('owes a failed measurement again until its attempts are used up', () => {
  expect(outstanding(ledgerOf(spec, [record(0, 1, 'failed')]), 3)[0]).toMatchObject({ id: planned[0]?.id, attempt: 2 });
  expect(outstanding(ledgerOf(spec, [record(0, 3, 'failed')]), 3).map((item) => item.id)).not.toContain(planned[0]?.id);
});

it('keeps apart what nobody expected', () => {
  const stray = { ...record(0, 1, 'measured'), id: 'native_tf-b7-c1-r1' };
  expect(ledgerOf(spec, [stray]).unexpected).toEqual([stray]);
});

it('is complete when everything is measured', () => {
  expect(
    isComplete(
      ledgerOf(
        spec,
        planned.map((_, index) => record(index, 1, 'measured')),
      ),
    ),
  ).toBe(true);
});
