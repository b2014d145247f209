import { describe, expect, it } from 'vitest';
import type { MeasurementRecord } from '../records/index.js';
import { loadSpec, plannedCanaries, plannedMeasurements, plannedRun } from '../spec/index.js';
import { countByStatus, isComplete, ledgerOf, outstanding } from './ledger.js';
import { recordOf } from './testing.js';

const spec = loadSpec({ preset: 'smoke' });
const planned = plannedMeasurements(spec);

function record(index: number, attempt: number, status: MeasurementRecord['status']): MeasurementRecord {
  const item = planned[index];
  if (item === undefined) throw new RangeError(`no measurement ${index}`);
  return recordOf(item, null, { attempt, status, reasons: status === 'measured' ? [] : ['because'] });
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

it('keeps why earlier attempts do not count', () => {
  const [entry] = ledgerOf(spec, [record(0, 1, 'invalid'), record(0, 2, 'measured')]).entries;
  expect(entry).toMatchObject({ status: 'measured', reasons: [], attempts: 2 });
  expect(entry?.earlier).toEqual([{ attempt: 1, status: 'invalid', reasons: ['because'] }]);
});

describe('with a canary', () => {
  const watched = loadSpec({ preset: 'local' });
  const { first, last } = plannedCanaries(watched);

  it('counts it in no total', () => {
    const ledger = ledgerOf(
      watched,
      plannedRun(watched).map((item) => recordOf(item, 100)),
    );
    expect(countByStatus(ledger).measured).toBe(30);
    expect(ledger.entries).toHaveLength(30);
    expect(ledger.canaries.map(({ planned: item }) => item.id)).toEqual([...first, ...last].map(({ id }) => id));
    expect(ledger.unexpected).toEqual([]);
  });

  it('owes the first canary before everything else and the last one only once nothing else is owed', () => {
    const owed = outstanding(ledgerOf(watched, []), 3);
    expect(owed[0]?.id).toBe(first[0]?.id);
    expect(owed).toHaveLength(31);
    const cells = [...first, ...plannedMeasurements(watched)].map((item) => recordOf(item, 100));
    expect(outstanding(ledgerOf(watched, cells), 3).map(({ id }) => id)).toEqual(last.map(({ id }) => id));
    expect(outstanding(ledgerOf(watched, [...cells, ...last.map((item) => recordOf(item, 100))]), 3)).toEqual([]);
  });
});
