import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN, reportText } from '../../test/fixtures/perf-analyzer/reports.js';
import { LongText } from './long-text.js';
import { NEEDLES } from './needles.js';
import { readPlainReport } from './plain-report.js';
import { type Reading, readingToJson } from './index.js';
import { Sieve } from './sieve.js';
import { readStdout } from './stdout.js';

const folder = new URL('../../test/fixtures/perf-analyzer/', import.meta.url);
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.txt') && !/csv|profile/.test(name))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

let count = 0;
const next = (): number => 1_000 + ((count += 7) % 80_000);
const plain = [
  reportText(PLAIN, next),
  reportText({ ...PLAIN, levels: [1, 2, 4], verbose: true, grpc: true }, next),
  reportText({ ...PLAIN, ensemble: true, release: '22.11' }, next),
];

const NOISE = [
  'I1124 06:21:00.123456 1 infer_request.cc:900] "[request id: 5] model: dlrm, requested version: -1, actual version: 1, batch size: 4096, timeout (us): 0"',
  '+--------+---------+',
  'W1124 06:21:00.123456 1 metrics.cc:1] nothing of note, correlation id: 0',
  '',
  '...',
  '  [...]',
  '… ',
  'name: "INPUT0"',
  '2026-01-02T03:04:05.1Z stdout P   Thr',
  '2026-01-02T03:04:05.1Z stdout F oughput: 5 infer/sec',
  '\u001b[32mRequ\u001b[0mest concurrency: 3',
  '{"log":"  Client: \\n","stream":"stdout"}',
  'logger: Request concurrency: 4',
  'logger:   Client: ',
  'Killed',
  '\ufffd',
];

function readLong(text: string, lengths: number[]): Reading {
  const long = new LongText();
  const bytes = Buffer.from(text);
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    long.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return long.finish();
}

/** Order of keys and of wordings means nothing. */
function comparable(reading: Reading): unknown {
  const flags = { ...reading.flags };
  delete flags.garbled_error;
  return { ...(JSON.parse(readingToJson(reading)) as object), flags, wording: [...reading.wording].sort() };
}

const lines = fc.constantFrom(...NOISE.map((line) => `${line}\n`));
const wholes = fc.constantFrom(...texts, ...plain, ...plain);
const cuts = fc
  .tuple(wholes, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([text, share]) => text.slice(Math.floor(share * text.length)));
const pieces = fc.array(fc.oneof(lines, lines, wholes, cuts), { minLength: 1, maxLength: 12 });

describe('a text in chunks', () => {
  it('is read as the whole text is, line by line', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 8 }), (parts, lengths) => {
        const text = parts.join('');
        expect(comparable(readLong(text, lengths))).toEqual(comparable(readStdout(text)));
      }),
      { numRuns: 120 },
    );
  });

  it('is garbled when a byte of it is no UTF-8', () => {
    const long = new LongText();
    long.push(Buffer.concat([Buffer.from('Request concurrency: 1\n'), Buffer.from([0xff, 0x80, 0x0a])]));
    expect(long.finish().flags.garbled_error).toBe(true);
  });
});

describe('the quick way through plain reports', () => {
  it.each(plain.map((text, index) => [index, text] as const))(
    'reads report %i as the state machine does',
    (_, text) => {
      const quick = readPlainReport(Buffer.from(text), readStdout);
      expect(quick).toBeDefined();
      if (quick) expect(comparable(quick)).toEqual(comparable(readStdout(text)));
    },
  );

  it('gives up on whatever is not plain', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...plain),
        fc.nat(),
        fc.constantFrom('9', 'x', '\n', ' ', '.', ''),
        (text, place, put) => {
          const at = place % text.length;
          const changed = text.slice(0, at) + put + text.slice(at + 1);
          const quick = readPlainReport(Buffer.from(changed), readStdout);
          if (quick) expect(comparable(quick)).toEqual(comparable(readStdout(changed)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the sieve', () => {
  it('finds every word at every place', () => {
    const sieve = new Sieve(NEEDLES);
    for (const word of NEEDLES) {
      for (let before = 0; before < 9; before += 1) {
        const bytes = Buffer.from(`${'~'.repeat(before)}${word}~~~~~`, 'latin1');
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const found = sieve.next(view, 0, bytes.length);
        expect(found, word).toBeGreaterThanOrEqual(before);
        expect(found, word).toBeLessThanOrEqual(before + 1);
      }
    }
  });

  it('finds nothing where no word is', () => {
    const sieve = new Sieve(['abcde']);
    const view = (text: string): DataView => new DataView(Uint8Array.from(Buffer.from(text)).buffer);
    expect(sieve.next(view('abcdabcd bcde xbcde abcdx'), 0, 25)).toBe(-1);
  });
});
