import { expect, it } from 'vitest';
import { loadSpec } from '../spec/index.js';
import { environmentLines, type Witness } from './environment.js';

const spec = loadSpec({ preset: 'a100-page' });
const witness = (environment: Witness['environment'], gpus: Witness['gpus'] = null): Witness => ({
  environment,
  gpus,
  perf_analyzer_version: '2.28',
});
const line = (evidence: readonly Witness[], name: string) =>
  environmentLines(spec, evidence).find((one) => one.name === name);

it('has one line a fact, and marks what changed inside the run', () => {
  const evidence = ['525.85.12', '525.85.12', '525.147.05'].map((gpu_driver) =>
    witness({ gpu_product: 'NVIDIA A100-SXM4-80GB', gpu_driver }),
  );
  expect(line(evidence, 'GPU')).toEqual({ name: 'GPU', value: 'NVIDIA A100-SXM4-80GB' });
  expect(line(evidence, 'GPU driver')).toEqual({ name: 'GPU driver', value: '525.85.12; 525.147.05', varies: true });
  expect(line(evidence, 'perf_analyzer')).toEqual({ name: 'perf_analyzer', value: '2.28' });
});

it('gives the range of what moves by nature, without a mark', () => {
  const gpu = (min: number, max: number) => [
    {
      ...{ uuid: 'GPU-1', samples: 3, memory_clock_mhz: null, temperature_c: null, power_w: null },
      ...{ sm_clock_mhz: { min, median: max, max }, throttle_reasons: {}, other_processes: [] },
    },
  ];
  const evidence = [
    witness({ load_average_1m: 0.31 }, gpu(1395, 1410)),
    witness({ load_average_1m: 4 }, gpu(1275, 1410)),
  ];
  expect(line(evidence, 'SM clock')).toEqual({ name: 'SM clock', value: '1275 to 1410 MHz' });
  expect(line(evidence, 'Load average at the client')).toEqual({
    name: 'Load average at the client',
    value: '0.3 to 4.0',
  });
  expect(line([witness({}, gpu(1410, 1410))], 'SM clock')?.value).toBe('1410 MHz');
});

it('leaves out what nobody recorded, but never what the spec says', () => {
  expect(environmentLines(spec, [witness({ gpu_product: null })]).map(({ name }) => name)).toEqual([
    'perf_analyzer',
    'Table',
    'Load',
  ]);
});
