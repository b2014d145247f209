import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as yaml from 'js-yaml';
import { parseRecords, ResultsError, type MeasurementRecord } from '../records/index.js';
import { indexEvidence } from './run-evidence.js';
import { openRun, type RunFolder } from './run-folder.js';
import { judgeRun } from './run-ledger.js';
import { fromConfigMap, isKubernetesObject } from './config-map.js';
import { resultSet, type ResultSet } from '../compare/result-set.js';

const ALLOWED =
  'allowed: a folder results/<run>, a records.ndjson (also .gz), or a ConfigMap results-<run> saved as YAML or JSON';

/**
 * Reads one side of a comparison. A run's folder is judged anew from its evidence; elsewhere the records count as they are.
 * @throws ResultsError saying what was found there and what is allowed
 */
export function loadResults(source: string): ResultSet {
  let folder: boolean;
  try {
    folder = statSync(source).isDirectory();
  } catch {
    throw new ResultsError(`${source}: is not there (${ALLOWED})`);
  }
  return folder ? fromFolder(source) : fromFile(source);
}

function fromFolder(source: string): ResultSet {
  const run = existsSync(join(source, 'run.json')) ? openRun(source) : undefined;
  const judged = run === undefined ? [] : judgeEvidence(run);
  if (run !== undefined && judged.length > 0) return ofRun(source, judged, run);
  const file = ['records.ndjson', 'records.ndjson.gz'].map((name) => join(source, name)).find(existsSync);
  if (file === undefined)
    throw new ResultsError(`${source}: has neither evidence of a run nor records.ndjson (${ALLOWED})`);
  return ofRun(source, parseRecords(file, textOf(file)), run);
}

/** @throws ResultsError for a run of many GPUs before all of its evidence is read */
function judgeEvidence(run: RunFolder): MeasurementRecord[] {
  const index = indexEvidence(run.path);
  if (index.units.size > 1)
    throw new ResultsError(
      `${run.path}: is a run of ${index.units.size} units; compare takes the records of one, so write them to a file: grep '"unit":"<unit>"' records.ndjson > one.ndjson`,
    );
  return judgeRun(run, undefined, index).records;
}

function fromFile(source: string): ResultSet {
  const text = textOf(source);
  if (!looksLikeRecords(source, text)) {
    const value = parseYaml(text);
    if (isKubernetesObject(value)) return fromConfigMap(source, value);
    throw new ResultsError(`${source}: is neither records nor a ConfigMap (${ALLOWED})`);
  }
  const beside = join(dirname(source), 'run.json');
  return ofRun(source, parseRecords(source, text), existsSync(beside) ? openRun(dirname(source)) : undefined);
}

/** The folder's run.json is taken only if the records are of that run. */
function ofRun(source: string, records: readonly MeasurementRecord[], run: RunFolder | undefined): ResultSet {
  const same = records.every((record) => record.run_id === run?.runId && record.spec_hash === run.specHash);
  return resultSet(source, records, { spec: same ? run?.spec : undefined });
}

/** JSON on one line is a record, or nothing that can be read; an object of Kubernetes says its apiVersion. */
function looksLikeRecords(source: string, text: string): boolean {
  if (/\.ndjson(\.gz)?$/.test(source)) return true;
  const [line = ''] = text.split('\n', 1);
  return line.startsWith('{') && line.includes('"hps-bench/record/');
}

function parseYaml(text: string): unknown {
  try {
    return yaml.load(text);
  } catch {
    return undefined;
  }
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (error) {
    throw new ResultsError(`${file}: is packed, but damaged: ${(error as Error).message} (copy it again)`);
  }
}
