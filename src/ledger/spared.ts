import { adaptiveDesign, enough } from '../adaptive/index.js';
import type { Spec } from '../spec/index.js';
import type { LedgerEntry } from './ledger.js';

/** Repeats that nobody has begun and nobody needs, with the reason, by id: jobs/hpsb_adaptive.py leaves out the same. */
export function sparedRepeats(spec: Spec, entries: readonly LedgerEntry[]): Map<string, string> {
  const design = adaptiveDesign(spec);
  const spared = new Map<string, string>();
  if (design === undefined) return spared;
  const cells = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const key = `${entry.planned.variant}/${entry.planned.batch}`;
    cells.set(key, [...(cells.get(key) ?? []), entry]);
  }
  for (const cell of cells.values()) {
    const inOrder = [...cell].sort((a, b) => a.planned.repeat - b.planned.repeat);
    const values = inOrder.flatMap(({ status, record }) => {
      const us = record?.server?.compute_infer_us;
      return status === 'measured' && us != null && us > 0 ? [us] : [];
    });
    const stop = inOrder[0] === undefined ? undefined : enough(design, inOrder[0].planned, values);
    if (stop === undefined) continue;
    const reason = `not needed: after ${stop.repeats} repeats the verdict against the published figure was ${stop.verdict}`;
    for (const { planned, attempts } of inOrder) if (attempts === 0) spared.set(planned.id, reason);
  }
  return spared;
}
