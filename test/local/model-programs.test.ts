import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareVirtualEnvironment, tensorflowVariables } from '../../src/local/environment.js';
import { cacheRoot } from '../../src/local/index.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { TWO_AT_A_TIME, unittest } from './unittest.js';

const python = findPython();

const timeout = 3_600_000;
let interpreter = '';

// The release of NVIDIA's images of 23.06 to 23.12; programs.test.ts runs the same on the newest one. There is none for
// Python 3.12.
describe.skipIf(python.version === '3.12')('the model programs on TensorFlow 2.12', () => {
  beforeAll(async () => {
    const silent = (): void => undefined;
    mkdirSync(cacheRoot(), { recursive: true });
    const folder = await prepareVirtualEnvironment(cacheRoot(), python, new Processes(python.path), silent, {
      name: `tf212-python${python.version}`,
      requirements: ['tf212.txt'],
      bytes: 2.2e9,
      what: 'TensorFlow 2.12',
    });
    interpreter = join(folder, 'bin', 'python');
  });

  it('have that release', () => {
    const code = 'import importlib.metadata as m; print(m.version("tensorflow-cpu"))';
    const { stdout } = spawnSync(interpreter, ['-c', code], { encoding: 'utf8' });
    expect(stdout.startsWith('2.12.'), stdout).toBe(true);
  });

  const does = async (file: string): Promise<void> => {
    const { code, output } = await unittest(interpreter, file, {
      ...tensorflowVariables(python),
      // Where a kill leaves what is not the release's doing; programs.test.ts has all twenty.
      HPS_BENCH_TEST_KILLS: '8',
    });
    expect(output).toMatch(/Ran [1-9]\d* tests?/);
    expect(output).not.toContain('skipped');
    expect(code, output).toBe(0);
  };
  it.concurrent.each(TWO_AT_A_TIME)('do what %s says, with nothing skipped', { timeout }, does);
  // Kills at moments that it chooses.
  it('do what test_create_models.py says, with nothing skipped', { timeout }, () => does('test_create_models.py'));
});
