import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as yaml from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordsFor } from '../../test/fixtures/compare/records.js';
import { cellsIn } from '../compare/index.js';
import type { MeasurementRecord } from '../records/index.js';
import { loadSpec } from '../spec/index.js';
import { loadResults } from './load.js';
import { chooseRun } from './run-folder.js';

const spec = loadSpec({ preset: 'smoke', set: ['repeats=2'] });
const now = new Date('2026-01-02T03:04:05Z');
let root: string;
let folder: string;
let records: MeasurementRecord[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hps-bench-load-'));
  const { run } = chooseRun({ root, spec, now, runId: 'one' });
  folder = run.path;
  records = recordsFor(spec, { runId: 'one', microseconds: ({ batch, repeat }) => 10 * batch + repeat });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const lines = (all: readonly MeasurementRecord[]) => all.map((record) => `${JSON.stringify(record)}\n`).join('');
function file(name: string, content: string | Buffer): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

describe('one side of a comparison', () => {
  it('is read from a run folder, with its spec and what it lacks', () => {
    writeFileSync(join(folder, 'records.ndjson'), lines(records.slice(1)));
    const set = loadResults(folder);
    expect(set).toMatchObject({ runId: 'one', spec, expected: 8, lacking: [{ id: records[0]?.id }] });
    expect(cellsIn(set).get('native_tf-b256-c1')?.microseconds).toEqual([2561, 2562]);
  });

  it('is read from records alone, packed or not; then nothing says how many there should be', () => {
    for (const path of [file('r.ndjson', lines(records)), file('r.ndjson.gz', gzipSync(lines(records)))])
      expect(loadResults(path)).toMatchObject({ runId: 'one', spec: undefined, expected: undefined, lacking: [] });
  });

  it('takes the spec from run.json beside the records if it is that of their run', () => {
    const path = join(folder, 'records.ndjson');
    writeFileSync(path, lines(records));
    expect(loadResults(path).spec).toEqual(spec);
    writeFileSync(path, lines(records.map((record) => ({ ...record, run_id: 'another' }))));
    expect(loadResults(path).spec).toBeUndefined();
  });

  it.each(['YAML', 'JSON'])('is read from a results ConfigMap saved as %s, with its ledger', (format) => {
    const entries = [{ id: records[0]?.id, status: 'failed', reasons: ['perf_analyzer ended with code 99'] }];
    const map = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'results-one' } },
      data: { 'ledger.json': JSON.stringify({ expected: 8, entries }), 'table.md': '| a |' },
      binaryData: { 'records.ndjson.gz': gzipSync(lines(records.slice(1))).toString('base64') },
    };
    const set = loadResults(file('map', format === 'YAML' ? yaml.dump(map) : JSON.stringify(map, null, 2)));
    expect(set).toMatchObject({
      runId: 'one',
      expected: 8,
      lacking: entries.map(({ id, reasons }) => ({ id, reasons })),
    });
    expect(set.records).toHaveLength(7);
  });

  it('counts the first attempt that measured, and no canary', () => {
    const [first] = records;
    if (first === undefined) throw new Error('no record');
    const at = (attempt: number, us: number, more: Partial<MeasurementRecord>): MeasurementRecord => ({
      ...first,
      attempt,
      server: first.server && { ...first.server, compute_infer_us: us },
      ...more,
    });
    const all = [
      at(3, 30, {}),
      at(2, 20, {}),
      at(1, 10, { status: 'invalid' }),
      at(1, 1, { id: 'canary-first', role: 'canary' }),
    ];
    const set = loadResults(file('attempts.ndjson', lines(all)));
    expect([...cellsIn(set).values()].map(({ microseconds }) => microseconds)).toEqual([[20]]);
  });
});

describe('what cannot be read is refused with what was found and what is allowed', () => {
  const allowed = /allowed: a folder results\/<run>, a records\.ndjson \(also \.gz\), or a ConfigMap/;

  it('for nothing, an empty folder and another file', () => {
    expect(() => loadResults(join(root, 'nowhere'))).toThrow(/nowhere: is not there/);
    mkdirSync(join(root, 'empty'));
    expect(() => loadResults(join(root, 'empty'))).toThrow(allowed);
    expect(() => loadResults(file('notes.txt', 'nothing: [of the kind'))).toThrow(allowed);
  });

  it('for a run without a measurement', () => {
    expect(() => loadResults(folder)).toThrow(/has neither evidence of a run nor records\.ndjson/);
    expect(() => loadResults(file('none.ndjson', ''))).toThrow(/holds no records/);
  });

  it('for records of two runs in one file', () => {
    const others = recordsFor(spec, { runId: 'two', microseconds: () => 1 });
    expect(() => loadResults(file('both.ndjson', lines([...records, ...others])))).toThrow(/records of 2 runs/);
  });

  it('for a damaged line, named by its number, and for a damaged archive', () => {
    expect(() => loadResults(file('cut.ndjson', `${lines(records.slice(0, 1))}{"schema"`))).toThrow(
      /cut\.ndjson:2: is not JSON/,
    );
    const packed = gzipSync(lines(records));
    expect(() => loadResults(file('cut.ndjson.gz', packed.subarray(0, packed.length / 2)))).toThrow(
      /packed, but damaged/,
    );
  });

  it('for another object of Kubernetes, and a ConfigMap without records', () => {
    const pod = JSON.stringify({ apiVersion: 'v1', kind: 'Pod' });
    expect(() => loadResults(file('pod.json', pod))).toThrow(/of kind "Pod", wanted one ConfigMap results-<run>/);
    const map = yaml.dump({ apiVersion: 'v1', kind: 'ConfigMap', data: { 'status.json': '{}' } });
    expect(() => loadResults(file('map.yaml', map))).toThrow(/has no records\.ndjson; it has status\.json/);
  });
});
