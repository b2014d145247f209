import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The package's own root: the nearest folder with a package.json, from `src/` and from the compiled `lib/src/` alike. */
export const PACKAGE_ROOT = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
  return rootAbove(above);
}
