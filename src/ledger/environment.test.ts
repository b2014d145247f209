import { describe, expect, it } from 'vitest';
import { loadSpec, plannedCanaries, plannedMeasurements, type Spec } from '../spec/index.js';
import { ledgerOf } from './ledger.js';
import { recordOf } from './testing.js';

const spec = loadSpec({ preset: 'a100-page' });

/** Numbers from a normal distribution, the same for the same seed (Box-Muller on a linear congruential generator). */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = (): number => ((state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) + 1) / (2 ** 32 + 1);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The verdict of a simulated run; `speed(share)` is what time it is, 0 at the beginning to 1 at the end. */
function verdict(of: Spec, cv: number, speed: (share: number) => number, seed = 1) {
  const noise = normal(seed);
  const { first, last } = plannedCanaries(of);
  const all = [...first, ...plannedMeasurements(of), ...last];
  const records = all.map((item, index) =>
    recordOf(item, item.batch * 2 * speed(index / all.length) * Math.exp(cv * noise())),
  );
  return ledgerOf(of, records).environment;
}

describe('the canary', () => {
  it('finds something in less than 1 of 100 steady runs, whatever the noise', () => {
    const small = loadSpec({ preset: 'a100-page', set: ['batches=[32, 1024]', 'repeats=8'] });
    for (const cv of [0.01, 0.02, 0.05]) {
      const states = Array.from({ length: 300 }, (_, seed) => verdict(small, cv, () => 1, seed + 1).state);
      expect(states.filter((state) => state !== 'valid').length, String(cv)).toBeLessThan(4);
    }
  });

  it('finds a node that became 8 % slower half-way, and one that did so little by little', () => {
    const half = verdict(spec, 0.01, (share) => (share < 0.5 ? 1 : 1.08));
    expect(half.state).toBe('invalid');
    expect(half.reason).toMatch(
      /^the canary \(fp16_trt_with_hps, batch 4096\) took 1\.\d{3} times as long at the end.*allowed is 2\.0 %/,
    );
    expect(verdict(spec, 0.01, (share) => 1 + 0.08 * share).state).toBe('invalid');
    expect(verdict(spec, 0.01, (share) => 1 - 0.08 * share).state).toBe('invalid');
  });

  it('is not content with a drift that the noise could have made, and says what the noise hides', () => {
    const found = verdict(spec, 0.05, (share) => 1 + 0.04 * share);
    expect(found.state).toBe('valid');
    expect(found.reason).toMatch(/the noise of this run hides one below 1\d\.\d %$/);
    expect(found.drift?.low).toBeLessThan(1.02);
  });

  it('lets a drift within the limit pass however sure it is', () => {
    expect(verdict(spec, 0.0005, (share) => 1 + 0.015 * share).state).toBe('valid');
    const loose = { ...spec, validity: { ...spec.validity, canaryDrift: 0.1 } };
    expect(verdict(loose, 0.001, (share) => 1 + 0.08 * share).state).toBe('valid');
  });

  it('judges nothing where it is not measured, where there is none, and where nothing tells noise from drift', () => {
    const { first } = plannedCanaries(spec);
    const only = first.map((item) => recordOf(item, 100));
    expect(ledgerOf(spec, only).environment).toMatchObject({
      state: 'not judged',
      reason: 'the canary is not measured after the cells',
    });
    expect(ledgerOf(spec, []).environment.reason).toBe('the canary is not measured before the cells');
    expect(verdict(loadSpec({ preset: 'smoke' }), 0.01, () => 1).reason).toContain('the run has no canary');
    const one = loadSpec({ preset: 'smoke', set: ['design.canary.measurements=1'] });
    expect(verdict(one, 0.01, () => 1).reason).toContain('too few repeats are measured');
  });
});
