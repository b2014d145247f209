import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareEnvironment, prepareVirtualEnvironment, tensorflowVariables } from '../../src/local/environment.js';
import { cacheRoot } from '../../src/local/index.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { PROGRAM_TESTS, unittest } from './unittest.js';

const python = findPython();
const silent = (): void => undefined;
const timeout = 3_600_000;

/** Python of the environment that the programs run in, with the newest release of TensorFlow: nothing is skipped there. */
let newest = '';
/** The same with the release of NVIDIA's images of 23.06 to 23.12. There is none for Python 3.12. */
let imagesOwn = '';
const HAS_IMAGES_OWN = python.version !== '3.12';

beforeAll(async () => {
  const processes = new Processes(python.path);
  ({ interpreter: newest } = await prepareEnvironment(cacheRoot(), python, processes, silent));
  if (!HAS_IMAGES_OWN) return;
  const folder = await prepareVirtualEnvironment(cacheRoot(), python, processes, silent, {
    name: `tf212-python${python.version}`,
    requirements: ['tf212.txt'],
    bytes: 2.2e9,
    what: 'TensorFlow 2.12',
  });
  imagesOwn = join(folder, 'bin', 'python');
});

async function passes(interpreter: string, file: string, variables: NodeJS.ProcessEnv = {}): Promise<void> {
  const { code, output } = await unittest(interpreter, file, { ...tensorflowVariables(python), ...variables });
  expect(output).toMatch(/Ran [1-9]\d* tests? in/);
  expect(output).not.toContain('skipped');
  expect(code, output).toBe(0);
}

/** The tests of the model programs, the longest first: a core and minutes each, no listener, and nothing that must be quick. */
const MODEL_PROGRAMS = ['create_models', 'models', 'checkpoint', 'table', 'hps_model', 'crc32c'].map(testFile);
/** Long as well, but for one release only. */
const LONG = [...MODEL_PROGRAMS, ...['build_engines', 'surgery'].map(testFile)];
/** Wants PyTorch, which package indexes have only with 3 GB of CUDA libraries; it runs where `local --gpu` does. */
const ELSEWHERE = testFile('torch_kernels');
const others = readdirSync(PROGRAM_TESTS).filter(
  (name) => name.startsWith('test_') && !LONG.includes(name) && name !== ELSEWHERE,
);

function testFile(name: string): string {
  return `test_${name}.py`;
}

describe.concurrent('the long tests of the programs', () => {
  it.each(LONG)('jobs/tests/%s passes', { timeout }, (file) => passes(newest, file));
  // Where a kill leaves what is not the release's doing; the newest one has all twenty.
  it.skipIf(!HAS_IMAGES_OWN).each(MODEL_PROGRAMS)('jobs/tests/%s passes on TensorFlow 2.12', { timeout }, (file) =>
    passes(imagesOwn, file, { HPS_BENCH_TEST_KILLS: '8' }),
  );
});

describe('the other tests of the programs', () => {
  it.each(others)('jobs/tests/%s passes', { timeout }, (file) => passes(newest, file));
  it.skip(`jobs/tests/${ELSEWHERE} passes (skipped: needs PyTorch)`, () => undefined);
  it.skipIf(!HAS_IMAGES_OWN)('are run on TensorFlow 2.12 where it is said so', () => {
    const code = 'import importlib.metadata as m; print(m.version("tensorflow-cpu"))';
    const { stdout } = spawnSync(imagesOwn, ['-c', code], { encoding: 'utf8' });
    expect(stdout.startsWith('2.12.'), stdout).toBe(true);
  });
});
