import { csvField } from '../report/escape.js';
import type { ChosenCell, HistoryLine } from './changes.js';
import { textTable, type Column } from './text.js';

/** One line a run, the newest last. @param width columns of the terminal */
export function historyText(lines: readonly HistoryLine[], width: number): string {
  const cells = lines[0]?.chosen.length ?? 0;
  const named = sameCells(lines);
  const chosen = Array.from({ length: cells }, (_, i): Column[] => [
    ...(named ? [] : [{ head: 'cell', least: 12 }]),
    {
      head: named ? `${nameOf(lines.find(({ chosen: all }) => all[i]?.cell)?.chosen[i])}, us` : 'median, us',
      right: true,
    },
    { head: 'change', right: true },
  ]).flat();
  const columns: Column[] = [
    { head: 'run', least: 12 },
    { head: 'date (UTC)', least: 10 },
    { head: 'spec', least: 8 },
    { head: 'hardware', least: 10 },
    { head: 'measured', right: true },
    ...chosen,
    { head: 'all cells', right: true },
    { head: 'verdict' },
  ];
  return textTable(
    columns,
    lines.map((line) => [
      line.run,
      line.createdAt?.slice(0, 16).replace('T', ' ') ?? '-',
      line.spec ?? line.specHash ?? '-',
      line.hardware ?? '-',
      line.expected === null ? '-' : `${line.measured ?? 0}/${line.expected}`,
      ...line.chosen.flatMap((one) => [
        ...(named ? [] : [one.cell === null ? '-' : nameOf(one)]),
        one.medianUs === null ? '-' : one.medianUs.toFixed(0),
        changeText(one.change),
      ]),
      changeText(line.change),
      line.verdict ?? '-',
    ]),
    width,
  );
}

/** Whether the runs show the same cells as far as they have them, so that a heading can name them. */
function sameCells(lines: readonly HistoryLine[]): boolean {
  const columns = lines[0]?.chosen.map((_, i) => lines.flatMap(({ chosen }) => chosen[i]?.cell ?? []));
  return columns?.every((keys) => new Set(keys).size === 1) === true;
}

/** `native_tf b32`; the concurrency only where it is not 1. */
function nameOf(one: ChosenCell | undefined): string {
  return one?.cell?.replace(/-c1$/, '').replaceAll('-', ' ') ?? '-';
}

/** A ratio as a change: `+1.2 %` is slower. */
export function changeText(ratio: number | null): string {
  if (ratio === null) return '-';
  const percent = (ratio - 1) * 100;
  const rounded = percent.toFixed(1);
  return Number(rounded) === 0 ? '0.0 %' : `${percent > 0 ? '+' : ''}${rounded} %`;
}

/** RFC 4180: one line for each run and chosen cell, unrounded. */
export function historyCsv(lines: readonly HistoryLine[]): string {
  const head = ['run', 'created_at', 'spec', 'spec_hash', 'hardware', 'expected', 'measured', 'previous'];
  const rows = lines.flatMap((line) => {
    const { run, createdAt, spec, specHash, hardware, expected, measured, previous, change, verdict } = line;
    const common = [run, createdAt, spec, specHash, hardware, expected, measured, previous];
    return line.chosen.map((one) => [...common, one.cell, one.medianUs, one.change, change, verdict]);
  });
  return [[...head, 'cell', 'median_us', 'cell_ratio', 'all_cells_ratio', 'verdict'], ...rows]
    .map((row) => `${row.map((value) => csvField(value === null ? '' : String(value))).join(',')}\r\n`)
    .join('');
}
