import type { MeasurementRecord } from '../records/index.js';

/** Name of the figure that the limit belongs to (jobs/hpsb_validity.py). */
const FIGURE = 'gpu_clock_loss';

/**
 * The records, with those invalid whose GPU ran below the run's clock: the highest median SM clock of any measurement on that
 * GPU. measure.py holds each only against those before it; here the later ones count too.
 */
export function againstRunClock(records: readonly MeasurementRecord[]): MeasurementRecord[] {
  const highest = new Map<string | null, number>();
  for (const { environment } of records) {
    const clock = environment?.sm_clock_mhz;
    if (environment == null || clock == null) continue;
    highest.set(environment.gpu_uuid, Math.max(clock, highest.get(environment.gpu_uuid) ?? 0));
  }
  return records.map((record) => judged(record, highest.get(record.environment?.gpu_uuid ?? null)));
}

function judged(record: MeasurementRecord, highest: number | undefined): MeasurementRecord {
  const clock = record.environment?.sm_clock_mhz;
  const rule = record.validity?.[FIGURE];
  // No figure: the power limit set the clock, which has a figure of its own.
  if (clock == null || highest === undefined || rule?.figure == null || record.status === 'failed') return record;
  const loss = 1 - clock / highest;
  if (loss <= rule.limit || rule.figure > rule.limit) return record;
  const reason = `the GPU's median SM clock was ${clock} MHz, ${(100 * loss).toFixed(1)} % below the run's ${highest} MHz, allowed is ${(100 * rule.limit).toFixed(0)} % (lock the clocks: nvidia-smi -lgc; or raise validity.gpuClockLoss)`;
  return {
    ...record,
    status: 'invalid',
    reasons: [...record.reasons, reason],
    validity: { ...record.validity, [FIGURE]: { ...rule, figure: loss } },
  };
}
