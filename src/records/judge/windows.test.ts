import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../spec/index.js';
import { evidenceSchema, type Evidence } from '../evidence.js';
import { judge } from './index.js';

const recorded = evidenceSchema.parse(
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'test', 'fixtures', 'evidence', 'time-windows.json'), 'utf8')),
);

/** The recorded evidence as if perf_analyzer had left its first window out: its counts and its figure are edited. */
function settledLater(computeInferUs: number, windows: Evidence['windows'] = recorded.windows): Evidence {
  const text = recorded.text
    .replaceAll(/(Request|Inference|Execution|Successful request) count: 70/g, '$1 count: 46')
    .replace('compute infer 151801', `compute infer ${computeInferUs}`);
  return { ...recorded, text, text_sha256: createHash('sha256').update(text).digest('hex'), windows };
}

describe('time windows that perf_analyzer left out', () => {
  const windows = { n: 8, requests: 46, mean_us: 150_200, sd_us: 9000, drift_p: 0.4, drift_share: 0.01 };

  it('are left out of the figure too, which is then that of the samples in the windows it kept', () => {
    const record = judge(settledLater(150_950, windows));
    expect(record).toMatchObject({ status: 'measured', reasons: [] });
    expect(record.server).toMatchObject({ requests: 71, compute_infer_us: 150_200 });
  });

  it('do not excuse a figure that the samples contradict by more than the ends of windows can', () => {
    const { status, reasons } = judge(settledLater(160_000, windows));
    expect(status).toBe('invalid');
    expect(reasons[0]).toContain('they may differ by 3004.0 µs, 2 %');
  });

  it('leave nothing to compare where there are no samples, as in evidence of earlier releases', () => {
    expect(judge(settledLater(160_000, null)).status).toBe('measured');
  });
});
