import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addTableOptions, historyRoom, scanned, type TableOptions } from './history-room.js';
import { terminalWidth } from './terminal.js';

interface QueryOptions extends TableOptions {
  readonly parquet?: string;
}

/** `hps-bench query "select …"`: SQL over the records of every run. */
export function addQueryCommand(program: Command): void {
  addTableOptions(
    program
      .command('query')
      .description('answer a SQL query over the records of all runs; tables: runs, records, cells')
      .argument('<sql>', 'one SELECT in DuckDB’s SQL; "describe records" lists the columns of a table'),
  )
    .option('--parquet <file>', 'write the answer to a Parquet file instead')
    .addHelpText(
      'after',
      '\nrecords: one row for each attempt of a measurement; counts is true for the one that the ledger counts' +
        '\ncells:   one row for each variant, batch and concurrency of a run, over the records that count; times in us' +
        '\nruns:    one row for each folder' +
        '\nNothing is changed, and no file outside the results folder is read.',
    )
    .action(answer);
}

async function answer(sql: string, options: QueryOptions): Promise<void> {
  const { answerCsv, answerJson, answerText, openHistory, partialOf, query, queryToParquet } = await historyRoom();
  const { parquet, results: root } = options;
  const writable = parquet === undefined ? {} : { writable: partialOf(parquet) };
  const connection = await openHistory(await scanned(root), { root, ...writable });
  if (parquet !== undefined) {
    await queryToParquet(connection, sql, parquet);
    console.error(`written: ${resolve(parquet)}`);
    return;
  }
  const found = await query(connection, sql);
  if (options.json === true) process.stdout.write(answerJson(found));
  else process.stdout.write(options.csv === true ? answerCsv(found) : answerText(found, terminalWidth()));
}
