import type { Command } from 'commander';
import { EnvironmentError } from '../local/index.js';

/** What `history` and `query` have in common. */
export interface TableOptions {
  readonly results: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export function addTableOptions(command: Command): Command {
  return command
    .option('--results <folder>', 'folder of all runs', 'results')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV');
}

/** DuckDB is a large library of machine code: loaded only where it is used. @throws EnvironmentError where it is not there */
export async function historyRoom() {
  try {
    return await import('../history/index.js');
  } catch (error) {
    throw new EnvironmentError(
      `DuckDB cannot be loaded: ${(error as Error).message}`,
      'run npm ci again, with optional dependencies, where @duckdb/node-api has a build (Linux with glibc, macOS, Windows)',
    );
  }
}

/** Reads all runs; what was passed over is said on stderr, so that stdout is what was asked for and nothing else. */
export async function scanned(results: string) {
  const { scanResults } = await historyRoom();
  const scan = scanResults(results);
  for (const line of scan.passedOver) console.error(`passed over: ${line}`);
  return scan;
}
