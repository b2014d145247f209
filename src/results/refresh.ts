import { join } from 'node:path';
import type { Ledger } from '../ledger/index.js';
import { writeRecords, writeWhole } from '../records/index.js';
import { writeReport } from '../report/index.js';
import { reportAnchors } from './anchors.js';
import { ledgerDocument } from './ledger-document.js';
import { readParity } from './parity.js';
import { reportModel } from './report-model.js';
import type { RunFolder } from './run-folder.js';
import { judgeRun } from './run-ledger.js';
import { reportValidity } from './validity.js';
import { reportVerdict } from './verdict.js';

/** Judges the evidence anew: records and ledger of the moment. Nothing is written. */
export function currentLedger(run: RunFolder, why?: string): Ledger {
  return judgeRun(run, why).ledger;
}

/**
 * Recomputes records.ndjson, ledger.json and the report of a run from its evidence.
 * @param why said of what has no evidence at all
 */
export async function refreshResults(
  run: RunFolder,
  why?: string,
): Promise<{ ledger: Ledger; model: ReturnType<typeof reportModel>; report: string }> {
  const { evidence, records, ledger, onCluster } = judgeRun(run, why);
  writeRecords(join(run.path, 'records.ndjson'), records);
  const model = reportModel(run, ledger, evidence, {
    parity: readParity(run.path),
    gpu: onCluster ? run.spec.cluster.gpus > 0 : records.some((record) => record.environment?.gpu_product != null),
    validity: reportValidity(records, ledger),
    verdict: reportVerdict(run, records),
    anchors: reportAnchors(run.spec.batches),
  });
  writeWhole(join(run.path, 'ledger.json'), `${JSON.stringify(ledgerDocument(ledger, run.runId), null, 2)}\n`);
  await writeReport(run.path, model);
  return { ledger, model, report: join(run.path, 'report.html') };
}
