/** The conductor as three readable files that need Node and nothing else. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The program, the judge and report that it uses, and their reader: apart, so that each can be read. */
export const FILES = ['conductor.mjs', 'records.mjs', 'reader.mjs'] as const;

/** What a bundle leaves to another: imports that end so, from outside of it. */
const RECORDS = { from: /^\.\/records\.js$/, bundle: './records.mjs' };
const READER = { from: /\/perf-analyzer\/(index|frames)\.js$/, bundle: './reader.mjs' };
type Apart = typeof RECORDS;

const HEADER = '// Bundled from jobs/conductor and src by `npm run bundle:conductor`. Edit those, not this file.';

/** Makes the bundles; the same source always makes the same bytes. */
export async function bundles(): Promise<{ name: (typeof FILES)[number]; text: string }[]> {
  return [
    { name: 'conductor.mjs', text: await bundle('main.ts', [RECORDS]) },
    { name: 'records.mjs', text: await bundle('records.ts', [READER]) },
    { name: 'reader.mjs', text: await bundle('reader.ts', []) },
  ];
}

async function bundle(entry: string, apart: readonly Apart[]): Promise<string> {
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
          for (const { from, bundle } of apart)
            build.onResolve({ filter: from }, () => ({ path: bundle, external: true }));
        },
      },
    ],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return file.text;
}
