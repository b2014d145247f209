import { spawnSync } from 'node:child_process';
import { EnvironmentError } from '../../src/local/index.js';

/** The interpreter itself behind `python3`, which may be a version manager's script that stays between us and it. */
export function pythonPath(): string {
  const answer = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  if (answer.status === 0) return answer.stdout.trim();
  throw new EnvironmentError('the cluster for tests needs a python3 on PATH', 'on Debian: apt-get install python3');
}
