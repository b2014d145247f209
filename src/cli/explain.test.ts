import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemRefusal } from './explain.js';

it('names the path, the cause and the fix of an error of the operating system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hps-bench-explain-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  try {
    mkdirSync(join(file, 'run'), { recursive: true });
    expect.unreachable();
  } catch (error) {
    expect(systemRefusal(error)).toMatch(
      /file.*: a file stands where a folder is needed \(ENOTDIR in mkdir\)\n {2}move it away/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('leaves faults of the program to their stack', () => {
  expect(systemRefusal(new TypeError('x is undefined'))).toBeUndefined();
  expect(systemRefusal('no error')).toBeUndefined();
});
