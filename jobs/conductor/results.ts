/** The results ConfigMap: what goes in, how it is kept below the size that Kubernetes allows, and how it is read again. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ConfigMap } from './objects.js';
import { resultsName, type AnyPlan } from './plan.js';
import type { MeasurementRecord, Results } from './records.js';
import { reasonText, STATUS_SCHEMA, type RunStatus } from './status.js';

/** Texts above this are stored as gzip under `<key>.gz`. */
export const LARGEST_TEXT = 700_000;
/** A ConfigMap may hold 1,048,576 bytes; the rest is left for keys and for the status that grows. */
const LARGEST = 1_000_000;
const LEFT_OUT = ' is left out: ';

/** The results ConfigMap belongs to something else: exit code 2. */
export class StateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StateError';
  }
}

export type Content = ConfigMap & { metadata: { name: string; labels: Record<string, string> } };

/** What is published. A text that does not fit is left out, and `notes` in status.json says so. */
export function contentOf(
  plan: AnyPlan,
  status: RunStatus,
  results: Pick<Results, 'table' | 'ledgerJson' | 'records'>,
): Content {
  const data: Record<string, string> = { 'table.md': results.table };
  const binaryData: Record<string, string> = {};
  const notes: string[] = [];
  if (status.failure !== null) data['reason'] = reasonText(status.failure);
  let room = LARGEST - size(data) - 2 * JSON.stringify(status).length;
  for (const [key, text, place] of [
    ['ledger.json', results.ledgerJson, 'the counts are in status.json'],
    ['records.ndjson', results.records, 'the evidence is on the volume'],
  ] as const) {
    const plain = Buffer.byteLength(text);
    if (plain <= Math.min(LARGEST_TEXT, room)) {
      data[key] = text;
      room -= plain;
      continue;
    }
    const packed = gzipSync(text, { level: 9 });
    if (packed.length <= room) {
      binaryData[`${key}.gz`] = packed.toString('base64');
      room -= packed.length;
    } else
      notes.push(`${key}${LEFT_OUT}${plain} bytes, ${packed.length} packed, do not fit into a ConfigMap; ${place}`);
  }
  data['status.json'] = `${JSON.stringify({ ...status, notes: [...status.notes, ...notes] }, null, 2)}\n`;
  const labels = {
    'app.kubernetes.io/name': 'hps-bench',
    'hps-bench/run': plan.runId,
    'hps-bench/stage': 'conductor',
    'hps-bench/state': status.state,
  };
  return { metadata: { name: resultsName(plan.runId), labels }, data, binaryData };
}

export interface Published {
  readonly status: RunStatus;
  /** Judged before; a log that is gone since then is not needed for them. */
  readonly records: readonly MeasurementRecord[];
}

/** Reads what a conductor published. @throws StateError if it is of another schema or another run */
export function publishedIn(map: ConfigMap, plan: AnyPlan): Published {
  const where = `ConfigMap ${map.metadata.name}`;
  const status = JSON.parse(map.data?.['status.json'] ?? 'null') as RunStatus | null;
  if (status?.schema !== STATUS_SCHEMA || status.runId !== plan.runId || status.specHash !== plan.specHash)
    throw new StateError(
      `${where}: its status.json is of ${JSON.stringify(status?.schema)}, run ${String(status?.runId)}, spec ${String(status?.specHash)}; wanted ${STATUS_SCHEMA}, ${plan.runId}, ${plan.specHash} (another run used this id: choose another, or delete the ConfigMap)`,
    );
  const packed = map.binaryData?.['records.ndjson.gz'];
  const text =
    packed === undefined ? map.data?.['records.ndjson'] : gunzipSync(Buffer.from(packed, 'base64')).toString();
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  const notes = status.notes.filter((note) => !note.includes(LEFT_OUT));
  return { status: { ...status, notes }, records: lines.map((line) => JSON.parse(line) as MeasurementRecord) };
}

function size(data: Readonly<Record<string, string>>): number {
  return Object.entries(data).reduce((sum, [key, text]) => sum + key.length + Buffer.byteLength(text), 0);
}
