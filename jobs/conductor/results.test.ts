import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { judge } from '../../src/records/judge/index.js';
import type { Evidence } from '../../src/records/evidence.js';
import { frame } from './doubles/measure-log.js';
import { measurements, planOf } from './doubles/rehearsal.js';
import { keyOf, readEvidenceLog, resultsOf, type MeasurementRecord, type Results } from './records.js';
import { contentOf, publishedIn, StateError } from './results.js';
import { firstStatus } from './status.js';

const plan = planOf();
const status = firstStatus(plan, '2026-01-02T03:04:05Z');

async function* text(of: string): AsyncIterable<Buffer> {
  await Promise.resolve();
  yield Buffer.from(of);
}

async function known(log: string): Promise<{ known: Map<string, MeasurementRecord>; unusable: string[] }> {
  const all = new Map<string, MeasurementRecord>();
  return { known: all, unusable: await readEvidenceLog(text(log), plan, all) };
}

const whole = measurements.map((item) => frame(plan, item)).join('');

describe('readEvidenceLog', () => {
  it('judges every frame of the log', async () => {
    const { known: all, unusable } = await known(`starts\n${whole}ends\n`);
    expect([...all.keys()].sort()).toEqual(measurements.map((item) => `${item.id}.a1`).sort());
    expect([...all.values()].every((record) => record.status === 'measured')).toBe(true);
    expect(unusable).toEqual([]);
  });

  it.each<[string, (log: string) => string, RegExp]>([
    [
      'a text that was changed',
      (log) => log.replace('Avg latency: 2434', 'Avg latency: 2433'),
      /does not have the length and digest/,
    ],
    ['a log that is cut', (log) => log.slice(0, -200), /before its end/],
    [
      'evidence of another schema',
      (log) => log.replace('hps-bench/evidence/1', 'hps-bench/evidence/9'),
      /is not evidence: schema/,
    ],
    ['evidence of another run', (log) => log.replace('"run_id":"run-1"', '"run_id":"run-0"'), /belongs to run run-0/],
  ])('leaves out %s and says why', async (_, change, why) => {
    const { known: all, unusable } = await known(change(frame(plan, first())));
    expect(all.size).toBe(0);
    expect(unusable.join()).toMatch(why);
  });

  it('keeps attempts apart', async () => {
    const item = first();
    const log = frame(plan, item, { exitCode: 2 }) + frame(plan, item, { attempt: 2 });
    const { known: all } = await known(log);
    expect([...all.values()].map((record) => `${keyOf(record)} ${record.status}`)).toEqual([
      `${item.id}.a1 failed`,
      `${item.id}.a2 measured`,
    ]);
    expect(resultsOf(plan, all, 'why').counts).toMatchObject({ measured: 1, missing: 7 });
  });
});

describe('contentOf', () => {
  it('is read again as it was written', async () => {
    const { known: all } = await known(whole);
    const content = contentOf(plan, status, resultsOf(plan, all, 'why'));
    const published = publishedIn(content, plan);
    expect(published.status).toEqual(status);
    expect(published.records).toEqual([...all.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
  });

  const big = (lines: number, noise: boolean): Results => {
    const record = judge(evidenceOf(first()));
    const random = (i: number): string => (noise ? `${Math.sin(i)}${Math.cos(i)}${Math.tan(i)}` : '');
    const records = Array.from(
      { length: lines },
      (_, i) => `${JSON.stringify({ ...record, id: `x-${i}${random(i)}` })}\n`,
    );
    return { ...resultsOf(plan, new Map(), 'why'), records: records.join('') };
  };

  it('packs records above 700 kB, and they are still read', () => {
    const content = contentOf(plan, status, big(1000, false));
    expect(content.data?.['records.ndjson']).toBeUndefined();
    const packed = Buffer.from(content.binaryData?.['records.ndjson.gz'] ?? '', 'base64');
    expect(gunzipSync(packed).toString().split('\n')).toHaveLength(1001);
    expect(publishedIn(content, plan).records).toHaveLength(1000);
  });

  it('leaves out records that do not fit even so, says it, and keeps table and ledger', () => {
    const content = contentOf(plan, status, big(40_000, true));
    expect(content.binaryData).toEqual({});
    expect(Object.keys(content.data ?? {}).sort()).toEqual(['ledger.json', 'status.json', 'table.md']);
    expect(content.data?.['status.json']).toMatch(/records.ndjson is left out: \d+ bytes/);
    // Said anew each time, so not kept twice.
    expect(publishedIn(content, plan).status.notes).toEqual([]);
  });

  it('refuses a ConfigMap of another run', () => {
    const content = contentOf(plan, { ...status, specHash: '000000000000' }, resultsOf(plan, new Map(), 'why'));
    expect(() => publishedIn(content, plan)).toThrow(StateError);
    expect(() => publishedIn({ metadata: { name: 'results-run-1' } }, plan)).toThrow(/its status.json is of undefined/);
  });
});

function first(): (typeof measurements)[number] {
  const [item] = measurements;
  if (item === undefined) throw new Error('no measurement');
  return item;
}

function evidenceOf(item: (typeof measurements)[number]): Evidence {
  const lines = frame(plan, item).split('\n');
  const end = lines.at(-2) ?? '';
  const { evidence } = JSON.parse(end.slice(end.indexOf('{'))) as { evidence: Evidence };
  return { ...evidence, text: lines.slice(1, -2).join('\n') + '\n' };
}
