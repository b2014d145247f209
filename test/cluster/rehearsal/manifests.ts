import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { benchApp } from '../../../charts/app.js';
import { conductorProgram, pythonPrograms } from '../../../charts/job-files.js';
import { synthesize } from '../../../charts/output.js';
import type { Plan } from '../../../jobs/conductor/plan.js';
import { loadSpec } from '../../../src/spec/index.js';
import type { Access } from '../access.js';
import type { KubernetesObject } from '../kubectl.js';

/** What `cdk8s synth` writes for one spec. */
export interface Manifests {
  /** The folder to apply. */
  readonly folder: string;
  readonly objects: readonly KubernetesObject[];
  readonly plan: Plan;
  /** The conductor's bundle by file name, as its ConfigMap holds it. */
  readonly conductor: Readonly<Record<string, string>>;
}

/** bench.yaml, or a preset, with changes such as `cluster.runId=run-2`. */
export interface Wanted {
  readonly preset?: string;
  readonly set?: readonly string[];
}

/** Synthesizes into a folder of the cluster's, in a namespace of its own. */
export function synthesized(access: Access, namespace: string, { preset, set = [] }: Wanted = {}): Manifests {
  const source = preset === undefined ? { file: 'bench.yaml' } : { preset };
  const spec = loadSpec({ ...source, set: [`cluster.namespace=${namespace}`, ...set] });
  const folder = mkdtempSync(join(access.folder, 'dist-'));
  const sources = { python: pythonPrograms(), conductor: conductorProgram() };
  synthesize((outdir) => benchApp(spec, sources, outdir), folder);
  const objects = readdirSync(folder)
    .sort()
    .flatMap((name) => yaml.loadAll(readFileSync(join(folder, name), 'utf8')) as KubernetesObject[]);
  // One ConfigMap, or of a fleet two.
  const programs = objects.filter(({ kind, data }) => kind === 'ConfigMap' && (hasPlan(data) || hasConductor(data)));
  const files = Object.assign({}, ...programs.map(({ data }) => data as object)) as Record<string, string>;
  const { 'plan.json': plan, ...conductor } = files;
  if (plan === undefined) throw new Error('no ConfigMap holds a plan.json');
  return { folder, objects, plan: JSON.parse(plan) as Plan, conductor };
}

const hasConductor = (data: unknown): boolean => typeof data === 'object' && data !== null && 'conductor.mjs' in data;
const hasPlan = (data: unknown): boolean => typeof data === 'object' && data !== null && 'plan.json' in data;
