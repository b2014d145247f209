import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../spec/index.js';
import { validityLimits } from '../../job-settings/validity.js';
import { loadSpec } from '../../spec/index.js';
import { evidenceSchema, type Evidence } from '../evidence.js';
import { judge } from './index.js';
import { percent, RULES } from './validity.js';

/** Recorded with the real Triton; test/fixtures/evidence/README.md. */
const recorded = evidenceSchema.parse(
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'test', 'fixtures', 'evidence', 'time-windows.json'), 'utf8')),
);

/** The recorded evidence with one figure edited. */
function withFigure(name: string, figure: number): Evidence {
  return { ...recorded, figures: { ...recorded.figures, [name]: figure } };
}

describe('recorded evidence', () => {
  it('is measured, and its record says how steady it was and by which figures it is valid', () => {
    const record = judge(recorded);
    expect(record).toMatchObject({ status: 'measured', reasons: [], role: 'cell', cold_initialises: false });
    expect(record.windows).toMatchObject({ n: 12 });
    expect(record.server?.compute_infer_us).toBeCloseTo(151_801.64, 1);
    expect(record.validity?.['drift_share']).toEqual({ figure: 0, limit: 0.03 });
    expect(record.validity?.['gpu_power_cap_share']).toEqual({ figure: null, limit: 0.01 });
    expect(record.environment).toMatchObject({ cpu_model: 'AMD EPYC', triton_version: '2.51.0', gpu_product: null });
    expect(record.environment?.server_start).toBe(recorded.server?.start_id);
  });

  it('of a release that did not look is judged as before', () => {
    const since = [
      'role',
      'cold',
      'samples',
      'windows',
      'gpus',
      'cpu_throttling',
      'server',
      'parity',
      'figures',
      'limits',
    ];
    const old = Object.fromEntries(Object.entries(recorded).filter(([name]) => !since.includes(name)));
    expect(judge(evidenceSchema.parse(old))).toMatchObject({
      status: 'measured',
      validity: null,
      windows: null,
      cold_us: null,
    });
  });
});

describe('a figure above its limit', () => {
  it.each([
    ['client_cpu_throttled_share', 0.04, "perf_analyzer's container back for 4.0 % of the time, allowed is 1.0 %"],
    ['server_cpu_throttled_share', 0.04, "Triton's container back for 4.0 % of the time, allowed is 1.0 %"],
    [
      'gpu_slowdown_share',
      0.1,
      'slowed itself down for heat or its power supply in 10 % of the samples, allowed is 0 %',
    ],
    ['gpu_power_cap_share', 1, 'for its power limit in 100 % of the samples, allowed is 1.0 %'],
    ['gpu_clock_loss', 0.288, 'median SM clock was 29 % below the highest of the run, allowed is 2.0 %'],
    ['gpu_other_processes', 1, '1 other processes were on the GPU, allowed are 0'],
    ['triton_restarts', 1, 'Triton was started again 1 times during the measurement, allowed is 0'],
    [
      'drift_share',
      0.12,
      'unstable: compute infer drifted by 12 % from the first second to the last, allowed is 3.0 %',
    ],
  ])('makes the measurement invalid: %s', (name, figure, words) => {
    const { status, reasons } = judge(withFigure(name, figure));
    expect(status).toBe('invalid');
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(words);
    // The fix stands in brackets at the end.
    expect(reasons[0]).toMatch(/\([^()]{15,}\)$/);
  });

  it('makes it invalid whatever its name is', () => {
    const limits = { ...recorded.limits, of_a_later_release: 2 };
    expect(judge({ ...withFigure('of_a_later_release', 3), limits }).reasons).toEqual([
      'of_a_later_release is 3, allowed is 2',
    ]);
  });

  it('is known to the settings under the same names', () => {
    expect(Object.keys(RULES).sort()).toEqual(Object.keys(validityLimits(loadSpec({ preset: 'local' }))).sort());
    expect(Object.keys(recorded.figures ?? {}).sort()).toEqual(Object.keys(RULES).sort());
  });
});

it('calls nothing measured where the variants gave different scores', () => {
  const parity = { ok: false, max_abs_difference: 0.012, limit: 1e-5 };
  const { status, reasons } = judge({ ...recorded, parity });
  expect(status).toBe('invalid');
  expect(reasons[0]).toContain('differed by up to 1.2e-2 before anything was timed, allowed is 1.0e-5');
});

it('writes shares as a person reads them', () => {
  expect([0, 0.0004, 0.01, 0.032, 0.12, 1].map(percent)).toEqual(['0 %', '0.040 %', '1.0 %', '3.2 %', '12 %', '100 %']);
});
