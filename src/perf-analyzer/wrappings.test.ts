import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPerfAnalyzer } from './index.js';

const folder = new URL('../../test/fixtures/perf-analyzer/', import.meta.url);
/** Not what is wrapped already, no other forms, and no cut last line: a wrapping ends it. */
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) => name.endsWith('.txt') && !/csv|profile|kubectl|verbose-trace|pods|ranks|notebook|model-an/.test(name),
  )
  .filter((name) => readFileSync(new URL(name, folder), 'utf8').endsWith('\n'));
const texts = names.map((name) => readFileSync(new URL(name, folder), 'utf8'));

const TIME = '2026-01-02T03:04:05.123456789Z';

/** Splits a line as a container runtime does that cuts at 16 KiB, only earlier. */
function cut(line: string): [string, string] {
  const middle = Math.floor(line.length / 2);
  return [line.slice(0, middle), line.slice(middle)];
}

const docker = (text: string, whole: boolean): string =>
  JSON.stringify({ log: whole ? `${text}\n` : text, stream: 'stdout', time: TIME });

const WRAPPINGS: Record<string, (line: string) => string> = {
  'kubectl --prefix': (line) => `[pod/perf-1/perf-analyzer] ${line}`,
  'kubectl --timestamps': (line) => `${TIME} ${line}`,
  'kubectl with both': (line) => `[pod/perf-1/perf-analyzer] ${TIME} ${line}`,
  CRI: (line) => `${TIME} stdout F ${line}`,
  'CRI with partial lines': (line) => {
    const [first, second] = cut(line);
    return `2026-01-02T03:04:05.1+01:00 stdout P ${first}\n2026-01-02T03:04:05.2+01:00 stdout F ${second}`;
  },
  'Docker JSON': (line) => docker(line, true),
  'Docker JSON with partial lines': (line) => `${docker(cut(line)[0], false)}\n${docker(cut(line)[1], true)}`,
  'carriage returns': (line) => `${line}\r`,
  'ANSI colours': (line) => `\u001b[0;32m${line}\u001b[0m`,
  'lost indentation': (line) => line.trim(),
  'trailing blanks': (line) => `${line}      `,
  'ranks of mpirun': (line) => `[1,0]<stdout>:${line}`,
  'docker compose': (line) => `perf-1  | ${line}`,
  journald: (line) => `Jan  2 03:04:05 node-1 perf[123]: ${line}`,
  'GitHub Actions': (line) => `measure\tRun perf\t${TIME} ${line}`,
  'time of a logger': (line) => `[2026-01-02 03:04:05,123] ${line}`,
  'a clock': (line) => `[03:04:05] ${line}`,
  'ts of moreutils': (line) => `Jan  2 03:04:05 ${line}`,
  fluentd: (line) => JSON.stringify({ log: `${line}\n`, kubernetes: { pod_name: 'perf-1' } }),
  'fluent-bit with partial lines': (line) =>
    cut(line)
      .map((message, index) => JSON.stringify({ time: TIME, stream: 'stdout', logtag: 'PF'[index], message }))
      .join('\n'),
  'a notebook file': (line) => `      ${JSON.stringify(`${line}\n`)},`,
  'bullets behind the indentation': (line) => line.replace(/^(\s*)(?=\S)/, '$1* '),
  'a quotation': (line) => `> ${line}`,
  'any prefix': (line) => `perf-analyzer-xyz: ${line}`,
};

const wrap = (text: string, wrapping: (line: string) => string): string =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${wrapping(line)}\n`)
    .join('');

/** Line numbers in our own warnings differ by design. */
function withoutLines(warnings: string[]): string[] {
  return warnings.map((line) => line.replace(/^line \d+/, 'line N'));
}

describe('wrapped texts', () => {
  it.each(Object.keys(WRAPPINGS))('are read as without the wrapping: %s', (name) => {
    const wrapping = WRAPPINGS[name] ?? ((line: string) => line);
    for (const [index, text] of texts.entries()) {
      // An unknown prefix is learned from the headline: what stands before it keeps it.
      if (/any prefix/.test(name) && !/^(?: Succ.*\n)?\*\*\* Measurement Settings \*\*\*/.test(text)) continue;
      const plain = readPerfAnalyzer(text);
      const wrapped = readPerfAnalyzer(wrap(text, wrapping));
      expect({ ...wrapped, warnings: withoutLines(wrapped.warnings) }, names[index]).toEqual({
        ...plain,
        warnings: withoutLines(plain.warnings),
      });
    }
  });

  it('are read in UTF-16, with and without a byte order mark, and in UTF-8 with one', () => {
    for (const text of texts) {
      const plain = readPerfAnalyzer(text);
      expect(readPerfAnalyzer(`\ufeff${text}`)).toEqual(plain);
      expect(readPerfAnalyzer(Buffer.from(`\ufeff${text}`, 'utf8'))).toEqual(plain);
      expect(readPerfAnalyzer(Buffer.from(text, 'utf16le'))).toEqual(plain);
      expect(readPerfAnalyzer(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(plain);
      expect(readPerfAnalyzer(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())).toEqual(plain);
    }
  });

  it('keep stdout and stderr apart while their lines are partial', () => {
    const text = [
      `${TIME} stdout F Request concurrency: 3`,
      `${TIME} stdout F   Client: `,
      `${TIME} stdout P     Request cou`,
      `${TIME} stderr F Failed to update context stat: Timer not set correctly.`,
      `${TIME} stdout F nt: 17`,
      `${TIME} stdout F     Throughput: 5.5 infer/sec`,
    ].join('\n');
    const reading = readPerfAnalyzer(`${text}\n`);
    expect(reading.measurements[0]).toMatchObject({ concurrency: 3, request_count: 17, throughput: 5.5 });
    expect(reading.warnings).toEqual(['Failed to update context stat: Timer not set correctly.']);
  });

  it('name the stream only when several have something to say', () => {
    const one = '[pod/a/pa] Request concurrency: 1\n[pod/b/sidecar] ready\n';
    expect(readPerfAnalyzer(one).measurements[0]?.stream).toBeUndefined();
    const two = '[pod/a/pa] Request concurrency: 1\n[pod/b/pa] Request concurrency: 2\n';
    expect(readPerfAnalyzer(two).measurements.map((m) => m.stream)).toEqual(['pod/a/pa', 'pod/b/pa']);
  });

  it('do not take a half-finished line before a headline for a prefix', () => {
    const text =
      '11:11:56 [Model Analyzer] ERROR: *** Measurement Settings ***\n  Batch size: 4\n\nRequest concurrency: 2\n';
    const reading = readPerfAnalyzer(text);
    expect(reading.settings).toEqual({ batch_size: 4 });
    expect(reading.measurements[0]).toEqual({ concurrency: 2, request_rate: null, flags: { no_result: true } });
  });

  it('are unwrapped whatever order two collectors had', () => {
    const chosen = fc.constantFrom(
      'kubectl --prefix' as const,
      'kubectl --timestamps' as const,
      'CRI' as const,
      'Docker JSON' as const,
    );
    fc.assert(
      fc.property(fc.nat(texts.length - 1), chosen, chosen, (index, inner, outer) => {
        const text = texts[index] ?? '';
        const twice = wrap(wrap(text, WRAPPINGS[inner] ?? String), WRAPPINGS[outer] ?? String);
        expect(readPerfAnalyzer(twice).measurements).toEqual(readPerfAnalyzer(text).measurements);
      }),
      { numRuns: 60 },
    );
  });
});
