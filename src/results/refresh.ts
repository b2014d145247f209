import { join } from 'node:path';
import { ledgerOf, type Ledger } from '../ledger/index.js';
import { readEvidence, recordsOf, writeRecords, writeWhole } from '../records/index.js';
import { writeReport } from '../report/index.js';
import { reportAnchors } from './anchors.js';
import { readParity } from './parity.js';
import { reportModel } from './report-model.js';
import type { RunFolder } from './run-folder.js';
import { reportValidity } from './validity.js';

/** Judges the evidence anew: records and ledger of the moment. Nothing is written. */
export function currentLedger(run: RunFolder, why?: string): Ledger {
  return ledgerOf(run.spec, recordsOf(readEvidence(join(run.path, 'evidence'))), why);
}

/**
 * Recomputes records.ndjson, ledger.json and the report of a run from its evidence.
 * @param why said of what has no evidence at all
 */
export async function refreshResults(
  run: RunFolder,
  why?: string,
): Promise<{ ledger: Ledger; model: ReturnType<typeof reportModel>; report: string }> {
  const evidence = readEvidence(join(run.path, 'evidence'));
  const records = recordsOf(evidence);
  const ledger = ledgerOf(run.spec, records, why);
  writeRecords(join(run.path, 'records.ndjson'), records);
  const model = reportModel(run, ledger, evidence, {
    parity: readParity(run.path),
    gpu: records.some((record) => record.environment?.gpu_product != null),
    validity: reportValidity(records, null),
    anchors: reportAnchors(run.spec.batches),
  });
  writeWhole(
    join(run.path, 'ledger.json'),
    `${JSON.stringify({ schema: 'hps-bench/ledger/1', run_id: run.runId, ...model.ledger }, null, 2)}\n`,
  );
  await writeReport(run.path, model);
  return { ledger, model, report: join(run.path, 'report.html') };
}
