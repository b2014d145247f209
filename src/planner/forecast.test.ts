import { describe, expect, it } from 'vitest';
import { loadSpec, PRESETS, type Spec } from '../spec/index.js';
import { forecast } from './forecast.js';
import { imagesFor } from './images.js';
import { planText } from './text.js';

const spec = (preset: string, ...set: string[]): Spec => loadSpec({ preset, set });
const plenty = { diskFree: 1e12, memoryAvailable: 1e12, shm: 1e12 };
const what = (of: Spec, options = {}): string[] => forecast(of, options).problems.map((problem) => problem.what);

describe('a plan', () => {
  it.each(PRESETS)('fits for the preset %s', (preset) => {
    const plan = forecast(spec(preset), { machine: plenty, ...(preset === 'local-gpu' && { place: 'local' }) });
    expect(plan.problems).toEqual([]);
    expect(plan.fits).toBe(true);
    expect(planText(plan)).toMatch(/It fits\.\n$/);
  });

  it('is for a cluster where a variant needs one, and for this machine where a variant exists only here', () => {
    expect(forecast(spec('a100-page')).place).toBe('cluster');
    expect(forecast(spec('smoke')).place).toBe('local');
    expect(forecast(spec('smoke', 'variants=[native_tf]')).place).toBe('cluster');
  });

  it('counts no GPU, image or HPS on a cluster that has no GPU', () => {
    const small = spec('smoke');
    const without = { ...small, cluster: { ...small.cluster, gpus: 0, image: 'example.org/cpu:1' } };
    const plan = forecast(without);
    expect(plan).toMatchObject({ place: 'cluster', fits: true, warnings: [], gpu: null, gpuParts: [] });
    expect(plan.stages.every(({ gpuBytes, holdsGpu }) => gpuBytes === 0 && !holdsGpu)).toBe(true);
    expect(planText(plan)).toContain('on a cluster, without a GPU');
    expect(planText(plan)).not.toContain('GPU-hours');
    const page = spec('a100-page');
    expect(what({ ...page, cluster: { ...page.cluster, gpus: 0 } })).toEqual(['variants']);
  });

  it('has every cell of the page with its published latency', () => {
    const plan = forecast(spec('a100-page'));
    expect(plan.cells).toHaveLength(44);
    expect(plan.cells.every((cell) => cell.published)).toBe(true);
    expect(plan.cells.find((cell) => cell.variant === 'fp16_trt_with_hps' && cell.batch === 1024)?.microseconds).toBe(
      534,
    );
  });

  it('marks a batch that the page does not have as interpolated', () => {
    const plan = forecast(spec('a100-page', 'batches=[512]'));
    expect(plan.cells.map((cell) => cell.published)).toEqual([false, false, false, false]);
    expect(planText(plan)).toMatch(/^512 +~\d+ +~\d+ +~\d+ +~\d+/m);
  });

  it('counts warm-up and three windows of 1.2 intervals for each measurement, and every trial at most', () => {
    const plan = forecast(spec('a100-page'));
    const [cell] = plan.cells;
    expect(cell?.seconds.expected).toBeGreaterThan(10 + 3 * 6);
    expect(cell?.seconds.expected).toBeLessThan(10 + 3 * 6 + 1);
    expect(cell?.seconds.most).toBeGreaterThan(10 + 10 * 6);
    const measure = (of: typeof plan): number =>
      of.stages.find(({ stage }) => stage === 'measure')?.seconds.expected ?? 0;
    const [whole, halved] = [10, 5].map((repeats) =>
      forecast(spec('a100-page', 'design.canary.measurements=0', `repeats=${repeats}`)),
    ) as [typeof plan, typeof plan];
    expect(measure(halved)).toBeCloseTo(measure(whole) / 2, 6);
    const canary = plan.cells.find(({ variant, batch }) => variant === 'fp16_trt_with_hps' && batch === 4096);
    expect(measure(plan) - measure(whole)).toBeCloseTo(6 * (canary?.seconds.expected ?? 0), 6);
  });

  it('holds the GPU for every stage but the first', () => {
    const plan = forecast(spec('a100-page'));
    expect(plan.stages.map(({ stage, holdsGpu }) => [stage, holdsGpu])).toEqual([
      ['create-models', false],
      ['build-engines', true],
      ['serve', true],
      ['measure', true],
    ]);
    const holding = plan.stages.slice(1).reduce((sum, { seconds }) => sum + seconds.expected, 0);
    expect(plan.gpuHours.expected).toBeCloseTo(holding / 3600, 9);
  });

  it('builds no engines where no variant has one', () => {
    const plan = forecast(spec('a100-page', 'variants=[native_tf, tf_with_hps]'));
    expect(plan.stages.map(({ stage }) => stage)).toEqual(['create-models', 'serve', 'measure']);
    expect(plan.disk.engines).toBe(0);
  });

  it('asks for the memory that servers of the page need: 96 GiB on 23.02', () => {
    const serve = (of: Spec): string | undefined =>
      forecast(of).stages.find(({ stage }) => stage === 'serve')?.memoryRequest;
    expect(serve(spec('a100-page'))).toBe('96Gi');
    expect(serve(spec('h100'))).toBe('72Gi');
  });

  it('never needs more for a smaller model, batch or cache', () => {
    const bytes = (...set: string[]): number[] =>
      forecast(spec('a100-page', ...set)).stages.flatMap(({ gpuBytes, hostBytes, diskBytes }) => [
        gpuBytes,
        hostBytes,
        diskBytes,
      ]);
    const full = bytes();
    for (const set of [
      ['model.scale=0.5'],
      ['engine.maxBatch=2048', 'batches=[32, 2048]'],
      ['hps.gpuCacheFraction=0.1'],
    ])
      expect(bytes(...set).every((smaller, index) => smaller <= (full[index] ?? 0))).toBe(true);
  });
});

