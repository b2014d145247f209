import { readdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { cacheRoot } from '../../src/local/index.js';
import { prepareEnvironment, tensorflowVariables } from '../../src/local/environment.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { PROGRAM_TESTS, TWO_AT_A_TIME, unittest } from './unittest.js';

/** Run by the Python of the environment that the programs run in: nothing is skipped there. */
const python = findPython();
let interpreter = '';

beforeAll(async () => {
  const processes = new Processes(python.path);
  ({ interpreter } = await prepareEnvironment(cacheRoot(), python, processes, () => undefined));
});

/** Wants PyTorch, which package indexes have only with 3 GB of CUDA libraries; it runs where `local --gpu` does. */
const ELSEWHERE = 'test_torch_kernels.py';
const files = readdirSync(PROGRAM_TESTS).filter((name) => name.startsWith('test_') && name !== ELSEWHERE);

async function passes(name: string): Promise<void> {
  const { code, output } = await unittest(interpreter, name, tensorflowVariables(python));
  expect(output).toMatch(/Ran [1-9]\d* tests? in/);
  expect(output).not.toContain('skipped');
  expect(code, output).toBe(0);
}

const timeout = 3_600_000;
it.concurrent.each(TWO_AT_A_TIME)('jobs/tests/%s passes', { timeout }, passes);
it.each(files.filter((name) => !TWO_AT_A_TIME.includes(name)))('jobs/tests/%s passes', { timeout }, passes);
it.skip(`jobs/tests/${ELSEWHERE} passes (skipped: needs PyTorch)`, () => undefined);
