import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../src/spec/index.js';

/** Text of the programs by path below jobs/, in the order of their names. */
export type JobFiles = ReadonlyMap<string, string>;

/** The Python programs of jobs/: the folder's own and those of the backends. */
export function pythonPrograms(root = PACKAGE_ROOT): JobFiles {
  const jobs = join(root, 'jobs');
  const backends = readdirSync(join(jobs, 'backends'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = ['.', ...backends.map(({ name }) => `backends/${name}`)].flatMap((folder) =>
    readdirSync(join(jobs, folder))
      .filter((name) => name.endsWith('.py'))
      .map((name) => (folder === '.' ? name : `${folder}/${name}`)),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(jobs, path), 'utf8')]));
}

/** The bundled conductor: every file of jobs/conductor that Node runs as it is. */
export function conductorProgram(root = PACKAGE_ROOT): JobFiles {
  const folder = join(root, 'jobs', 'conductor');
  const names = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
