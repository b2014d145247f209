/**
 * From a measuring pod's log to what is published: frames, judged records, ledger and table. Bundled on its own (records.mjs),
 * because reader and judge are as large as the rest of the conductor. Pure: no request is made here.
 */
import { createHash } from 'node:crypto';
import evidenceSchema from '../../schema/evidence.schema.json' with { type: 'json' };
import { countByStatus, ledgerOf, type Ledger, type LedgerEntry } from '../../src/ledger/index.js';
import { readFrames } from '../../src/perf-analyzer/frames.js';
import { judge } from '../../src/records/judge/index.js';
import type { Evidence } from '../../src/records/evidence.js';
import type { MeasurementRecord } from '../../src/records/record.js';
import { markdownTable } from '../../src/report/markdown-table.js';
import { ledgerDocument } from '../../src/results/ledger-document.js';
import { reportModel } from '../../src/results/report-model.js';
import { plannedMeasurements, specHash } from '../../src/spec/cells.js';
import { explain, problemsOf } from './json-check.js';
import type { Plan } from './plan.js';

export { plannedMeasurements, specHash };
export type { Ledger, MeasurementRecord };

/** The table does not show when it was made. */
const BEGINNING = new Date(0).toISOString();

/** `<id>.a<attempt>`: what tells measurements of a run apart. */
export const keyOf = (record: Pick<MeasurementRecord, 'id' | 'attempt'>): string => `${record.id}.a${record.attempt}`;

/**
 * Reads the framed evidence of a log and judges it.
 *
 * @param known what an earlier reading of the log judged already; added to
 * @returns why frames could not be used, a line each: cut off, damaged, of another run
 */
export async function readEvidenceLog(
  stream: AsyncIterable<Buffer>,
  plan: Pick<Plan, 'runId' | 'specHash'>,
  known: Map<string, MeasurementRecord>,
): Promise<string[]> {
  const unusable: string[] = [];
  for await (const { begin, end, text, intact } of readFrames(stream)) {
    const document = { ...end?.evidence, text };
    const attempt = end?.evidence?.['attempt'] ?? begin['attempt'];
    const key = `${begin.id}.a${typeof attempt === 'number' ? attempt : 1}`;
    if (known.has(key)) continue;
    if (end === undefined) unusable.push(`${key}: the log ends, or another begins, before its end`);
    else if (!intact) unusable.push(`${key}: its text does not have the length and digest that measure.py noted`);
    else {
      const problems = problemsOf(document, evidenceSchema);
      const evidence = document as unknown as Evidence;
      if (problems.length > 0) unusable.push(`${key}: is not evidence: ${explain(problems, 2)}`);
      else if (evidence.run_id !== plan.runId || evidence.spec_hash !== plan.specHash)
        unusable.push(`${key}: belongs to run ${evidence.run_id} of spec ${evidence.spec_hash}`);
      else known.set(key, judge(evidence));
    }
  }
  return unusable;
}

export interface Results {
  readonly ledger: Ledger;
  readonly counts: Record<'measured' | 'invalid' | 'failed' | 'missing', number>;
  /** The page's table with a line on top that says which run it is and how complete. Ends in a line feed. */
  readonly table: string;
  /** One record a line, in the order of their ids. */
  readonly records: string;
  /** Counts, and every measurement that is not measured with the reason. */
  readonly ledgerJson: string;
}

/**
 * Everything that is published, from what is known so far. The same records always make the same bytes.
 * @param why said of what has no evidence
 */
export function resultsOf(plan: Plan, known: ReadonlyMap<string, MeasurementRecord>, why: string): Results {
  const records = [...known.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const ledger = ledgerOf(plan.spec, records, why);
  const counts = countByStatus(ledger);
  const run = { runId: plan.runId, spec: plan.spec, specHash: plan.specHash, createdAt: BEGINNING };
  // The table shows figures and reasons only: what surrounded them is in the evidence on the volume.
  const model = reportModel(run, ledger, [], { gpu: plan.stages.serve.gpus > 0 });
  const { expected } = model.ledger;
  return {
    ledger,
    counts,
    table: `Run ${plan.runId}, specification ${plan.specHash}: ${counts.measured} of ${expected} measurements.\n\n${environmentLine(ledger)}${markdownTable(model)}`,
    records: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    ledgerJson: `${JSON.stringify(ledgerDocument(ledger, plan.runId, isWorthAWord))}\n`,
  };
}

/** Only what a reader of the table must know: that its figures are not to be compared. */
function environmentLine({ environment }: Ledger): string {
  return environment.state === 'invalid' ? `**Environment invalid**: ${environment.reason}.\n\n` : '';
}

/** What is not measured, or was in a later attempt only. */
function isWorthAWord(entry: LedgerEntry): boolean {
  return entry.status !== 'measured' || entry.earlier.length > 0;
}

/**
 * Digest of a set of evidence: SHA-256 of the sorted lines `<id>.a<attempt> <text_sha256>\n`. measure.py writes the same into
 * its termination message, so that a log that lost something cannot pass for whole.
 */
export function evidenceDigest(known: ReadonlyMap<string, MeasurementRecord>): string {
  const lines = [...known.values()].map((record) => `${keyOf(record)} ${record.text_sha256}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}
