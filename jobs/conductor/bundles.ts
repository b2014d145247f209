/** The conductor as two readable files that need Node and nothing else. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The program, and the reader, judge and report that it uses: apart, because a ConfigMap that is applied must stay small. */
export const FILES = ['conductor.mjs', 'records.mjs'] as const;

const HEADER = '// Bundled from jobs/conductor and src by `npm run bundle:conductor`. Edit those, not this file.';

/** Makes the bundles; the same source always makes the same bytes. */
export async function bundles(): Promise<{ name: (typeof FILES)[number]; text: string }[]> {
  return [
    { name: 'conductor.mjs', text: await bundle('main.ts', ['./records.js']) },
    { name: 'records.mjs', text: await bundle('records.ts', []) },
  ];
}

async function bundle(entry: string, apart: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: HEADER },
    // A package that is really used would be left as an import, which the test refuses.
    packages: 'external',
    plugins: [
      {
        name: 'apart',
        setup: (build) => {
          build.onResolve({ filter: /^\.\/records\.js$/ }, ({ path }) =>
            apart.includes(path) ? { path: './records.mjs', external: true } : undefined,
          );
        },
      },
    ],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return file.text;
}
