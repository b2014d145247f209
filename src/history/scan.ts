import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ResultsError } from '../records/index.js';
import { hardwareOf } from './hardware.js';
import { parseRecords } from './record-lines.js';
import { parseLedger, parseRun, type LedgerCounts, type RunFacts } from './run-files.js';

/** One run as it lies in its folder. */
export interface ScannedRun {
  /** Name of its folder below the folder of all runs: what tells runs apart. */
  readonly run: string;
  /** What run.json says; undefined where there is none that can be read. */
  readonly facts: RunFacts | undefined;
  /** From run.json, or else from the records; null if neither says. */
  readonly specHash: string | null;
  /** When the run was made, or else when its first measurement began, ISO 8601; null if nothing says. */
  readonly createdAt: string | null;
  /** What ledger.json says; undefined where there is none. */
  readonly ledger: LedgerCounts | undefined;
  /** GPUs, or else processors, that the measurements were made on; null if nothing says. */
  readonly hardware: string | null;
  /** Whether some of it was measured where there was no GPU. */
  readonly withoutGpu: boolean;
  /** Lines of records.ndjson, each one JSON object of this release's schema. */
  readonly records: readonly string[];
}

export interface Scan {
  readonly runs: readonly ScannedRun[];
  /** What was passed over and why, a line each. */
  readonly passedOver: readonly string[];
}

/**
 * Reads every run of a results folder. What is torn, foreign or of another release is named and passed over.
 * @throws ResultsError if the folder itself cannot be read
 */
export function scanResults(root: string): Scan {
  const runs: ScannedRun[] = [];
  const passedOver: string[] = [];
  for (const name of namesIn(root)) {
    const path = join(root, name);
    const found = scanRun(path, name, passedOver);
    if (found !== undefined) runs.push(found);
  }
  return { runs, passedOver };
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(root)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    throw new ResultsError(
      `${root}: cannot be read as a folder of runs: ${(error as Error).message} (give the folder with --results)`,
    );
  }
}

function scanRun(path: string, run: string, passedOver: string[]): ScannedRun | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    passedOver.push(`${path}: is no folder of a run`);
    return undefined;
  }
  const read = (name: string): string | undefined => textOf(join(path, name), passedOver);
  const [runText, recordsText, ledgerText] = [read('run.json'), read('records.ndjson'), read('ledger.json')];
  if (runText === undefined && recordsText === undefined) {
    passedOver.push(`${path}: holds neither run.json nor records.ndjson`);
    return undefined;
  }
  if (recordsText === undefined)
    passedOver.push(`${path}: has no records.ndjson yet (hps-bench report ${path} makes it)`);
  const { lines, environments, specHash, firstStart } = parseRecords(
    join(path, 'records.ndjson'),
    recordsText ?? '',
    passedOver,
  );
  const facts = runText === undefined ? undefined : parseRun(join(path, 'run.json'), runText, passedOver);
  return {
    run,
    facts,
    specHash: facts?.spec_hash ?? specHash,
    createdAt: facts?.created_at ?? firstStart,
    ledger: ledgerText === undefined ? undefined : parseLedger(join(path, 'ledger.json'), ledgerText, passedOver),
    ...hardwareOf(environments, join(path, 'evidence')),
    records: lines,
  };
}

/** A file's text; undefined where there is none, or none that can be read, which is then named. */
function textOf(path: string, passedOver: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      passedOver.push(`${path}: cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}
