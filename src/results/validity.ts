import type { Ledger } from '../ledger/index.js';
import type { MeasurementRecord } from '../records/index.js';
import type { ReportCheck, ReportReason, ReportValidity } from '../report/index.js';

/** The figures of a record's validity in words. One that is not here is shown by its name. */
const CHECKS: Readonly<Record<string, readonly [name: string, unit: ReportCheck['unit']]>> = {
  drift_share: ['Drift of compute infer inside a measurement', 'share'],
  client_cpu_throttled_share: ['perf_analyzer held back by its CPU limit, share of time', 'share'],
  server_cpu_throttled_share: ['Triton held back by its CPU limit, share of time', 'share'],
  gpu_slowdown_share: ['GPU slowed down for heat or power supply, share of samples', 'share'],
  gpu_power_cap_share: ['GPU clocks lowered for the power limit, share of samples', 'share'],
  gpu_clock_loss: ['GPU clock below the highest of the run', 'share'],
  gpu_other_processes: ['Other processes on the GPU', 'number'],
  triton_restarts: ['Triton started again during a measurement', 'number'],
};

/**
 * What was made and what does not count of it.
 * @param records every record of the run, attempts and canaries included
 */
export function reportValidity(
  records: readonly MeasurementRecord[],
  { entries, environment }: Ledger,
): ReportValidity {
  const ids = new Set(entries.map(({ planned }) => planned.id));
  // The ledger holds the GPU's clock against the whole run, so its word is the last where it has one.
  const judged = new Map(entries.flatMap(({ record }) => (record === undefined ? [] : [[keyOf(record), record]])));
  const cells = records.filter(({ id }) => ids.has(id)).map((record) => judged.get(keyOf(record)) ?? record);
  return {
    attempts: cells.length,
    invalid: cells.filter((record) => record.status === 'invalid').length,
    failed: cells.filter((record) => record.status === 'failed').length,
    reasons: reasonsOf(cells),
    checks: checksOf(cells),
    canary: environment,
  };
}

function keyOf({ id, attempt }: MeasurementRecord): string {
  return `${id}.a${attempt}`;
}

/** Reasons that differ in their numbers only are one, most frequent first, in the words of its first measurement. */
function reasonsOf(records: readonly MeasurementRecord[]): ReportReason[] {
  const groups = new Map<
    string,
    { status: ReportReason['status']; reason: string; count: number; cells: Set<string> }
  >();
  for (const { status, reasons, variant, batch } of records) {
    if (status === 'measured') continue;
    for (const reason of reasons) {
      const key = `${status} ${reason.replaceAll(/\d[\d.,e+-]*/g, '#')}`;
      const group = groups.get(key) ?? { status, reason, count: 0, cells: new Set<string>() };
      group.count += 1;
      group.cells.add(`${variant} at ${batch}`);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ cells, ...group }) => ({ ...group, cells: [...cells] }));
}

function checksOf(records: readonly MeasurementRecord[]): ReportCheck[] {
  // Without a GPU nobody could look at one, and there was nothing to see.
  const gpu = records.some(({ environment }) => environment?.gpu_product != null || environment?.gpu_uuid != null);
  const names = [...new Set(records.flatMap(({ validity }) => Object.keys(validity ?? {})))].filter(
    (name) => gpu || !name.startsWith('gpu_'),
  );
  return names.map((key) => {
    const all = records.flatMap(({ validity }) => validity?.[key] ?? []);
    const figures = all.flatMap(({ figure }) => (figure === null ? [] : [figure]));
    const [name, unit] = CHECKS[key] ?? [key, 'number'];
    return {
      name,
      unit,
      worst: figures.length === 0 ? null : Math.max(...figures),
      limit: all[0]?.limit ?? NaN,
      over: all.filter(({ figure, limit }) => figure !== null && figure > limit).length,
      unknown: all.length - figures.length,
    };
  });
}
