import type { LedgerEntry } from './ledger.js';

/** Repeats that nobody has begun and nobody needs, with the reason, by id: measure.py found their cell certain without them. */
export function sparedRepeats(entries: readonly LedgerEntry[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { planned, status, record } of entries)
    if (status === 'measured' && record?.enough != null)
      reasons.set(
        cellOf(planned),
        `not needed: after ${record.enough.repeats} repeats the verdict against the published figure was ${record.enough.verdict}`,
      );
  const spared = entries.flatMap(({ planned, attempts }): [string, string][] => {
    const reason = attempts === 0 ? reasons.get(cellOf(planned)) : undefined;
    return reason === undefined ? [] : [[planned.id, reason]];
  });
  return new Map(spared);
}

function cellOf({ variant, batch, concurrency }: LedgerEntry['planned']): string {
  return `${variant}/${batch}/${concurrency}`;
}
