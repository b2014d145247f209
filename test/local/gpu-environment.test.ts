import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { artifactSettings } from '../../src/job-settings/index.js';
import { prepareEnvironment, prepareGpuEnvironment } from '../../src/local/environment.js';
import { cacheRoot } from '../../src/local/index.js';
import { Processes } from '../../src/local/processes.js';
import { mustRun, runProgram } from '../../src/local/programs.js';
import { findPython } from '../../src/local/python.js';
import type { TorchPython } from '../../src/local/torch.js';
import { startTriton, waitReady } from '../../src/local/triton.js';
import { loadSpec } from '../../src/spec/index.js';

/**
 * The environment of `hps-bench local --gpu` without a GPU: it has Triton alone, and finds everything else where another
 * environment has it. ONNX Runtime stands for PyTorch, since it needs no GPU.
 */
const folder = mkdtempSync(join(tmpdir(), 'hps-bench-gpu-environment-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('serves from the real Triton with the packages of another environment', async () => {
  const python = findPython();
  const processes = new Processes(python.path);
  const spec = loadSpec({ preset: 'smoke', set: ['variants=[onnx_cpu]'] });
  const artifacts = join(folder, 'artifacts');
  const settings = {
    ...{ schema: 'hps-bench/job-settings/1', run_id: 'gpu-environment', spec_hash: 'a' },
    ...artifactSettings(spec),
    paths: { artifacts },
  };
  const whole = await prepareEnvironment(cacheRoot(), python, processes, () => undefined);
  const creating = { file: 'create_models.py', settings, folder, onProgress: (): void => undefined };
  await mustRun(whole, processes, creating);

  const elsewhere: TorchPython = {
    ...{ python, torch: '', packages: [dirname(dirname(whole.triton))] },
    gpu: { uuid: 'GPU-none', product: '', capability: '9.0', memory: 0 },
  };
  const environment = await prepareGpuEnvironment(folder, elsewhere, processes, () => undefined);
  const log = join(folder, 'triton.log');
  const triton = await startTriton({ environment, processes, spec, place: 'cpu', settings, artifacts, folder, log });
  try {
    await waitReady(processes, triton, spec.variants, { log, seconds: 120 });
  } finally {
    await triton.stop();
  }

  const alone = { ...elsewhere, packages: [] };
  const empty = await prepareGpuEnvironment(join(folder, 'alone'), alone, processes, () => undefined);
  const { code, tail } = await runProgram(empty, processes, { ...creating, folder: join(folder, 'alone') });
  expect([code, tail.join('\n')]).toEqual([4, expect.stringContaining('numpy')]);
});
