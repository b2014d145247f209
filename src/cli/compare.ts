import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  comparePublished,
  compareRuns,
  exitCode,
  GUARDED,
  IncomparableError,
  jsonComparison,
  jsonRefusal,
  markdownComparison,
  severalRuns,
  terminalComparison,
  type Comparison,
  type Guarded,
  type Options,
} from '../compare/index.js';
import { EXIT } from '../local/index.js';
import { ResultsError, writeWhole } from '../records/index.js';
import { loadResults, publishedPage } from '../results/index.js';
import { DEFAULT_OPTIONS, UNSTEADY_RUN_MOVE } from '../verdict/index.js';
import { useColors } from './terminal.js';

interface CompareOptions {
  readonly against?: string[];
  readonly published?: boolean;
  readonly margin: number;
  readonly alpha: number;
  readonly relativeTo?: string;
  readonly runMove?: number;
  readonly allowDifferent?: Guarded[];
  readonly json?: boolean;
  readonly markdown?: string;
}

/** `hps-bench compare A [B | --against B... | --published]`: is A as fast as B, cell by cell and as a whole? */
export function addCompareCommand(program: Command): void {
  const { margin, alpha } = DEFAULT_OPTIONS;
  program
    .command('compare')
    .description('compare a run with another, or with the published page')
    .usage('[options] <A> <B> | <A...> --against <B...> | <A...> --published')
    .argument(
      '<runs...>',
      'the candidate A and the reference B: results/<run>, a records.ndjson (also .gz), or a saved ConfigMap results-<run>',
    )
    .option(
      '--against <runs...>',
      'several runs a side, all before it A, all after it B: each counts once, and how far they lie apart is what is judged',
    )
    .option('--published', 'compare with the 44 figures of the published page')
    .option(
      '--relative-to <variant>',
      'judge how the other variants stand to this one, repeat by repeat: on a machine that others use, where all variants are slow together',
    )
    .addOption(
      new Option('--margin <percent>', 'by how much a cell may differ')
        .argParser((text) => numberIn(text, 100) / 100)
        .default(margin, String(100 * margin)),
    )
    .addOption(
      new Option('--alpha <chance>', 'chance of any false alarm in the whole table')
        .argParser((text) => numberIn(text, 1))
        .default(alpha, String(alpha)),
    )
    .addOption(
      new Option(
        '--run-move <percent>',
        `by how much the machine may have moved one run as a whole: what all variants moved by, up to it, is no verdict (default: 0 on GPUs, ${100 * UNSTEADY_RUN_MOVE} where there was none)`,
      ).argParser((text) => (Number(text) === 0 && text.trim() !== '' ? 0 : numberIn(text, 100) / 100)),
    )
    .option('--allow-different <what>', `compare although this differs: ${GUARDED.join(', ')} (repeatable)`, allowed)
    .option('--json', 'print JSON')
    .option('--markdown <file>', 'also write Markdown for a pull request; - is standard output, instead of the table')
    .addHelpText(
      'after',
      '\nExit codes: 0 pass, 1 regressed (or out of the band of the published figure), 2 bad input, 3 incomplete,\n' +
        '4 measured under different conditions, 5 inconclusive.',
    )
    .action(compare);
}

function compare(runs: readonly string[], options: CompareOptions): void {
  const { a, b } = sidesOf(runs, options);
  const { margin, alpha, relativeTo, runMove, allowDifferent: allow = [] } = options;
  if (relativeTo !== undefined && b === undefined)
    throw new ResultsError('--relative-to needs a second run: the page has no repeats');
  let comparison: Comparison;
  try {
    comparison = comparisonOf(a, b, { margin, alpha, allow, relativeTo, runMove });
  } catch (error) {
    if (!(error instanceof IncomparableError)) throw error;
    if (options.json === true) process.stdout.write(jsonRefusal(error, EXIT.environment));
    console.error(`hps-bench: ${error.message}`);
    process.exitCode = EXIT.environment;
    return;
  }
  print(comparison, options);
  process.exitCode = exitCode(comparison);
}

/** What is to be loaded for each side; B is undefined for the published page. @throws ResultsError for anything but one reference */
function sidesOf(
  runs: readonly string[],
  { against, published = false }: CompareOptions,
): { a: readonly string[]; b: readonly string[] | undefined } {
  if (against !== undefined && published)
    throw new ResultsError(`compare takes --against ${against.join(' ')} or --published, not both`);
  if (published) return { a: runs, b: undefined };
  if (against !== undefined) return { a: runs, b: against };
  if (runs.length === 1)
    throw new ResultsError(
      'compare needs something to compare with: a second run, --against with several, or --published',
    );
  if (runs.length > 2)
    throw new ResultsError(
      `compare was given ${runs.length} runs (${runs.join(', ')}): two are A and B; of several a side, name those of B after --against`,
    );
  return { a: runs.slice(0, 1), b: runs.slice(1) };
}

function comparisonOf(a: readonly string[], b: readonly string[] | undefined, options: Options): Comparison {
  const sideOf = (sources: readonly string[]) => severalRuns(sources.map(loadResults));
  return b === undefined
    ? comparePublished(sideOf(a), publishedPage(), options)
    : compareRuns(sideOf(a), sideOf(b), options);
}

function print(comparison: Comparison, { json, markdown }: CompareOptions): void {
  if (markdown !== undefined && markdown !== '-') writeWhole(markdown, markdownComparison(comparison));
  if (json === true) process.stdout.write(jsonComparison(comparison));
  else if (markdown === '-') process.stdout.write(markdownComparison(comparison));
  else process.stdout.write(terminalComparison(comparison, { colors: useColors() }));
}

/** @throws InvalidArgumentError for anything but a number above 0 and below `most` */
function numberIn(text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < most) return value;
  throw new InvalidArgumentError(`Allowed: a number above 0 and below ${most}.`);
}

function allowed(text: string, earlier: Guarded[] = []): Guarded[] {
  const found = GUARDED.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed: ${GUARDED.join(', ')}.`);
  return [...earlier, found];
}
