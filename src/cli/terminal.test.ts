import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../spec/index.js';

/** What a process without a terminal decides, with these variables. */
function decided(variables: NodeJS.ProcessEnv): string {
  const code = `import { useColors } from '${join(PACKAGE_ROOT, 'src/cli/terminal.ts')}'; process.stdout.write(JSON.stringify([useColors()]));`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', code];
  return spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: PACKAGE_ROOT,
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', ...variables },
  }).stdout;
}

it('writes no colour where there is no terminal, in CI too, unless it is forced', () => {
  expect(decided({ CI: 'true' })).toBe('[false]');
  expect(decided({ FORCE_COLOR: '1' })).toBe('[true]');
  expect(decided({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe('[false]');
});
