import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../spec/index.js';

/** What a process without a terminal decides, with these variables. */
function decided(variables: NodeJS.ProcessEnv): string {
  const code = `import { useColors } from '${join(PACKAGE_ROOT, 'src/cli/terminal.ts')}'; console.log(useColors());`;
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...rest } = process.env;
  const args = ['--import', 'tsx', '--input-type=module', '-e', code];
  return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: PACKAGE_ROOT, env: { ...rest, ...variables } })
    .stdout;
}

it('writes no colour where there is no terminal, in CI too, unless it is forced', () => {
  expect(decided({ CI: 'true' })).toBe('false\n');
  expect(decided({ FORCE_COLOR: '1' })).toBe('true\n');
  expect(decided({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe('false\n');
});
