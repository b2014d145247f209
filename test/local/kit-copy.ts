import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

/**
 * A copy of the kit whose onnx_cpu has a file of test/backends behind it: the kit itself has no such switch.
 * @returns the copy's folder, and what removes it
 */
export function kitWith(behind: 'slowed.py' | 'drifting.py'): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'hps-bench-copy-'));
  for (const name of ['src', 'jobs', 'presets', 'assets', 'requirements', 'schema', 'package.json', 'tsconfig.json'])
    cpSync(join(PACKAGE_ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(root, 'node_modules'));
  const model = join(root, 'jobs', 'backends', 'onnx_cpu', 'model.py');
  appendFileSync(model, `\n\n${readFileSync(join(PACKAGE_ROOT, 'test', 'backends', behind), 'utf8')}`);
  return {
    root,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