describe('a warning', () => {
  const warnings = (...set: string[]): string => forecast(spec('a100-page', ...set)).warnings.join('\n');

  it('is given for a slice, a shared GPU, an Arm machine and a deadline before the last trial', () => {
    expect(warnings()).toBe('');
    expect(warnings('cluster.gpuProduct=A100-SXM4-80GB-MIG-7g.80gb')).toContain('a MIG slice');
    expect(warnings('cluster.gpuProduct=A100-SXM4-80GB-SHARED')).toContain('time-shared');
    expect(warnings('cluster.gpuProduct=GH200')).toContain('Arm processor');
    expect(warnings('perfAnalyzer.deadlineSeconds=60')).toContain('up to 63 s');
  });
});

describe('what cannot fit', () => {
  it("is the page's image on Hopper, and the plan names the images that run there", () => {
    const plan = forecast(spec('a100-page', 'cluster.gpuProduct=NVIDIA-H100-80GB-HBM3'));
    expect(plan.problems.map((problem) => problem.what)).toEqual(['image']);
    expect(plan.problems[0]?.message).toContain('none for H100-80GB-HBM3 (9.0)');
    for (const { name } of imagesFor(
      '9.0',
      plan.cells.map(({ variant }) => variant),
    ))
      // prettier-ignore
      expect(plan.problems[0]?.fix).toContain(name);
  });

  it('is any image on Blackwell, and the plan says that none is left', () => {
    const plan = forecast(spec('h100', 'cluster.gpuProduct=B200'));
    expect(plan.problems.map((problem) => problem.what)).toEqual(['image']);
    expect(plan.problems[0]?.fix).toContain('no image with HPS has it');
  });

  it('does not forbid native TensorFlow alone on Hopper, for it runs no HPS code', () => {
    expect(what(spec('a100-page', 'cluster.gpuProduct=H100-80GB-HBM3', 'variants=[native_tf]'))).toEqual([]);
  });

  it.each(['A30', 'L4', 'Tesla-T4', 'A10', 'V100-SXM2-16GB'])(
    'is %s at the published profile; with the profile that the plan names it fits',
    (product) => {
      const small = spec('a100-page', `cluster.gpuProduct=${product}`);
      const [problem] = forecast(small).problems;
      expect(problem?.what).toBe('gpu-memory');
      const batch = /engine\.maxBatch to (\d+)/.exec(problem?.fix ?? '')?.[1] ?? '';
      const batches = small.batches.filter((size) => size <= Number(batch));
      const fixed = [`cluster.gpuProduct=${product}`, `engine.maxBatch=${batch}`, `batches=[${batches.join()}]`];
      expect(what(spec('a100-page', ...fixed))).toEqual([]);
    },
  );

  it('is a volume that is too small, and the size that the plan names is enough', () => {
    const plan = forecast(spec('a100-page', 'cluster.storage.size=16Gi'));
    expect(plan.problems.map((problem) => problem.what)).toEqual(['volume']);
    const size = /storage\.size to (\S+)/.exec(plan.problems[0]?.fix ?? '')?.[1] ?? '';
    expect(what(spec('a100-page', `cluster.storage.size=${size}`))).toEqual([]);
    expect(forecast(spec('a100-page', `cluster.storage.size=${size}`)).warnings.join()).toContain('without hard links');
  });

  it('is an old driver, a small node, and an image without the plug-in', () => {
    expect(what(spec('a100-page'), { driver: '460.106.00' })).toEqual(['driver']);
    expect(what(spec('a100-page'), { driver: '470.82.01' })).toEqual([]);
    expect(what(spec('a100-page'), { nodeMemory: 64e9 })).toEqual(['host-memory']);
    expect(what(spec('h100'), { nodeMemory: 64e9 })).toEqual([]);
    expect(what(spec('a100-page', 'cluster.image=nvcr.io/nvidia/merlin/merlin-tensorflow:22.12'))).toEqual(['plug-in']);
  });

  it('is a variant of this machine among those of a cluster', () => {
    expect(what(spec('a100-page', 'variants=[onnx_cpu, tf_with_hps]'))).toEqual(['variants']);
    expect(what(spec('a100-page'), { place: 'local', machine: plenty })).toEqual(['variants']);
  });

  it('is a machine with too little disk, memory or shared memory', () => {
    const local = spec('local');
    expect(what(local, { machine: { ...plenty, diskFree: 1e9 } })).toEqual(['disk']);
    expect(what(local, { machine: { ...plenty, memoryAvailable: 5e8 } })).toEqual(['host-memory']);
    expect(what(local, { machine: { ...plenty, shm: 1e5 } })).toEqual(['shm']);
    expect(planText(forecast(local, { machine: { ...plenty, shm: 1e5 } }))).toMatch(/cannot run .*1 reason above\.\n$/);
  });

  it('is not what nobody knows: an unknown image or GPU is a warning', () => {
    const plan = forecast(spec('a100-page', 'cluster.image=example.org/own:1', 'cluster.gpuProduct=A100-SMX4-80GB'));
    expect(plan.fits).toBe(true);
    expect(plan.warnings.join('\n')).toContain('example.org/own:1 is not in the catalogue');
    expect(plan.warnings.join('\n')).toContain('did you mean "A100-SXM4-80GB"?');
  });
});
