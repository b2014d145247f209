import type { AdaptiveResult } from './adaptive.js';
import type { Coverage, FixedResult } from './fixed.js';
import type { FleetResult } from './fleet.js';
import { NOISES } from './noise.js';
import { JUDGES, type Judge, type RunsResult } from './runs.js';

const percent = (share: number | null | undefined, digits = 2): string =>
  share == null ? '-' : `${(100 * share).toFixed(digits)} %`;

/** Columns of text, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [line(head), ...rows.map(line)].join('\n');
}

/** Two standard errors of a share that was counted, as an aid to reading small ones. */
function uncertainty(share: number, count: number): string {
  return `± ${(200 * Math.sqrt((share * (1 - share)) / count)).toFixed(2)}`;
}

function covered(coverage: readonly Coverage[], of: string): string {
  const found = coverage.find((item) => item.of === of);
  return found === undefined ? '-' : `${percent(found.measured, 1)} (${(100 * found.stated).toFixed(1)})`;
}

export function fixedText(results: readonly FixedResult[]): string {
  const power = (like: FixedResult): FixedResult | undefined =>
    results.find(({ kind, noise, repeats }) => kind === 'shifted' && noise === like.noise && repeats === like.repeats);
  const rows = results
    .filter(({ kind }) => kind === 'same')
    .map((result) => [
      `${result.repeats} ${result.noise}`,
      `${percent(result.falseAlarms)} ${uncertainty(result.falseAlarms, result.campaigns)}`,
      percent(power(result)?.power, 1),
      percent(result.same, 1),
      ...['ratio', 'Hodges-Lehmann ratio', 'median', 'slope'].map((of) => covered(result.coverage, of)),
    ]);
  const head = [
    'repeats, noise',
    'false alarms',
    'power at 5 %',
    'called same',
    'ratio',
    'Hodges-Lehmann',
    'median',
    'slope',
  ];
  const noises = Object.entries(NOISES).map(([name, meaning]) => `  ${name}: ${meaning}`);
  return [
    '\nTwo runs of 44 cells, CV 2 %. False alarms: campaigns without a difference in which any cell has one.',
    'Intervals: share that contains the truth (level they state).',
    table(head, rows),
    ...noises,
  ].join('\n');
}

export function adaptiveText(results: readonly AdaptiveResult[]): string {
  const rows = results.map((result) => [
    `${result.noise}, CV ${100 * result.cv} %, ${result.kind === 'same' ? 'no change' : '4 cells 5 % slower'}`,
    percent(result.gpuTime, 1),
    `${percent(result.falseAlarms)} (${(100 * result.falseAlarmsOfTen).toFixed(2)})`,
    result.power === null ? '-' : `${percent(result.power, 1)} (${(100 * (result.powerOfTen ?? 0)).toFixed(1)})`,
    `${percent(result.same, 1)} (${(100 * result.sameOfTen).toFixed(1)})`,
  ]);
  const plain = results.filter(({ noise, kind }) => noise === 'normal' && kind === 'same');
  const mean = plain.reduce((sum, { gpuTime }) => sum + gpuTime, 0) / plain.length;
  return [
    '\nCells that stop by themselves against a stored run of ten repeats; in brackets ten fixed repeats on the same campaigns.',
    table(['noise, change', 'GPU time', 'false alarms', 'power at 5 %', 'called same'], rows),
    `GPU time, mean over the CVs of normal noise without a change: ${percent(mean, 1)}`,
  ].join('\n');
}

export function runsText(results: readonly RunsResult[]): string {
  const judges = Object.keys(JUDGES) as Judge[];
  const rows = results
    .filter(({ kind }) => kind === 'same')
    .flatMap((result) => {
      const like = (wanted: RunsResult['kind']) =>
        results.find(({ kind, runs, cv }) => kind === wanted && runs === result.runs && cv === result.cv);
      const [shifted, oneVariant] = [like('shifted'), like('one variant')];
      return judges.map((judge) => {
        const { falseAlarms, same, covered: contained } = result.judges[judge];
        return [
          `${result.runs} runs, CV ${(100 * result.cv.run).toFixed(1)} %, ${judge}`,
          percent(falseAlarms),
          percent(shifted?.judges[judge].power, 1),
          percent(oneVariant?.judges[judge].power, 1),
          percent(oneVariant?.judges[judge].falseAlarms),
          percent(same, 1),
          percent(contained, 1),
        ];
      });
    });
  return [
    '\nSeveral runs a side of 44 cells and ten repeats; the CV is of what moves all cells of a run alike.',
    table(
      [
        'runs a side, judged',
        'false alarms',
        'power, all 10 % slower',
        'power, one variant slower',
        'false alarms in the others',
        'called same',
        'ratio (95.0)',
      ],
      rows,
    ),
    ...judges.map((judge) => `  ${judge}: ${JUDGES[judge]}`),
  ].join('\n');
}

export function fleetText({ full, plain }: FleetResult): string {
  const line = (name: string, { seconds, cpuSeconds, peakRssMb }: FleetResult['full']): string =>
    `  ${name}: ${seconds.toFixed(2)} s by the clock, ${cpuSeconds.toFixed(2)} s of processor time, peak RSS ${Math.round(peakRssMb)} MB`;
  return [
    '\n1,000 GPUs x 44 cells x 10 repeats',
    line('full statistics', full),
    line('means alone', plain),
    `  ratio of processor times: ${(full.cpuSeconds / plain.cpuSeconds).toFixed(1)}, ${full.figures} figures against ${plain.figures}`,
  ].join('\n');
}
