import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cleanEnvironment } from '../../src/local/environment.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

/** The programs' own tests. */
export const PROGRAM_TESTS = join(PACKAGE_ROOT, 'jobs', 'tests');

/**
 * Runs one file of them in a process of its own, since TensorFlow's threads can be set only once. Not synchronously: a test
 * runner that hears nothing of its worker for a minute gives it up.
 */
export async function unittest(
  interpreter: string,
  file: string,
  variables: NodeJS.ProcessEnv,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(interpreter, ['-m', 'unittest', 'discover', '-s', PROGRAM_TESTS, '-p', file], {
    env: cleanEnvironment({ ...variables, PYTHONPATH: join(PACKAGE_ROOT, 'jobs') }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output };
}
