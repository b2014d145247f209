import { expect, it } from 'vitest';
import { loadSpec, plannedMeasurements } from '../spec/index.js';
import { ledgerOf, outstanding } from './ledger.js';
import { recordOf } from './testing.js';

const spec = loadSpec({ preset: 'a100-page', set: ['repeats=14', 'batches=[1024]', 'design.canary.measurements=0'] });
const planned = plannedMeasurements(spec);

/** The first four repeats; native_tf was decided with its third. */
const records = planned
  .filter(({ repeat }) => repeat <= 4)
  .map((item) =>
    recordOf(item, 1911, {
      enough: item.variant === 'native_tf' && item.repeat >= 3 ? { repeats: 3, verdict: 'reproduced' } : null,
    }),
  );

it('counts repeats as not needed once their cell was decided, and owes those of the others still', () => {
  const ledger = ledgerOf(spec, records);
  expect(ledger.notNeeded).toHaveLength(10);
  expect(ledger.notNeeded[0]?.reason).toBe(
    'not needed: after 3 repeats the verdict against the published figure was reproduced',
  );
  expect(ledger.entries).toHaveLength(4 * 14 - 10);
  expect(outstanding(ledger, 3)).toHaveLength(30);
  expect(outstanding(ledger, 3).some(({ variant }) => variant === 'native_tf')).toBe(false);
  expect(ledger.unexpected).toEqual([]);
});

it('does not excuse a repeat that was begun, nor take the word of one that is invalid', () => {
  const fifth = planned.find(({ variant, repeat }) => variant === 'native_tf' && repeat === 5);
  if (fifth === undefined) throw new Error('no fifth repeat');
  const failed = recordOf(fifth, null, { status: 'failed', reasons: ['because'] });
  expect(ledgerOf(spec, [...records, failed]).entries.find((entry) => entry.planned.id === fifth.id)?.status).toBe(
    'failed',
  );
  const invalid = records.map((record) => ({ ...record, status: 'invalid' as const }));
  expect(ledgerOf(spec, invalid).notNeeded).toEqual([]);
});
