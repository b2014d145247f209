import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as yaml from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specHash } from './cells.js';
import { SpecError } from './errors.js';
import { loadSpec, merge, PACKAGE_ROOT, PRESETS } from './load.js';
import { PAGE_BATCHES } from './page-batches.js';
import { specSchema } from './schema.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-spec-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(text: string): string {
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, text);
  return file;
}

function messagesOf(text: string): string[] {
  try {
    loadSpec({ file: write(text) });
  } catch (error) {
    if (error instanceof SpecError) return error.message.split('\n');
    throw error;
  }
  throw new Error('was accepted');
}

describe('the default', () => {
  it('is the published benchmark, in bench.yaml and as preset a100-page alike', () => {
    const spec = loadSpec({ file: join(PACKAGE_ROOT, 'bench.yaml') });
    expect(specHash(spec)).toBe(specHash(loadSpec({ preset: 'a100-page' })));
    expect(spec.batches).toEqual([...PAGE_BATCHES]);
    expect(spec.variants).toEqual(['native_tf', 'tf_with_hps', 'fp32_trt_with_hps', 'fp16_trt_with_hps']);
    expect(spec.hps.gpuCacheFraction).toBe(0.2);
    expect(spec.engine).toEqual({ minBatch: 1, optBatch: 1024, maxBatch: 131072 });
    expect(spec.cluster.image).toBe('nvcr.io/nvidia/merlin/merlin-tensorflow:23.02');
  });

  it.each(PRESETS)('has a preset %s that is a whole spec', (preset) => {
    expect(loadSpec({ preset }).batches.length).toBeGreaterThan(0);
  });
});

describe('overrides', () => {
  it('come after the file, which comes after the preset', () => {
    const file = write('preset: local\nrepeats: 4\nperfAnalyzer:\n  windowMs: 700\n');
    const spec = loadSpec({ file, set: ['repeats=6', 'model.scale=0.5'] });
    expect(spec.repeats).toBe(6);
    expect(spec.perfAnalyzer.windowMs).toBe(700);
    expect(spec.perfAnalyzer.mode).toBe('request_count');
    expect(spec.model.scale).toBe(0.5);
  });

  it('name themselves in a message', () => {
    expect(() => loadSpec({ preset: 'local', set: ['repeats=many'] })).toThrow(
      '--set repeats=many: repeats: "many" is not a number',
    );
    expect(() => loadSpec({ preset: 'local', set: ['repeats'] })).toThrow('is not key.path=value');
  });

  it("take a preset from the command line before the file's own", () => {
    expect(loadSpec({ file: write('preset: local\n'), preset: 'smoke' }).name).toBe('dlrm-smoke');
  });
});

describe('a wrong spec', () => {
  it('names file, line, column, value, allowed values and the nearest spelling', () => {
    expect(messagesOf('preset: local\nvariants: [native-tf]\n')).toEqual([
      expect.stringMatching(
        /bench\.yaml:2:12: variants\[0\]: "native-tf" is not allowed; allowed: native_tf, .*torch_fp16 \(did you mean "native_tf"\?\)$/,
      ),
    ]);
  });

  it('reports every problem at once, unknown keys at the key', () => {
    const messages = messagesOf('batchs: [1]\nbatches:\n  - 32\n  # half\n  - sixty\nperfAnalyzer: {window_ms: 4}\n');
    expect(messages).toHaveLength(3);
    expect(messages.join('\n')).toMatch(/bench\.yaml:1:1: batchs: no such setting.*did you mean "batches"/);
    expect(messages.join('\n')).toMatch(/bench\.yaml:5:5: batches\[1\]: "sixty" is not a number/);
    expect(messages.join('\n')).toMatch(/bench\.yaml:6:16: perfAnalyzer\.window_ms: .*did you mean "windowMs"/);
  });

  it('is refused for broken YAML with the place', () => {
    expect(messagesOf('repeats: 3\n  batches: [')[0]).toMatch(/bench\.yaml:2:\d+: is not valid YAML/);
  });

  it('is refused when it is no mapping, has a value twice or quotes a number', () => {
    expect(messagesOf('- 1\n')[0]).toContain('is not a mapping');
    expect(messagesOf('batches: [32, 32]\n')[0]).toContain('names a batch size twice');
    expect(messagesOf('repeats: "3"\n')[0]).toContain('write it without quotes: 3');
    expect(messagesOf('repeats: 3\nrepeats: 4\n')[0]).toContain('duplicated mapping key');
  });

  it('is refused when a batch lies outside the engine profile', () => {
    const text =
      'variants: [native_tf, fp16_trt_with_hps]\nbatches: [32, 64]\nengine: {minBatch: 1, optBatch: 32, maxBatch: 32}\n';
    expect(messagesOf(text)[0]).toMatch(
      /bench\.yaml:2:15: batches\[1\]: 64 lies outside the engines' profile of 1 to 32/,
    );
  });

  it('is refused for an unknown preset and a missing file', () => {
    expect(() => loadSpec({ preset: 'lokal' })).toThrow('did you mean "local"?');
    expect(() => loadSpec({ file: join(folder, 'none.yaml') })).toThrow('cannot be read');
  });

  it('is refused for an image that could change between runs', () => {
    expect(messagesOf('cluster: {image: nvcr.io/nvidia/tritonserver}\n')[0]).toContain('has no tag or digest');
  });
});

it('never throws anything but a SpecError, whatever the YAML says', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      try {
        loadSpec({ file: write(yaml.dump(value)) });
      } catch (error) {
        expect(error).toBeInstanceOf(SpecError);
      }
    }),
    { numRuns: 200 },
  );
});

it('points every message inside the text it came from', () => {
  const keys = fc.constantFrom(...Object.keys(specSchema.shape), 'unknown');
  fc.assert(
    fc.property(fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }), (value) => {
      const text = yaml.dump(value);
      try {
        loadSpec({ file: write(text) });
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        const lines = text.split('\n');
        for (const { where } of error.problems) {
          const [, line, column] = /:(\d+):(\d+)$/.exec(where) ?? [];
          expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1] ?? '').length + 1);
        }
      }
    }),
    { numRuns: 200 },
  );
});

it('merges mappings key by key and replaces lists whole', () => {
  expect(merge({ a: { b: 1, c: [1, 2] } }, { a: { c: [3] } })).toEqual({ a: { b: 1, c: [3] } });
});
