import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

function plan(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'plan', ...options], {
    encoding: 'utf8',
    cwd: PACKAGE_ROOT,
  });
}

describe('hps-bench plan', () => {
  it('ends with 0 for the default spec and prints what docs/planning.md shows', () => {
    const { status, stdout, stderr } = plan();
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readFileSync(join(PACKAGE_ROOT, 'docs', 'planning.md'), 'utf8')).toContain(stdout);
  });

  it('ends with 4 where the image has no code for the GPU, and says which images have, as JSON too', () => {
    const { status, stdout } = plan('--set', 'cluster.gpuProduct=NVIDIA-H100-80GB-HBM3', '--json');
    expect(status).toBe(4);
    const found = JSON.parse(stdout) as { fits: boolean; problems: { what: string; fix: string }[] };
    expect(found.fits).toBe(false);
    expect(found.problems.map(({ what }) => what)).toEqual(['image']);
    expect(found.problems[0]?.fix).toContain('merlin-hugectr:24.06');
  });

  it('ends with 2 for a wrong option, saying what is allowed', () => {
    const { status, stderr } = plan('--driver', 'newest');
    expect(status).toBe(2);
    expect(stderr).toContain('Allowed: a driver version such as 535.104.05.');
  });

  it('plans the smoke preset for this machine', () => {
    const { stdout } = plan('--preset', 'smoke', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'hps-bench/plan/1', place: 'local', gpu: null });
  });
});
