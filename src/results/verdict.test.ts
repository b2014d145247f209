import { expect, it } from 'vitest';
import { recordsFor, steady, type RecordOptions } from '../../test/fixtures/compare/records.js';
import { PUBLISHED_IMAGE, publishedLatency } from '../dlrm/published.js';
import { loadSpec, specHash, type Spec } from '../spec/index.js';
import { reportVerdict } from './verdict.js';

const page = loadSpec({ preset: 'a100-page' });
const A100 = { gpu_product: 'NVIDIA A100-SXM4-80GB', image: PUBLISHED_IMAGE };

function verdictOf(spec: Spec, factor: number, environment: RecordOptions['environment'] = A100) {
  const run = { runId: 'run', spec, specHash: specHash(spec), createdAt: '2026-01-02T03:04:05Z' };
  const microseconds: RecordOptions['microseconds'] = ({ variant, batch, repeat }) =>
    (publishedLatency(variant, batch)?.microseconds ?? 100) * steady(repeat) * factor;
  return reportVerdict(run, recordsFor(spec, { runId: 'run', microseconds, environment }));
}

it('says that the page is reproduced, cell by cell with its interval', () => {
  const verdict = verdictOf(page, 1);
  expect(verdict.overall).toBe('reproduced');
  expect(verdict.cells).toHaveLength(44);
  expect(verdict.cells[0]).toMatchObject({ variant: 'native_tf', batch: 32, publishedUs: 551, verdict: 'reproduced' });
  expect(verdict.cells.every(({ interval }) => interval !== null && interval.low < interval.high)).toBe(true);
});

it('says that it is not, when everything takes a third more', () => {
  expect(verdictOf(page, 1.33).overall).toBe('regressed');
});

it('has no reference on another GPU, and says why', () => {
  const verdict = verdictOf(page, 1, { ...A100, gpu_product: 'NVIDIA H200' });
  expect(verdict).toMatchObject({ overall: 'no reference', cells: [] });
  expect(verdict.sentence).toContain('hardware (this run: H200; the page: A100-SXM4-80GB)');
});

it('has no reference where nothing was measured', () => {
  const run = { runId: 'run', spec: page, specHash: specHash(page), createdAt: '2026-01-02T03:04:05Z' };
  expect(reportVerdict(run, []).overall).toBe('no reference');
});
