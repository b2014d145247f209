/** `hps-bench parse`: reads what perf_analyzer printed or wrote. */
import { createReadStream } from 'node:fs';
import { type Command, Option } from 'commander';
import { type LogDocument, readLog, readingToJson, readingToTable, stringifyExact } from '../perf-analyzer/index.js';

/** Input that cannot be read, or is not perf_analyzer's. */
const BAD_INPUT = 2;

type Format = 'json' | 'table';

/** One line of JSON; a frame's own facts stand before those of its text. */
function toJson(document: LogDocument): string {
  const json = readingToJson(document.reading);
  const { frame } = document;
  if (!frame) return json;
  const about = {
    id: frame.begin.id,
    first_line: frame.firstLine,
    complete: frame.complete,
    intact: frame.intact,
    ...(frame.stream === '' ? {} : { stream: frame.stream }),
  };
  return `{"frame":${stringifyExact(about)},${json.slice(1)}`;
}

function toTable(name: string, document: LogDocument): string {
  const { frame } = document;
  if (!frame) return `${name}: ${readingToTable(document.reading)}`;
  const state = frame.intact ? 'intact' : frame.complete ? 'NOT INTACT' : 'INCOMPLETE';
  return `${name}, line ${frame.firstLine}, ${frame.begin.id} (${state}): ${readingToTable(document.reading)}`;
}

/** Writes a line and waits while the reader of a pipe is slower than we are. */
async function print(line: string): Promise<void> {
  if (process.stdout.write(`${line}\n`)) return;
  await new Promise<void>((resolve) => {
    process.stdout.once('drain', resolve);
  });
}

/** Parses one file; false when it is unreadable or foreign. */
async function parseFile(file: string, format: Format): Promise<boolean> {
  const name = file === '-' ? 'standard input' : file;
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  let good = true;
  try {
    for await (const document of readLog(stream as AsyncIterable<Buffer>)) {
      await print(format === 'json' ? toJson(document) : toTable(name, document));
      if (document.reading.kind === 'foreign') good = false;
    }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `hps-bench parse: cannot read ${name}: ${what}. Name a readable file, or - for standard input.\n`,
    );
    return false;
  }
  return good;
}

/** Adds `parse` to the program. Exit codes: 0, or 2 when a file is unreadable or not perf_analyzer's. */
export function addParseCommand(program: Command): void {
  program
    .command('parse')
    .description('read perf_analyzer output: stdout or a pod’s log, CSV, profile export, the kit’s framed logs')
    .argument('<file...>', 'files to read; - is standard input')
    .addOption(new Option('--format <format>', 'output format').choices(['json', 'table']).default('json'))
    .addHelpText(
      'after',
      '\nPrints one JSON object per file, each on its own line; for a log with the kit’s frames one object per frame,\n' +
        'which begins with "frame" (id, first line, complete, intact). Exit code 2: a file is unreadable or foreign.',
    )
    .action(async (files: string[], options: { format: Format }) => {
      for (const file of files) {
        if (!(await parseFile(file, options.format))) process.exitCode = BAD_INPUT;
      }
    });
}
