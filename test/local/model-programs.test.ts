import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cleanEnvironment,
  prepareEnvironment,
  prepareVirtualEnvironment,
  tensorflowVariables,
} from '../../src/local/environment.js';
import { cacheRoot } from '../../src/local/index.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

const TESTS = join(PACKAGE_ROOT, 'jobs', 'tests');
const python = findPython();
const processes = new Processes(python.path);
const silent = (): void => undefined;
mkdirSync(cacheRoot(), { recursive: true });

/** The release of NVIDIA's images of 23.06 to 23.12. */
async function tensorflow212(): Promise<string> {
  const folder = await prepareVirtualEnvironment(cacheRoot(), python, processes, silent, {
    name: `tf212-python${python.version}`,
    requirements: ['tf212.txt'],
    bytes: 2.2e9,
    what: 'TensorFlow 2.12',
  });
  return join(folder, 'bin', 'python');
}

async function tensorflow215(): Promise<string> {
  return (await prepareEnvironment(cacheRoot(), python, processes, silent)).interpreter;
}

/** One file in a process of its own: TensorFlow's threads can be set only once. */
function unittest(interpreter: string, file: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(interpreter, ['-m', 'unittest', '-v', file.replace('.py', '')], {
    cwd: TESTS,
    encoding: 'utf8',
    env: cleanEnvironment({ ...tensorflowVariables(python), PYTHONPATH: join(PACKAGE_ROOT, 'jobs') }),
    maxBuffer: 1 << 26,
  });
  return { status, said: `${stdout}${stderr}` };
}

const files = readdirSync(TESTS).filter((name) => /^test_.*\.py$/.test(name));

// Neither release is there for Python 3.12.
describe.skipIf(python.version === '3.12').each([
  ['2.15', tensorflow215],
  ['2.12', tensorflow212],
] as const)('the programs in jobs/ on TensorFlow %s', (release, environment) => {
  let interpreter = '';
  beforeAll(async () => {
    interpreter = await environment();
  });

  it('have that release', () => {
    const code = 'import importlib.metadata as m; print(m.version("tensorflow-cpu"))';
    const { stdout } = spawnSync(interpreter, ['-c', code], { encoding: 'utf8' });
    expect(stdout.startsWith(`${release}.`), stdout).toBe(true);
  });

  it.each(files)('do what %s says, with nothing skipped for a missing library', { timeout: 3_600_000 }, (file) => {
    const { status, said } = unittest(interpreter, file);
    expect(said).toMatch(/Ran [1-9]\d* tests?/);
    expect(said).not.toMatch(/not installed here: .*(tensorflow|onnx|numpy)/);
    expect(status, said).toBe(0);
  });
});
