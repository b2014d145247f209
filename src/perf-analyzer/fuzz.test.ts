import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Shape, reportLines } from '../../test/fixtures/perf-analyzer/reports.js';
import { type Reading, readPerfAnalyzer, readingToJson, readingToTable } from './index.js';

/** 100,000 mutations in all with HPS_BENCH_LONG=1. */
const LONG = process.env['HPS_BENCH_LONG'] === '1';
const runs = (share: number): { numRuns: number } => ({ numRuns: Math.round((LONG ? 100_000 : 3_000) * share) });
const TIMEOUT = LONG ? 3_600_000 : 60_000;

const folder = new URL('../../test/fixtures/perf-analyzer/', import.meta.url);
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:txt|csv)$/.test(name))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .filter((text) => text.length < 8_000);

const NOISE = [
  'Failed to obtain stable measurement within 10 measurement windows for concurrency 3. Please try to increase the --measurement-interval.',
  '[WARNING] Perf Analyzer is not able to keep up with the desired load. The results may not be accurate.',
  'I1124 06:21:00.123456 1 server.cc:674] ',
  '...',
  '    Avg latency: 18446744073709551615 usec (standard deviation nan usec)',
  '  Client: ',
  '  Server: ',
  'Request concurrency: 7',
  'Request Rate: 250.5 inference requests per second',
  '*** Measurement Settings ***',
  '{"log":"Request concurrency: 9\\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}',
  '2026-01-01T00:00:00.123456789Z stdout P     Request count: 11',
  '[pod/a/b] Request concurrency: 2',
  '\u001b[31m    Throughput: 12.5 infer/sec\u001b[0m',
  '\u0000\ufffd\ufeff',
  '    p99.9 latency: 5 usec',
  '    Server Compute Output1,2,3',
];

/** Parts of known texts, cut anywhere, glued anyhow, with noise between. */
const mutated = fc
  .array(
    fc.oneof(
      fc.tuple(fc.nat(texts.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })).map(
        ([index, from, to]) => {
          const text = texts[index] ?? '';
          return text.slice(Math.floor(from * text.length), Math.floor(Math.max(from, to) * text.length) + 1);
        },
      ), // prettier-ignore
      fc.constantFrom(...NOISE.map((line) => `${line}\n`), ...NOISE),
      fc.string({ unit: 'binary', maxLength: 30 }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((pieces) => pieces.join(''));

const NUMBER = /[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi;

function numbersOf(text: string): Set<number> {
  const found = new Set<number>();
  for (const [token] of text.matchAll(NUMBER)) {
    found.add(Number(token));
    // "-5" may be a dash before 5, "1e5" a name that ends in 1.
    found.add(Math.abs(Number(token)));
    found.add(Number(token.replace(/[eE].*$/, '')));
  }
  // Numbers behind others: "p95latency", "1.2.3".
  for (const [token] of text.matchAll(/\d+/g)) found.add(Number(token));
  return found;
}

function collect(value: unknown, into: number[]): number[] {
  if (typeof value === 'number') into.push(value);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, into);
  return into;
}

function check(reading: Reading, text: string): void {
  const allowed = numbersOf(text);
  for (const number of collect([reading.settings, reading.measurements, reading.summary], [])) {
    expect(allowed, `number ${number}`).toContain(number);
  }
}

describe('mutated texts', () => {
  it('never throw, and give no number that is not in the text', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const reading = readPerfAnalyzer(text);
        JSON.parse(readingToJson(reading));
        readingToTable(reading);
        if (reading.kind !== 'profile-export') check(reading, text);
      }),
      runs(0.5),
    );
  });

  it('never throw when they are bytes', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(mutated, fc.uint8Array({ maxLength: 8 }), fc.boolean(), (text, noise, wide) => {
        const bytes = Buffer.concat([Buffer.from(noise), Buffer.from(text, wide ? 'utf16le' : 'utf8')]);
        JSON.parse(readingToJson(readPerfAnalyzer(bytes)));
      }),
      runs(0.2),
    );
  });
});

/** Numbers of one source begin with one digit, so that every number tells where it is from. */
function source(digit: number): () => number {
  let count = 0;
  return () => digit * 100_000 + (count += 1);
}

const shape: fc.Arbitrary<Shape> = fc.record({
  levels: fc.constantFrom([1], [1, 2], [4, 8, 16], [1, 2, 3, 4]),
  verbose: fc.boolean(),
  grpc: fc.boolean(),
  release: fc.constantFrom('22.11' as const, '24.10' as const),
  data: fc.boolean(),
  ensemble: fc.boolean(),
});

/** Interleaves two lists in chunks of the given lengths. */
function interleave(first: string[], second: string[], chunks: number[]): string[] {
  const lists = [[...first], [...second]];
  const mixed: string[] = [];
  let turn = 0;
  for (const chunk of chunks) {
    mixed.push(...(lists[turn % 2]?.splice(0, chunk) ?? []));
    turn += 1;
  }
  return [...mixed, ...(lists[turn % 2] ?? []), ...(lists[(turn + 1) % 2] ?? [])];
}

const chunks = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 });

describe('two reports in one stream', () => {
  it('are never mixed within a level, even if no line says where it is from', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(shape, shape, chunks, (a, b, lengths) => {
        const lines = interleave(reportLines(a, source(1)), reportLines(b, source(2)), lengths);
        const reading = readPerfAnalyzer(`${lines.join('\n')}\n`);
        for (const m of reading.measurements) {
          const rest = { ...m, concurrency: null };
          const sources = new Set(collect(rest, []).map((number) => Math.floor(number / 100_000)));
          expect([...sources].length, JSON.stringify(m)).toBeLessThanOrEqual(1);
        }
      }),
      runs(0.2),
    );
  });

  it('are read apart when a prefix names their pods', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(shape, shape, chunks, (a, b, lengths) => {
        const first = reportLines(a, source(1));
        const second = reportLines(b, source(2));
        const prefixed = (name: string, lines: string[]): string[] => lines.map((line) => `[pod/${name}/pa] ${line}`);
        const lines = interleave(prefixed('x', first), prefixed('y', second), lengths);
        const reading = readPerfAnalyzer(`${lines.join('\n')}\n`);
        for (const [name, own] of [
          ['pod/x/pa', first],
          ['pod/y/pa', second],
        ] as const) {
          // prettier-ignore
          const alone = readPerfAnalyzer(`${own.join('\n')}\n`);
          const theirs = reading.measurements.filter((m) => m.stream === name);
          expect(theirs).toEqual(alone.measurements.map((m) => ({ ...m, stream: name })));
        }
        expect(reading.warnings).toEqual([]);
      }),
      runs(0.1),
    );
  });
});
