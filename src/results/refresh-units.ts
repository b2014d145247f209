import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole, type MeasurementRecord } from '../records/index.js';
import { indexEvidence } from './run-evidence.js';
import type { RunFolder } from './run-folder.js';
import { judgeUnits, type UnitsLedger } from './run-ledger.js';

/** Lines are handed to the system in pieces of about this size. */
const BATCH = 1 << 20;

/**
 * Recomputes records.ndjson and ledger.json of a run of many units from its evidence, one piece at a time. There is no
 * report: one table of many GPUs would mix what is to be compared.
 */
export function refreshUnits(run: RunFolder, index = indexEvidence(run.path)): UnitsLedger {
  const ledger = writingRecords(join(run.path, 'records.ndjson'), (onRecord) => judgeUnits(run, index, onRecord));
  const { units, expected, counts, open, unexpected } = ledger;
  const document = {
    ...{ schema: 'hps-bench/ledger/1', run_id: run.runId, units, expected, ...counts, unexpected },
    // What is measured is in records.ndjson; here is what is not, and why.
    entries: open,
  };
  writeWhole(join(run.path, 'ledger.json'), `${JSON.stringify(document, null, 1)}\n`);
  return ledger;
}

/** The file appears with all its records, or stays as it was. */
function writingRecords<T>(path: string, work: (onRecord: (record: MeasurementRecord) => void) => T): T {
  const temporary = `${path}.tmp${process.pid}-${randomBytes(3).toString('hex')}`;
  const file = openSync(temporary, 'wx');
  let batch: string[] = [];
  let length = 0;
  const flush = (): void => {
    const bytes = Buffer.from(batch.join(''));
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    batch = [];
    length = 0;
  };
  try {
    const made = work((record) => {
      const line = `${JSON.stringify(record)}\n`;
      batch.push(line);
      length += line.length;
      if (length >= BATCH) flush();
    });
    flush();
    fsyncSync(file);
    renameSync(temporary, path);
    return made;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
