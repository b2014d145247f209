import type { VarianceComponent } from '../../statistics/index.js';
import type { FleetReport } from '../report.js';
import type { Found } from '../confirm.js';

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
/** `+8.2 %`, `-1.0 %` of a ratio. */
export const change = (ratio: number): string => `${ratio >= 1 ? '+' : '-'}${percent(Math.abs(ratio - 1))}`;
export const micros = (us: number): string => us.toFixed(us < 1000 ? 1 : 0);

/** The verdict in a sentence. */
export function headline(report: FleetReport): string {
  const { runs, gpus, nodes, measured, expected, margin, found, verdict, rerun } = report;
  const of = `${gpus} GPUs on ${nodes} nodes, ${measured} of ${expected} measurements, margin ${percent(margin, 0)}`;
  const count = (finding: Found['finding']): number => found.filter((one) => one.finding === finding).length;
  const said = {
    pass: 'no GPU is slower than the fleet by more than the margin',
    incomplete: 'no GPU is slower than the fleet by more than the margin, of those that were measured',
    suspects: `${found.length - count('cleared')} suspects${rerun === null ? ', to be confirmed by a re-run' : ''}`,
    defective: `${count('defective')} defective, confirmed by ${rerun ?? 'a re-run'}`,
  }[verdict];
  return `${runs.join(', ')}: ${said} (${of})`;
}

/** Which, and since when that is known. */
export function nameOf({ kind, node, gpus, measured }: Found): string {
  return kind === 'node'
    ? `node ${node}: ${gpus.length} of its ${measured} GPUs`
    : `${gpus[0]?.gpu ?? ''} on node ${node}`;
}

/** What speaks against it: how many cells, and the worst. */
export function evidenceFor(found: Found): string {
  const all = found.gpus.flatMap(({ deviations }) => deviations);
  const [worst] = all.toSorted((a, b) => b.ratio - a.ratio);
  if (worst === undefined) return '';
  const { low, high } = worst.interval;
  const cells = new Set(all.map(({ cell }) => cell)).size;
  const again = found.again === null ? '' : `; again ${change(found.again)}`;
  return `${change(worst.ratio)} in ${worst.cell} (95 %: ${change(low)} to ${change(high)}, ${worst.n} repeats), ${cells} ${cells === 1 ? 'cell' : 'cells'}${again}`;
}

/** `node 12 %, GPU 61 %, run 27 %`; `-`: the data cannot say. */
export function sharesOf(shares: readonly VarianceComponent[]): string {
  const share = (level: string): string => {
    const found = shares.find((one) => one.level === level)?.share;
    return found === null || found === undefined ? '-' : percent(found, 0);
  };
  return `${share('node')}, ${share('gpu')}, ${share('run')}`;
}

/** Steps of the heat map, by ratio to the fleet: a character, and what it means. */
export const HEAT = [
  { from: -Infinity, mark: '-', label: 'faster than -2 %' },
  { from: 0.98, mark: '.', label: 'within 2 %' },
  { from: 1.02, mark: '+', label: 'to +5 %' },
  { from: 1.05, mark: 'o', label: 'to +10 %' },
  { from: 1.1, mark: 'X', label: 'slower than +10 %' },
] as const;

export const heatStep = (ratio: number): number => HEAT.findLastIndex(({ from }) => ratio >= from);
