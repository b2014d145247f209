import picocolors from 'picocolors';
import { oneLine } from '../../report/escape.js';
import { duration } from './duration.js';
import type { RunView, StageView, ViewState } from './view.js';

export interface ViewTextOptions {
  /** Columns of the terminal; longer lines are wrapped. */
  readonly width: number;
  readonly colors: boolean;
  /** Where the run's results lie on this machine, if they do. */
  readonly report?: string | undefined;
}

type Paint = (text: string) => string;

/** Words for the states, each as wide as it is said. */
const STATES: Readonly<Record<ViewState, string>> = {
  waiting: 'waiting',
  running: 'running',
  complete: 'complete',
  incomplete: 'incomplete',
  failed: 'failed',
};

/** One screen on one run; ends in a line feed. */
export function viewText(view: RunView, options: ViewTextOptions): string {
  const colors = picocolors.createColors(options.colors);
  const paint: Readonly<Record<string, Paint>> = {
    ...{ running: colors.cyan, done: colors.green, complete: colors.green, failed: colors.red },
    ...{ incomplete: colors.yellow, waiting: colors.dim },
  };
  const painted = (state: string, text = state): string => (paint[state] ?? String)(text);
  const spec = view.specHash === null ? '' : ` of spec ${view.specHash}`;
  const head = `run ${colors.bold(view.run)}${spec}: ${painted(view.state, STATES[view.state])}`;
  const place = `context ${view.context}, namespace ${view.namespace}`;
  const sections = [
    [head, place, ...timeLines(view)],
    view.stages.flatMap((stage) => stageLines(stage, painted, options.width)),
    factLines(view, colors.red, options),
    ...(view.failure === null || view.failure.log.length === 0
      ? []
      : [
          [
            `last lines of the log of ${view.failure.container ?? view.failure.stage}:`,
            ...view.failure.log.slice(-8).map((line) => `  ${oneLine(line).slice(0, options.width - 2)}`),
          ],
        ]),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function timeLines({ startedAt, finishedAt, secondsLeft, at, state, message }: RunView): string[] {
  if (startedAt === null) return [message];
  const began = `began ${clock(startedAt)} UTC`;
  if (finishedAt !== null) return [`${began}, ended ${clock(finishedAt)} after ${between(startedAt, finishedAt)}`];
  const left = state === 'running' && secondsLeft !== null ? `, about ${duration(secondsLeft)} left` : '';
  return [`${began}, ${between(startedAt, at)} ago${left}`];
}

function stageLines(stage: StageView, painted: (state: string, text?: string) => string, width: number): string[] {
  const took = stage.seconds === null ? '' : duration(stage.seconds);
  const start = `${stage.stage.padEnd(13)}  ${painted(stage.state, stage.state.padEnd(7))}  ${took.padStart(12)}`;
  return hanging(start, 13 + 2 + 7 + 2 + 12, stage.message, width);
}

function factLines(view: RunView, alarm: Paint, { width, report }: ViewTextOptions): string[] {
  const { measurements: counts, cells, gpu, triton, waiting, failure, events, results, notes, others } = view;
  const facts: [name: string, text: string][] = [];
  if (failure !== null) facts.push([alarm('failure'), `${failure.stage}: ${failure.summary}`]);
  if (counts !== null) facts.push(['measurements', countsText(counts)]);
  if (cells !== null) facts.push(['cells', `${cells.done} of ${cells.total} done`]);
  for (const { what, why } of waiting) facts.push(['waiting', `${what}: ${why}`]);
  const scale = triton === null ? '' : `; Triton is scaled to ${triton}`;
  facts.push(['GPU', gpu.held === 0 ? `none held${scale}` : `${gpu.held} held by ${gpu.pods.join(', ')}${scale}`]);
  for (const { at, reason, message, warning } of events)
    facts.push([warning ? alarm('event') : 'event', `${clock(at).slice(11)} ${reason}: ${message}`]);
  if (report !== undefined) facts.push(['report', report]);
  if (results !== null) facts.push(['results', `ConfigMap ${results}`]);
  for (const note of notes) facts.push(['note', note]);
  if (others.length > 0)
    facts.push([
      'other runs',
      others
        .map(({ run, state, measured, expected }) => `${run} (${STATES[state]}, ${measured} of ${expected})`)
        .join(', '),
    ]);
  return facts.flatMap(([name, text]) => hanging(name + ' '.repeat(Math.max(0, 12 - visible(name))), 12, text, width));
}

function countsText({ expected, ...counts }: NonNullable<RunView['measurements']>): string {
  const others = (['invalid', 'failed', 'missing'] as const).flatMap((key) =>
    counts[key] > 0 ? [`${counts[key]} ${key}`] : [],
  );
  return [`${counts.measured} of ${expected}`, ...others].join(', ');
}

/** A text behind a start, its further lines below its first. @param indent visible width of the start */
function hanging(start: string, indent: number, text: string, width: number): string[] {
  const lines = wrap(oneLine(text), Math.max(20, width - indent - 2));
  return lines.map((line, i) => `${i === 0 ? start : ' '.repeat(indent)}  ${line}`.trimEnd());
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const visible = (text: string): number => text.replaceAll(/\u001b\[\d+m/g, '').length;

/** `2026-01-02 03:04:05` in UTC, as everything in the cluster is. */
const clock = (iso: string): string => (iso === '' ? '-' : iso.slice(0, 19).replace('T', ' '));

const between = (from: string, to: string): string => duration(Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000));
