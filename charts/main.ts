import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadSpec, PACKAGE_ROOT, type Spec, SpecError } from '../src/spec/index.js';
import { benchApp } from './app.js';
import { ARGOCD_FOLDER, argocdApp } from './argocd/chart.js';
import { conductorProgram, pythonPrograms } from './job-files.js';
import { differences, synthesize } from './output.js';

// The app that cdk8s.yaml names. Also: `npm run synth -- --preset cluster-cpu --output DIR`, `npm run synth:check`.
// cdk8s swallows what an app prints on stdout, so everything is said on stderr.

const USAGE =
  'usage: charts/main.ts [--spec FILE | --preset NAME] [--set KEY=VALUE]... [--output FOLDER] [--check]\n' +
  'without options: bench.yaml to dist/; also HPS_BENCH_SPEC and HPS_BENCH_PRESET';

function main(): number {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    return refuse(`${(error as Error).message}\n${USAGE}`);
  }
  try {
    const files = { python: pythonPrograms(), conductor: conductorProgram() };
    if (!files.conductor.has('conductor.mjs'))
      return refuse('jobs/conductor/conductor.mjs is not there: make it with `npm run bundle:conductor`');
    const { spec, output } = options;
    const { gitops } = spec;
    const parts = [{ app: (outdir: string) => benchApp(spec, files, outdir), output }];
    if (gitops !== undefined)
      parts.push({
        app: (outdir: string) => argocdApp(spec, gitops, outdir),
        output: join(output, ARGOCD_FOLDER),
      });
    if (!options.check) {
      for (const part of parts) synthesize(part.app, part.output);
      return 0;
    }
    const found = parts.flatMap((part) => differences(part.app, part.output));
    return found.length === 0 ? 0 : refuse(`${found.join('\n')}\nrun \`npm run synth\` and commit what it writes`);
  } catch (error) {
    // What the rules found, every line with its construct's path.
    if (error instanceof Error && error.message.startsWith('Validation failed')) return refuse(error.message);
    throw error;
  }
}

function readOptions(): { spec: Spec; output: string; check: boolean } {
  const { values } = parseArgs({
    options: {
      spec: { type: 'string' },
      preset: { type: 'string' },
      set: { type: 'string', multiple: true },
      output: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  const preset = values.preset ?? process.env['HPS_BENCH_PRESET'];
  const file = values.spec ?? process.env['HPS_BENCH_SPEC'] ?? (preset === undefined ? 'bench.yaml' : undefined);
  // `cdk8s synth` may be started from another folder than a clone's own.
  const near = file === undefined || existsSync(file) ? file : join(PACKAGE_ROOT, file);
  const spec = loadSpec({
    ...(near === undefined ? {} : { file: near }),
    ...(preset === undefined ? {} : { preset }),
    set: values.set ?? [],
  });
  return { spec, output: values.output ?? process.env['CDK8S_OUTDIR'] ?? 'dist', check: values.check };
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof SpecError)) throw error;
  process.exitCode = refuse(error.message);
}
