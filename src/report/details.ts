import type { ReportModel } from './model.js';
import type { PlainTable } from './plain-table.js';
import { significant } from './rounding.js';

/** How far each deployment's scores are from the reference's; undefined when the run has no such comparison. */
export function parityTable(model: ReportModel): PlainTable | undefined {
  const { parity } = model;
  if (parity === undefined) return undefined;
  const label = (id: string) => model.variants.find((variant) => variant.id === id)?.label ?? id;
  return {
    caption:
      `Scores of ${parity.requests} identical request${parity.requests === 1 ? '' : 's'}, compared with ` +
      `${label(parity.reference)}; the largest accepted difference is ${significant(parity.limit)}.`,
    head: ['Deployment', 'Largest difference', 'Lowest score', 'Highest score', 'Result'],
    rows: parity.rows.map((row) => [
      label(row.variant),
      finite(row.maxAbsDifference, 3),
      finite(row.scoreMin, 6),
      finite(row.scoreMax, 6),
      row.maxAbsDifference <= parity.limit ? 'within the limit' : 'ABOVE THE LIMIT',
    ]),
    wordColumns: [0, 4],
  };
}

/** Every ledger entry that is not measured, with its reasons; undefined when there is none. */
export function ledgerTable(model: ReportModel): PlainTable | undefined {
  const entries = model.ledger.entries.filter((entry) => entry.status !== 'measured');
  if (entries.length === 0) return undefined;
  return {
    caption: 'Expected measurements without a valid result.',
    head: ['Measurement', 'Status', 'Reason'],
    rows: entries.map((entry) => [entry.id, entry.status, entry.reasons.join('; ') || 'no reason recorded']),
    wordColumns: [0, 1, 2],
  };
}

function finite(value: number, digits: number): string {
  return Number.isFinite(value) ? significant(value, digits) : 'not a number';
}
