import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { cacheRoot } from '../../src/local/index.js';
import { prepareEnvironment, type Environment } from '../../src/local/environment.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

/** The programs' own tests, run by the Python of the environment that the programs run in: nothing is skipped there. */
const TESTS = join(PACKAGE_ROOT, 'jobs', 'tests');
let environment: Environment;

beforeAll(async () => {
  const python = findPython();
  environment = await prepareEnvironment(cacheRoot(), python, new Processes(python.path), () => undefined);
});

it.each(readdirSync(TESTS).filter((name) => name.startsWith('test_')))('jobs/tests/%s passes', async (name) => {
  const { code, output } = await unittest(name);
  expect(output).toMatch(/Ran [1-9]\d* tests? in/);
  expect(output).not.toContain('skipped');
  expect(code, output).toBe(0);
});

async function unittest(name: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(environment.interpreter, ['-m', 'unittest', 'discover', '-s', TESTS, '-p', name], {
    env: {
      ...process.env,
      PYTHONPATH: join(PACKAGE_ROOT, 'jobs'),
      PYTHONDONTWRITEBYTECODE: '1',
      CUDA_VISIBLE_DEVICES: '-1',
      TF_CPP_MIN_LOG_LEVEL: '3',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (data: Buffer): void => {
    output += data.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output };
}
