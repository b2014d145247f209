import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cleanEnvironment,
  prepareEnvironment,
  prepareVirtualEnvironment,
  tensorflowVariables,
} from '../../src/local/environment.js';
import { cacheRoot } from '../../src/local/index.js';
import { Processes } from '../../src/local/processes.js';
import { findPython, type Python } from '../../src/local/python.js';
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

function unittest(
  interpreter: string,
  files: readonly string[],
  using: Python,
): { status: number | null; said: string } {
  const modules = files.map((file) => file.replace('.py', ''));
  const { status, stdout, stderr } = spawnSync(interpreter, ['-m', 'unittest', '-v', ...modules], {
    cwd: TESTS,
    encoding: 'utf8',
    env: cleanEnvironment({ ...tensorflowVariables(using), PYTHONPATH: join(PACKAGE_ROOT, 'jobs') }),
    maxBuffer: 1 << 26,
  });
  return { status, said: `${stdout}${stderr}` };
}

const files = readdirSync(TESTS).filter((name) => /^test_.*\.py$/.test(name));

describe.each([
  ['2.15', tensorflow215],
  ['2.12', tensorflow212],
] as const)('the programs in jobs/ on TensorFlow %s', (release, environment) => {
  // Neither release is there for Python 3.12.
  it.skipIf(python.version === '3.12')(
    'do what their own tests say, with nothing skipped for a missing library',
    { timeout: 3_600_000 },
    async () => {
      const interpreter = await environment();
      const version = spawnSync(
        interpreter,
        ['-c', 'import importlib.metadata as m; print(m.version("tensorflow-cpu"))'],
        {
          encoding: 'utf8',
        },
      );
      expect(version.stdout).toMatch(new RegExp(`^${release.replace('.', '\\.')}\\.`));
      const { status, said } = unittest(interpreter, files, python);
      expect(said).toMatch(/Ran [1-9]\d+ tests/);
      expect(said).not.toMatch(/not installed here: .*(tensorflow|onnx|numpy)/);
      expect(status, said).toBe(0);
    },
  );
});
