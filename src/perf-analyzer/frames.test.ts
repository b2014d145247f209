import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunked, framed } from '../../test/fixtures/perf-analyzer/framed.js';
import { PLAIN, reportText } from '../../test/fixtures/perf-analyzer/reports.js';
import { type Frame, type LogDocument, readFrames, readLog, readPerfAnalyzer } from './index.js';

let count = 0;
const next = (): number => 1_000 + (count += 1);
const texts = [
  reportText(PLAIN, next),
  reportText({ ...PLAIN, levels: [1, 2], ensemble: true }, next),
  "error: failed to get model metadata: HTTP client failed: Couldn't connect to server\n\n",
  '',
  'no line feed',
  'ä ö 😀\n\n  \n',
];

const TIMES = [
  '2026-01-02T03:04:05.123456789Z',
  '2026-01-02T03:04:05.1Z',
  '2026-01-02T03:04:05Z',
  '2026-01-02T03:04:05.12+01:00',
];
const WRAPPINGS: Record<string, (line: string, pod: string, time: string) => string> = {
  none: (line) => line,
  prefix: (line, pod) => `[pod/${pod}/pa] ${line}`,
  timestamps: (line, _, time) => `${time} ${line}`,
  both: (line, pod, time) => `[pod/${pod}/pa] ${time} ${line}`,
  CRI: (line, _, time) => `${time} stdout F ${line}`,
  'CRI with partial lines': (line, _, time) =>
    `${time} stdout P ${line.slice(0, 20)}\n${time} stdout F ${line.slice(20)}`,
  Docker: (line, _, time) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time }),
  'carriage returns': (line) => `${line}\r`,
};

function wrap(text: string, wrapping: string, pod: string): string[] {
  const one = WRAPPINGS[wrapping] ?? String;
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => one(line, pod, TIMES[index % 4] ?? ''));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const framesOf = (log: string, lengths: number[] = []): Promise<Frame[]> =>
  all(readFrames(chunked(Buffer.from(log), lengths)));

const lengths = fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 40 });

describe('frames in a log', () => {
  it.each(Object.keys(WRAPPINGS))('come out whole and intact whatever the chunks are: %s', async (wrapping) => {
    const log = `${texts.flatMap((text, index) => wrap(`before\n${framed(`id-${index}`, text)}`, wrapping, 'a')).join('\n')}\n`;
    await fc.assert(
      fc.asyncProperty(lengths, async (chunks) => {
        const frames = await framesOf(log, chunks);
        expect(frames.map((frame) => frame.text)).toEqual(texts);
        expect(frames.every((frame) => frame.complete && frame.intact)).toBe(true);
        expect(frames.map((frame) => frame.begin.id)).toEqual(texts.map((_, index) => `id-${index}`));
      }),
      { numRuns: 25 },
    );
  });

  it('of several pods may be interleaved line by line', async () => {
    const kinds = fc.constantFrom('prefix', 'both');
    await fc.assert(
      fc.asyncProperty(
        kinds,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        lengths,
        async (kind, turns, chunks) => {
          const pods = ['x', 'y-1', 'y-2'].map((pod) =>
            wrap(texts.map((text, i) => framed(`${pod}-${i}`, text)).join(''), kind, pod),
          );
          const log: string[] = [];
          turns.forEach((turn, index) => log.push(...(pods[index % 3]?.splice(0, turn) ?? [])));
          log.push(...pods.flat());
          const frames = await framesOf(`${log.join('\n')}\n`, chunks);
          expect(frames.length).toBe(3 * texts.length);
          for (const frame of frames) {
            expect(frame.intact).toBe(true);
            expect(frame.text).toBe(texts[Number(frame.begin.id.slice(-1))]);
            expect(frame.stream).toBe(`pod/${frame.begin.id.slice(0, -2)}/pa`);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('without their end, or their beginning, are incomplete', async () => {
    const [begin = '', ...rest] = framed('one', texts[0] ?? '').split(/(?<=\n)/);
    expect(await framesOf(begin + rest.slice(0, -1).join(''))).toMatchObject([
      { complete: false, intact: false, text: texts[0] },
    ]);
    expect(await framesOf(rest.join(''))).toMatchObject([{ complete: false, text: '', begin: { id: 'one' } }]);
    const [first, second] = await framesOf(begin + rest.slice(0, -1).join('') + framed('two', 'x\n'));
    expect([first?.complete, second?.complete, second?.text]).toEqual([false, true, 'x\n']);
  });

  it('with a changed byte are complete but not intact', async () => {
    const log = framed('one', texts[0] ?? '').replace('Request count: 1', 'Request count: 2');
    expect(await framesOf(log)).toMatchObject([{ complete: true, intact: false }]);
  });

  it('give the reading of their text', async () => {
    const documents: LogDocument[] = await all(
      readLog(chunked(Buffer.from(texts.map((text, i) => framed(`${i}`, text)).join('')), [])),
    );
    expect(documents.map((document) => document.reading)).toEqual(texts.map((text) => readPerfAnalyzer(text)));
  });

  it('are counted by lines of the log', async () => {
    const log = `one\ntwo\n${framed('a', 'x\n')}three\n${framed('b', '')}`;
    expect((await framesOf(log)).map((frame) => frame.firstLine)).toEqual([3, 7]);
  });
});
