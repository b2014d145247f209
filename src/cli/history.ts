import { InvalidArgumentError, type Command } from 'commander';
import { addTableOptions, historyRoom, scanned, type TableOptions } from './history-room.js';
import { terminalWidth } from './terminal.js';

interface HistoryOptions extends TableOptions {
  readonly cell?: string[];
  readonly last?: number;
}

/** `hps-bench history`: one line a run, with its change against the run before. */
export function addHistoryCommand(program: Command): void {
  const collect = (value: string, earlier: string[] = []): string[] => [...earlier, cellOption(value)];
  addTableOptions(
    program
      .command('history')
      .description('list all runs, each with its change against the one before of the same spec and hardware'),
  )
    .option('--cell <cell>', 'show this cell, e.g. native_tf-b1024 (repeatable)', collect)
    .option('--last <n>', 'show the newest n runs only', countOption)
    .addHelpText(
      'after',
      '\nFigures are medians of compute infer; without --cell those of the spec’s last variant at its largest batch.' +
        '\nall cells: geometric mean of the ratios of all cells. +1 % is slower.',
    )
    .action(history);
}

async function history(options: HistoryOptions): Promise<void> {
  const { historyCsv, historyLines, historyText, openHistory, readHistory } = await historyRoom();
  const runs = await readHistory(await openHistory(await scanned(options.results), { root: options.results }));
  const all = historyLines(runs, options.cell);
  const lines = options.last === undefined ? all : all.slice(-options.last);
  if (options.json === true) process.stdout.write(`${JSON.stringify(lines, null, 2)}\n`);
  else if (options.csv === true) process.stdout.write(historyCsv(lines));
  else if (lines.length > 0) process.stdout.write(historyText(lines, terminalWidth()));
  else console.log(`no runs in ${options.results}: hps-bench local and hps-bench run make them`);
}

function cellOption(value: string): string {
  const [, variant = '', batch = '', concurrency = '1'] = /^([a-z0-9_]+)-b(\d+)(?:-c(\d+))?$/.exec(value) ?? [];
  if (variant === '')
    throw new InvalidArgumentError(
      'Allowed: <variant>-b<batch>, such as native_tf-b1024, or that with -c<concurrency>.',
    );
  return `${variant}-b${batch}-c${concurrency}`;
}

function countOption(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Allowed: a whole number from 1.');
  return count;
}
