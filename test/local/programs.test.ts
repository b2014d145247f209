import { readdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { cacheRoot } from '../../src/local/index.js';
import { prepareEnvironment, tensorflowVariables } from '../../src/local/environment.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { PROGRAM_TESTS, unittest } from './unittest.js';

/** Run by the Python of the environment that the programs run in: nothing is skipped there. */
const python = findPython();
let interpreter = '';

beforeAll(async () => {
  const processes = new Processes(python.path);
  ({ interpreter } = await prepareEnvironment(cacheRoot(), python, processes, () => undefined));
});

it.each(readdirSync(PROGRAM_TESTS).filter((name) => name.startsWith('test_')))(
  'jobs/tests/%s passes',
  { timeout: 3_600_000 },
  async (name) => {
    const { code, output } = await unittest(interpreter, name, tensorflowVariables(python));
    expect(output).toMatch(/Ran [1-9]\d* tests? in/);
    expect(output).not.toContain('skipped');
    expect(code, output).toBe(0);
  },
);
