import { expect, it } from 'vitest';
import type { MeasurementRecord } from '../records/index.js';
import { loadSpec, plannedMeasurements } from '../spec/index.js';
import { ledgerOf } from './ledger.js';
import { recordOf } from './testing.js';

const spec = loadSpec({ preset: 'smoke' });
const planned = plannedMeasurements(spec);

const NOWHERE = {
  gpu_product: null,
  gpu_driver: null,
  node: null,
  pod: null,
  image: null,
  cpu_model: null,
  triton_version: null,
  perf_analyzer_version: null,
  server_start: null,
  memory_clock_mhz: null,
  temperature_c: null,
  power_w: null,
};

/** Measured at this clock; `loss` is what measure.py knew by then, null where the power limit set the clock. */
function at(clock: number | null, loss: number | null = 0, gpu = 'GPU-1'): Partial<MeasurementRecord> {
  return {
    environment: { ...NOWHERE, gpu_uuid: gpu, sm_clock_mhz: clock },
    validity: { gpu_clock_loss: { figure: loss, limit: 0.02 } },
  };
}

function statuses(...changes: Partial<MeasurementRecord>[]): string[] {
  const records = changes.map((change, index) => {
    const item = planned[index];
    if (item === undefined) throw new RangeError(`no measurement ${index}`);
    return recordOf(item, 100, change);
  });
  return ledgerOf(spec, records)
    .entries.slice(0, changes.length)
    .map(({ status }) => status);
}

it('makes invalid what was measured at a lower clock before the highest one was seen', () => {
  expect(statuses(at(1410), at(1980), at(1950), at(1900))).toEqual(['invalid', 'measured', 'measured', 'invalid']);
});

it('names both clocks, the limit and the fix', () => {
  const [low, high] = planned as [(typeof planned)[0], (typeof planned)[0]];
  const ledger = ledgerOf(spec, [recordOf(low, 100, at(1410)), recordOf(high, 100, at(1980))]);
  expect(ledger.entries[0]?.reasons).toEqual([
    "the GPU's median SM clock was 1410 MHz, 28.8 % below the run's 1980 MHz, allowed is 2 % (lock the clocks: nvidia-smi -lgc; or raise validity.gpuClockLoss)",
  ]);
});

it('holds each GPU against itself, and leaves alone what the power limit explains or nobody sampled', () => {
  expect(statuses(at(1410, 0, 'GPU-2'), at(1980), at(1410, null), at(null, null))).toEqual([
    'measured',
    'measured',
    'measured',
    'measured',
  ]);
  expect(statuses({}, at(1980))).toEqual(['measured', 'measured']);
});
