import { describe, expect, it } from 'vitest';
import { forecast } from '../planner/index.js';
import { loadSpec } from '../spec/index.js';
import { clusterPreflight, localPreflight } from './preflight.js';

const folders = { artifacts: '/data/artifacts/a', engines: '/data/engines/e' };

describe('the preflight section', () => {
  it('asks of each stage what the plan says', () => {
    const spec = loadSpec({ preset: 'a100-page' });
    const { stages } = clusterPreflight(spec, folders).preflight as { stages: Record<string, unknown>[] };
    const planned = forecast(spec).stages.filter(({ stage }) => stage !== 'measure');
    expect(stages.map(({ stage, gpu_bytes, host_bytes }) => ({ stage, gpu_bytes, host_bytes }))).toEqual(
      planned.map(({ stage, gpuBytes, hostBytes }) => ({
        stage,
        gpu_bytes: Math.ceil(gpuBytes),
        host_bytes: Math.ceil(hostBytes),
      })),
    );
    expect(stages.map(({ disk_folder }) => disk_folder)).toEqual([
      folders.artifacts,
      ...[folders.engines, folders.engines],
    ]);
  });

  it('demands an architecture only where HPS runs, and names only images that have its plug-ins', () => {
    const gpu = (...set: string[]): { hps_capabilities: string[]; images: { name: string }[] } =>
      clusterPreflight(loadSpec({ preset: 'a100-page', set }), folders).preflight['gpu'] as never;
    expect(gpu().hps_capabilities).toEqual(['7.0', '7.5', '8.0']);
    expect(
      gpu()
        .images.map(({ name }) => name)
        .join(),
    ).not.toContain('22.12');
    expect(gpu('variants=[native_tf]').hps_capabilities).toEqual([]);
    expect(gpu('cluster.image=example.org/own:1').hps_capabilities).toEqual([]);
  });

  it('asks no GPU of one machine', () => {
    const { gpu, stages } = localPreflight(loadSpec({ preset: 'smoke' }), folders).preflight;
    expect(gpu).toBeNull();
    expect((stages as { gpu_bytes: number }[]).every(({ gpu_bytes }) => gpu_bytes === 0)).toBe(true);
  });
});
