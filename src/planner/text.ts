import { variantOf } from '../spec/index.js';
import type { CellForecast } from './time.js';
import { driverText } from './driver.js';
import type { Forecast } from './forecast.js';
import type { StageForecast } from './stages.js';
import type { MemoryPart } from './memory.js';
import { bytesText, durationText } from './quantity.js';

const WIDTH = 110;

/** Left-aligned first column, the others right-aligned, two spaces between. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Wraps at words; further lines are indented by two. */
function wrap(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function holdsGpus({ stages }: Forecast): boolean {
  return stages.some(({ holdsGpu }) => holdsGpu);
}

function heading(plan: Forecast): string[] {
  const place = plan.place === 'cluster' ? 'on a cluster' : 'on this machine';
  const where = holdsGpus(plan) ? place : `${place}, without a GPU`;
  const lines = [`plan of ${plan.name} ${where}: ${plan.cells.length} cells, ${plan.measurements} measurements`];
  const { image, gpu } = plan;
  if (image !== null) {
    const code = image.hpsCapabilities?.join(', ') ?? 'not published';
    const framework = image.torch === undefined ? `TensorFlow ${image.tensorflow ?? 'none'}` : `PyTorch ${image.torch}`;
    lines.push(
      '',
      `image   ${image.name}`,
      `        Triton ${image.triton}, ${framework}, TensorRT ${image.tensorrt}, CUDA ${image.cuda}, Python ${image.python}`,
      image.torch === undefined ? `        HPS code for compute capability ${code}` : '        no HPS in it',
      `driver  ${driverText(image.driver)}`,
    );
  }
  if (gpu !== null)
    lines.push(`GPU     ${gpu.product}: compute capability ${gpu.capability}, ${bytesText(gpu.bytes)} of memory`);
  return lines;
}

function stageRow(plan: Forecast, stage: StageForecast, requests: boolean): string[] {
  const gpu = holdsGpus(plan) ? [stage.holdsGpu ? 'held' : '-', bytesText(stage.gpuBytes)] : [];
  const request = requests ? [stage.memoryRequest] : [];
  return [
    stage.stage,
    ...gpu,
    bytesText(stage.hostBytes),
    ...request,
    bytesText(stage.diskBytes),
    durationText(stage.seconds.expected),
    durationText(stage.seconds.most),
  ];
}

function stageTable(plan: Forecast, requests = plan.place === 'cluster'): string[] {
  const gpus = holdsGpus(plan);
  const head = [
    'stage',
    ...(gpus ? ['GPU', 'GPU memory'] : []),
    'host memory',
    ...(requests ? ['request'] : []),
    'disk',
    'expected',
    'at most',
  ];
  const total = [
    'all',
    ...(gpus ? ['', ''] : []),
    '',
    ...(requests ? [''] : []),
    bytesText(plan.disk.atRest),
    durationText(plan.seconds.expected),
    durationText(plan.seconds.most),
  ];
  return columns([head, ...plan.stages.map((stage) => stageRow(plan, stage, requests)), total]);
}

function hours(plan: Forecast): string {
  const holding = plan.stages.filter(({ holdsGpu }) => holdsGpu).map(({ stage }) => stage);
  const { expected, most } = plan.gpuHours;
  return `GPU-hours: ${expected.toFixed(1)} expected, ${most.toFixed(1)} at most; the GPU is held by ${holding.join(', ')}`;
}

function partLines(title: string, parts: readonly MemoryPart[]): string[] {
  if (parts.length === 0) return [];
  return ['', title, ...columns(parts.map(({ what, bytes }) => [`  ${what}`, bytesText(bytes)]))];
}

function cellText(cell: CellForecast | undefined): string {
  if (cell?.microseconds === undefined || cell.microseconds === null) return '-';
  return `${cell.published ? '' : '~'}${cell.microseconds}`;
}

function cellTable(plan: Forecast): string[] {
  if (plan.cells.every(({ microseconds }) => microseconds === null) || !holdsGpus(plan)) return [];
  const variants = [...new Set(plan.cells.map(({ variant }) => variant))];
  const batches = [...new Set(plan.cells.map(({ batch }) => batch))];
  const rows = batches.map((batch) => {
    const cells = variants.map((variant) =>
      plan.cells.find((cell) => cell.variant === variant && cell.batch === batch),
    );
    const seconds = cells.reduce((sum, cell) => sum + (cell?.seconds.expected ?? 0), 0);
    return [String(batch), ...cells.map(cellText), `${Math.round(seconds)} s`];
  });
  return [
    '',
    'published latency in us (~: interpolated; -: none), and what one repeat of the row takes',
    ...columns([['batch', ...variants.map((id) => variantOf(id).label), 'repeat'], ...rows]),
  ];
}

function diskLine({ disk }: Forecast): string {
  const parts = [
    `vectors ${bytesText(disk.vectors)} (stored once)`,
    `keys ${bytesText(disk.keys)}`,
    `models ${bytesText(disk.dense)}`,
    ...(disk.engines > 0 ? [`engines ${bytesText(disk.engines)}`] : []),
    `requests ${bytesText(disk.requests)}`,
    `results ${bytesText(disk.results)}`,
  ];
  return `disk at rest ${bytesText(disk.atRest)}: ${parts.join(', ')}`;
}

function verdict(plan: Forecast): string[] {
  const lines = plan.warnings.flatMap((warning) => wrap(`! ${warning}`));
  for (const { what, message, fix } of plan.problems)
    lines.push(...wrap(`x ${what}: ${message}`), ...wrap(`  ${fix}`).map((line) => `  ${line.trimStart()}`));
  const known = plan.problems.length === 1 ? '1 reason above' : `${plan.problems.length} reasons above`;
  return [...lines, plan.fits ? 'It fits.' : `It cannot run as it stands: ${known}.`];
}

/** A plan for people: plain text, ends in a line feed. */
export function planText(plan: Forecast): string {
  const lines = [
    ...heading(plan),
    '',
    ...stageTable(plan),
    '',
    ...(holdsGpus(plan) ? wrap(hours(plan)) : []),
    ...wrap(diskLine(plan)),
    ...partLines('GPU memory while serving', plan.gpuParts),
    ...partLines('host memory while serving', plan.hostParts),
    ...cellTable(plan),
    '',
    ...plan.notes.flatMap((note) => wrap(`- ${note}`)),
    '',
    ...verdict(plan),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * The plan's figures without where they come from: what a person looks at before a run. Ends in a line feed.
 * @param width columns of the terminal: what is too wide for it leaves out the memory that is requested
 */
export function planSummary(plan: Forecast, width = WIDTH): string {
  const table = stageTable(plan);
  const isNarrow = table.some((line) => line.length > width);
  const lines = [
    ...heading(plan),
    '',
    ...(isNarrow ? stageTable(plan, false) : table),
    '',
    ...(holdsGpus(plan) ? wrap(hours(plan), Math.min(width, WIDTH)) : []),
    ...wrap(diskLine(plan), Math.min(width, WIDTH)),
    ...verdict(plan),
  ];
  return `${lines.join('\n')}\n`;
}
