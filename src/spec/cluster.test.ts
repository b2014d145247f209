import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specHash } from './cells.js';
import { loadSpec } from './load.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-cluster-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function messageOf(cluster: string): string {
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, `preset: a100-page\ncluster:\n  ${cluster}\n`);
  try {
    loadSpec({ file });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`was accepted: ${cluster}`);
}

describe('a wrong cluster section', () => {
  it.each([
    ['image: nvcr.io:5000/tritonserver', /:3:10: cluster\.image: .* has no tag or digest, so it could change/],
    ['image: nvcr.io/tritonserver:latest', /has the tag "latest", so it could change/],
    ['stages: {serve: {image: triton}}', /:3:27: cluster\.stages\.serve\.image: "triton" has no tag or digest/],
    ['stages: {serve: {memory: 64GB}}', /cluster\.stages\.serve\.memory: "64GB" is not a size: .* such as 64Gi/],
    ['stages: {serve: {cpu: 0.25}}', /cluster\.stages\.serve\.cpu: 0\.25 is not a number of CPUs in steps of 0\.1/],
    ['stages: {measure: {cpu: 1.5}}', /cluster\.stages\.measure\.cpu: 1\.5 is not a whole number.*\(write 2\)/],
    ['stages: {server: {cpu: 1}}', /cluster\.stages\.server: no such setting; allowed here: createModels, .*"serve"/],
    ['gpus: 2', /:3:9: cluster\.gpus: 2 is too large; allowed: at most 1/],
    [
      'gpus: 0',
      /variants\[1\]: "tf_with_hps" needs a GPU, and cluster\.gpus is 0 \(set cluster\.gpus: 1, or take native_tf/,
    ],
    ['runId: Run_1', /cluster\.runId: "Run_1" is not a DNS label/],
    [`runId: ${'r'.repeat(41)}`, /cluster\.runId: .* is too long; allowed: at most 40/],
    [
      `{isolation: variant, runId: ${'r'.repeat(27)}}`,
      /cluster\.runId: .* leaves no room for the variant in a Job's name/,
    ],
    ['nodeLabels: gfd', /cluster\.nodeLabels: "gfd" is not allowed; allowed: gpu-feature-discovery, gke, eks/],
    [
      '{nodeLabels: gke, gpuProduct: RTX-A6000}',
      /cluster\.gpuProduct: "RTX-A6000" has no known gke node label; known: A100-SXM4-80GB,/,
    ],
    [
      'tolerations: [{key: a, operator: Equal}]',
      /cluster\.tolerations\[0\]: .* with operator Equal needs key and value/,
    ],
    ['tolerations: [{key: a, value: b}]', /has a value with operator Exists; write operator: Equal/],
    [
      'tolerations: [{key: a, effect: NoStart}]',
      /"NoStart" is not allowed; allowed: NoSchedule, PreferNoSchedule, NoExecute/,
    ],
    ['nodeName: GPU 1', /cluster\.nodeName: "GPU 1" is not a name/],
  ])('%s is answered with place, value and fix', (cluster, message) => {
    expect(messageOf(cluster)).toMatch(message);
  });
});

it('a run without a GPU needs variants without one, and takes fractions of a CPU', () => {
  const spec = loadSpec({ preset: 'cluster-cpu' });
  expect(spec.cluster.gpus).toBe(0);
  expect(spec.cluster.stages.measure.cpu).toBe(0.9);
});

it('the name of a run is no part of what a spec measures', () => {
  const hash = (...set: string[]) => specHash(loadSpec({ preset: 'a100-page', set }));
  expect(hash('cluster.runId=run-2')).toBe(hash());
  expect(hash('cluster.gpuProduct=A100-PCIE-80GB')).not.toBe(hash());
});
