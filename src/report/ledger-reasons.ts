import type { LedgerEntry, ReportModel } from './model.js';

/** Why measurements of this cell are not in the table: each distinct reason once, with how many repeats share it. */
export function cellReasons(model: ReportModel, variant: string, batch: number): string[] {
  const counts = new Map<string, number>();
  for (const entry of model.ledger.entries) {
    if (entry.status === 'measured') continue;
    const cell = entry.cell ?? cellOfId(entry.id, model);
    if (cell?.variant !== variant || cell.batch !== batch) continue;
    const reason = entryReason(entry);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, times]) => (times === 1 ? reason : `${times} x ${reason}`));
}

/** "invalid: server restarted; too few requests", or the bare status where no reason was recorded. */
function entryReason(entry: LedgerEntry): string {
  return `${entry.status}: ${entry.reasons.join('; ') || 'no reason recorded'}`;
}

/** Reads `native_tf/32/…`, `native_tf-b32-…` and the like: the longest variant id in the text, then the first number after it. */
function cellOfId(id: string, model: ReportModel): { variant: string; batch: number } | undefined {
  const variant = model.variants
    .map((candidate) => candidate.id)
    .filter((candidate) => candidate !== '' && id.includes(candidate))
    .sort((a, b) => b.length - a.length)[0];
  if (variant === undefined) return undefined;
  const digits = /\d+/.exec(id.slice(id.indexOf(variant) + variant.length))?.[0];
  return digits === undefined ? undefined : { variant, batch: Number(digits) };
}
