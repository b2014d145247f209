import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import type { Facts, Located, Manifest } from '../src/kubernetes/rules/index.js';
import { loadSpec } from '../src/spec/index.js';
import { type AppFiles, benchCharts } from './app.js';
import { pythonPrograms } from './job-files.js';

// For tests only: what the charts write, as text and as objects.

/** The real programs, and a line in place of the bundled conductor, which is another part's. */
export const FILES: AppFiles = {
  python: pythonPrograms(),
  conductor: new Map([['conductor.mjs', '// stands for the bundle\n']]),
};

export interface Rendered {
  /** Text by file name. */
  readonly files: ReadonlyMap<string, string>;
  readonly facts: Facts;
  readonly objects: readonly Located[];
  /** The one object of that kind whose name begins so. */
  readonly get: (kind: string, name: string) => Manifest;
}

export function rendered(preset: string, ...set: string[]): Rendered {
  const folder = mkdtempSync(join(tmpdir(), 'hps-bench-charts-'));
  try {
    const { app, facts } = benchCharts(loadSpec({ preset, set }), FILES, folder);
    app.synth();
    const files = new Map(
      readdirSync(folder)
        .sort()
        .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
    return { files, facts, ...read(files) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Objects of YAML texts, with the file's name for a path. */
export function read(files: ReadonlyMap<string, string>): Pick<Rendered, 'objects' | 'get'> {
  const objects = [...files].flatMap(([path, text]) =>
    (yaml.loadAll(text, undefined, { schema: yaml.JSON_SCHEMA }) as Manifest[]).map((manifest) => ({ path, manifest })),
  );
  const get = (kind: string, name: string): Manifest => {
    const found = objects.filter(({ manifest }) => manifest.kind === kind && manifest.metadata?.name?.startsWith(name));
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${found.length} objects are a ${kind} ${name}…`);
    return only.manifest;
  };
  return { objects, get };
}
