import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ReleaseRange, readPerfAnalyzer, releaseRange } from './index.js';

const fixtures = new URL('../../test/fixtures/perf-analyzer/', import.meta.url);
const read = (name: string): ReleaseRange => releaseRange(readPerfAnalyzer(readFileSync(new URL(name, fixtures))));

/** Files of a release that is known: from the expectation, or from the name. */
function known(): [name: string, release: string][] {
  const own = readdirSync(fixtures)
    .filter((name) => name.endsWith('.expect.json'))
    .map((name): [string, string] => {
      const { tool_version: release } = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as {
        tool_version: string;
      };
      return [name.replace('.expect.json', '.txt'), release];
    });
  const provoked = readdirSync(new URL('provoked/', fixtures))
    .filter((name) => !name.endsWith('.expect.json'))
    .map((name): [string, string] => {
      const digits = /-(2[34])(\d\d)/.exec(name);
      return [`provoked/${name}`, `${digits?.[1] ?? ''}.${digits?.[2] ?? ''}`];
    });
  return [...own, ...provoked];
}

describe('the releases that could have printed a text', () => {
  it.each(known())('%s: %s is one of them', (name, release) => {
    const { from, to, consistent } = read(name);
    expect(consistent).toBe(true);
    expect((from ?? '00.00') <= release).toBe(true);
    expect(release <= (to ?? '99.99')).toBe(true);
  });

  it.each([
    ['self-2512-hps-dlrm.txt', '24.07', undefined],
    ['self-2211-hps-dlrm.txt', '22.11', '24.04'],
    ['pasted/bold-and-unstable-2020.txt', undefined, '20.06'],
    ['pasted/no-percentiles-2019.txt', undefined, '20.06'],
    ['pasted/percentile-2019.txt', undefined, '19.12'],
    ['pasted/tfserving-2020.txt', undefined, '21.05'],
  ])('%s is bounded by its wording', (name, from, to) => {
    expect(read(name)).toEqual({ ...(from ? { from } : {}), ...(to ? { to } : {}), consistent: true });
  });

  it('contradict each other in a text of several', () => {
    const text = 'Request Rate: 5 inference requests per second\n  Client: \n    Delayed Request Count: 4\n';
    expect(releaseRange(readPerfAnalyzer(text)).consistent).toBe(false);
  });
});
