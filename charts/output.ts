import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { App } from 'cdk8s';

type MakeApp = (outdir: string) => App;

/** Writes the app's files into the folder, all or none; files of charts that are no more are removed. */
export function synthesize(app: MakeApp, output: string): void {
  inScratch(app, output, (scratch) => {
    mkdirSync(output, { recursive: true });
    const fresh = readdirSync(scratch);
    for (const name of fresh) renameSync(join(scratch, name), join(output, name));
    for (const name of manifests(output)) if (!fresh.includes(name)) rmSync(join(output, name));
  });
}

/** What a fresh synth would change in the folder, a line each. */
export function differences(app: MakeApp, output: string): string[] {
  return inScratch(app, output, (scratch) => {
    const fresh = manifests(scratch);
    const old = existsSync(output) ? manifests(output) : [];
    const missing = fresh.filter((name) => !old.includes(name)).map((name) => `${join(output, name)}: is missing`);
    const left = old
      .filter((name) => !fresh.includes(name))
      .map((name) => `${join(output, name)}: has no chart any more`);
    const changed = fresh
      .filter((name) => old.includes(name) && read(scratch, name) !== read(output, name))
      .map((name) => `${join(output, name)}: differs from a fresh synth`);
    return [...missing, ...left, ...changed];
  });
}

/** Synthesizes into a folder beside the output, on the same disk, which is removed in any case. */
function inScratch<T>(app: MakeApp, output: string, use: (scratch: string) => T): T {
  const beside = dirname(resolve(output));
  mkdirSync(beside, { recursive: true });
  const scratch = mkdtempSync(join(beside, '.synth-'));
  try {
    app(scratch).synth();
    return use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function manifests(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.k8s.yaml'))
    .sort();
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
