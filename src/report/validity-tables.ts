import type { ReportCheck, ReportModel } from './model.js';
import type { PlainTable } from './plain-table.js';
import { count } from './wording.js';

/** What was made, what does not count of it, and how the canary moved, in sentences. Empty where nothing is known. */
export function validitySentences({ validity }: ReportModel): string[] {
  if (validity === undefined) return [];
  const { attempts, invalid, failed } = validity;
  const again = invalid + failed === 0 ? '' : ' These do not count and were made again as long as attempts were left.';
  const made = `${count(attempts, 'measurement')} made: ${invalid} invalid, ${failed} failed.${again}`;
  const { state, reason } = validity.canary;
  return [made, `Environment ${state}: ${reason}.`];
}

/** Measurements that do not count, by reason; undefined when all count. */
export function reasonTable({ validity }: ReportModel): PlainTable | undefined {
  if (validity === undefined || validity.reasons.length === 0) return undefined;
  return {
    caption: 'Measurements that do not count, by reason.',
    head: ['Count', 'Status', 'Reason', 'Where'],
    rows: validity.reasons.map(({ status, reason, count: times, cells }) => [
      String(times),
      status,
      reason,
      cells.join(', '),
    ]),
    wordColumns: [1, 2, 3],
  };
}

/** What every measurement is checked for; undefined where none was. */
export function checkTable({ validity }: ReportModel): PlainTable | undefined {
  if (validity === undefined || validity.checks.length === 0) return undefined;
  return {
    caption: 'Checked for every measurement; the largest figure of the run beside its limit.',
    head: ['Check', 'Largest', 'Limit', 'Above', 'Not known'],
    rows: validity.checks.map((check) => [
      check.name,
      figure(check, check.worst),
      figure(check, check.limit),
      String(check.over),
      String(check.unknown),
    ]),
    wordColumns: [0],
  };
}

function figure({ unit }: ReportCheck, value: number | null): string {
  if (value === null) return 'not known';
  return unit === 'share' ? percent(value) : String(value);
}

/** `3.2 %`, `0.04 %`, `-1.5 %`, `100 %`. */
function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || Math.abs(value) >= 10 ? value.toFixed(0) : value.toPrecision(2)} %`;
}
