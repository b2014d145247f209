import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import * as yaml from 'js-yaml';
import { PACKAGE_ROOT } from '../package-root.js';
import { crossChecks } from './cross-checks.js';
import { LocatedYaml } from './locate.js';
import { type Problem, SpecError } from './errors.js';
import { problemsOf } from './messages.js';
import { specSchema, type Spec } from './schema.js';
import { withNodes } from './fleet-nodes.js';
import type { Source } from './source.js';
import { nearest } from './spelling.js';

export { PACKAGE_ROOT };

// prettier-ignore
export const PRESETS = [
  'a100-page', 'h100', 'h100-torch', 'h200', 'b200', 'smoke', 'local', 'local-gpu', 'cluster-cpu',
] as const;
export type Preset = (typeof PRESETS)[number];

export interface LoadOptions {
  /** Path of a bench.yaml; left out: only the preset. */
  readonly file?: string;
  /** Preset to start from; overrides the file's own `preset:`. */
  readonly preset?: string;
  /** `key.path=value` from the command line, applied last; the value is read as YAML. */
  readonly set?: readonly string[];
}

type Mapping = Record<string, unknown>;

/** Reads, merges and checks a spec: preset, then file, then overrides. @throws SpecError with every problem found. */
export function loadSpec(options: LoadOptions): Spec {
  const file = options.file === undefined ? undefined : readSource(options.file);
  const preset = presetName(options.preset, file);
  const sources: Source[] = [];
  if (preset !== undefined) sources.push(readSource(join(PACKAGE_ROOT, 'presets', `${preset}.yaml`)));
  if (file !== undefined) sources.push({ ...file, value: withoutPreset(file.value) });
  for (const text of options.set ?? []) sources.push(overrideSource(text));
  const merged = sources.reduce<unknown>((base, source) => merge(base, source.value), {});
  const result = specSchema.safeParse(merged);
  if (!result.success) throw new SpecError(problemsOf(result.error, merged, sources));
  const spec = withFleet(result.data, sources);
  const crossed = crossChecks(spec, sources);
  if (crossed.length > 0) throw new SpecError(crossed);
  return spec;
}

function withFleet(spec: Spec, sources: readonly Source[]): Spec {
  return spec.fleet === undefined ? spec : { ...spec, fleet: withNodes(spec.fleet, spec.cluster.gpuProduct, sources) };
}

function readSource(path: string): Source {
  const name = shortPath(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SpecError([
      {
        where: name,
        path: '',
        message: `cannot be read: ${(error as Error).message}`,
        hint: 'give an existing file with --spec',
      },
    ]);
  }
  let located: LocatedYaml;
  try {
    located = new LocatedYaml(text);
  } catch (error) {
    throw new SpecError([yamlProblem(name, error)]);
  }
  const value = located.value ?? {};
  const at = (position: { line: number; column: number }): string => `${name}:${position.line}:${position.column}`;
  if (typeof value !== 'object' || Array.isArray(value))
    throw new SpecError([
      {
        where: at({ line: 1, column: 1 }),
        path: '',
        message: 'is not a mapping of settings',
        hint: 'begin with "preset: local"',
      },
    ]);
  const where: Source['where'] = (path_, key) =>
    at(key === undefined ? located.find(path_) : located.findKey(path_, key));
  return { name, value, where, file: path };
}

function yamlProblem(name: string, error: unknown): Problem {
  if (!(error instanceof yaml.YAMLException)) throw error;
  const mark = error.mark as yaml.Mark | undefined;
  const where = mark === undefined ? name : `${name}:${mark.line + 1}:${mark.column + 1}`;
  return { where, path: '', message: `is not valid YAML: ${error.reason}` };
}

function presetName(option: string | undefined, file: Source | undefined): string | undefined {
  const written = (file?.value as Mapping | undefined)?.['preset'];
  const name = option ?? written;
  if (name === undefined) return undefined;
  if (typeof name === 'string' && (PRESETS as readonly string[]).includes(name)) return name;
  const guess = typeof name === 'string' ? nearest(name, PRESETS) : undefined;
  throw new SpecError([
    {
      where: option === undefined ? (file?.where(['preset']) ?? 'preset') : '--preset',
      path: option === undefined ? 'preset' : '',
      message: `${JSON.stringify(name)} is no preset; allowed: ${PRESETS.join(', ')}`,
      ...(guess === undefined ? {} : { hint: `did you mean "${guess}"?` }),
    },
  ]);
}

function withoutPreset(value: unknown): Mapping {
  return Object.fromEntries(Object.entries(value as Mapping).filter(([key]) => key !== 'preset'));
}

function overrideSource(text: string): Source {
  const where = (): string => `--set ${text}`;
  const [, path, written] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || written === undefined)
    throw new SpecError([
      { where: where(), path: '', message: 'is not key.path=value', hint: 'for example --set repeats=3' },
    ]);
  let value: unknown;
  try {
    value = yaml.load(written, { schema: yaml.JSON_SCHEMA });
  } catch (error) {
    throw new SpecError([yamlProblem(where(), error)]);
  }
  for (const key of path.split('.').reverse()) value = { [key]: value };
  return { name: where(), value, where };
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Mappings are merged key by key; lists and scalars of the later source replace the earlier. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  const merged: Mapping = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

function shortPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? (path.startsWith(PACKAGE_ROOT) ? relative(PACKAGE_ROOT, path) : basename(path)) : near;
}
