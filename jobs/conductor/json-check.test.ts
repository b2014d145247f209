import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import schema from '../../schema/evidence.schema.json' with { type: 'json' };
import { evidenceSchema } from '../../src/records/evidence.js';
import { frame, textDigest } from './doubles/measure-log.js';
import { measurements, planOf } from './doubles/rehearsal.js';
import { explain, problemsOf } from './json-check.js';

const [item] = measurements;
if (item === undefined) throw new Error('no measurement');
const end = frame(planOf(), item).split('\n').at(-2) ?? '';
const { evidence } = JSON.parse(end.slice(end.indexOf('{'))) as { evidence: Record<string, unknown> };
const good: Record<string, unknown> = { ...evidence, text: 'compute infer 1 usec' };

/** Every path of a document. */
function paths(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))];
}

function changed(value: unknown, [head, ...rest]: readonly string[], to: unknown): unknown {
  if (head === undefined) return to;
  const copy = structuredClone(value) as Record<string, unknown>;
  if (rest.length === 0 && to === undefined && Array.isArray(copy)) copy.splice(Number(head), 1);
  else if (rest.length === 0 && to === undefined) Reflect.deleteProperty(copy, head);
  else copy[head] = changed(copy[head], rest, to);
  return copy;
}

describe('the check of evidence without a library', () => {
  it('accepts what measure.py writes', () => {
    expect(problemsOf(good, schema)).toEqual([]);
    expect(evidence['text_sha256']).toBe(textDigest());
  });

  it('agrees with the zod schema on whatever is changed, left out or added', () => {
    const places = paths(good).filter((path) => path.length > 0);
    const values = fc.oneof(
      fc.constant(undefined),
      fc.constantFrom<unknown>(null, true, '', 'x', -1, 0, 1, 1.5, 1e300, [], ['a'], [1], {}, { count: 1, ns: 2 }),
      fc.constantFrom(
        '2026-02-30T00:00:00Z',
        '2026-02-28T00:00:00.5+01:00',
        '2026-02-28',
        'time_windows',
        'f'.repeat(64),
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), values, (path, value) => {
        const document = changed(good, path, value);
        expect(problemsOf(document, schema).length === 0, JSON.stringify([path, value])).toBe(
          evidenceSchema.safeParse(document).success,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('says where, what and what is allowed', () => {
    const document = changed(changed(good, ['batch'], 0), ['mode'], 'sweep');
    expect(explain(problemsOf(document, schema))).toBe(
      'batch: is 0; allowed: 1 or more; mode: is "sweep"; allowed: time_windows, request_count',
    );
  });

  it('throws for a keyword that it does not know: half a check is none', () => {
    expect(() => problemsOf(1, { multipleOf: 2 })).toThrow('"multipleOf" is not supported');
  });
});
