import type { Spec } from '../spec/index.js';

/** One setting that two specs do not share, with its values as they would be written. */
export interface SettingDifference {
  /** Such as `model.scale`. */
  readonly path: string;
  readonly a: string;
  readonly b: string;
}

/**
 * What cannot change the time of a batch: names, how often is measured, how long is waited, and where on a cluster the pods
 * go. Hardware and image are told by the records and not by what was wished for. Every other setting counts, also one that is
 * not thought of here.
 */
const CANNOT_MATTER: readonly RegExp[] = [
  /^name$/,
  /^repeats$/,
  /^design\.(seed|canary)\b/,
  /^perfAnalyzer\.(deadlineSeconds|maxTrials)$/,
  /^cluster\.(namespace|runId|image|gpuProduct|nodeLabels|nodeName|tolerations|runtimeClass|pullSecrets|priorityClass|queue|storage)\b/,
  /^cluster\.stages\.(createModels|buildEngines|conductor)\b/,
  /^cluster\.stages\.(serve|measure)\.(image|deadlineMinutes)$/,
];

/** The page's seeds are not known, and the values of the table do not change its time. */
const NOT_ON_THE_PAGE = /^model\.(seed|table|opset)\b/;

/** The settings that differ and may matter. */
export function specDifferences(a: Spec, b: Spec): SettingDifference[] {
  return differing(a, b, '').filter(({ path }) => !CANNOT_MATTER.some((harmless) => harmless.test(path)));
}

/** Only what the published page fixes: the model, HPS, the engines and the load. */
export function differencesFromPage(spec: Spec, page: Spec): SettingDifference[] {
  const fixed = ({ model, hps, engine, concurrency }: Spec) => ({ model, hps, engine, concurrency });
  return differing(fixed(spec), fixed(page), '').filter(({ path }) => !NOT_ON_THE_PAGE.test(path));
}

function differing(a: unknown, b: unknown, path: string): SettingDifference[] {
  if (isMapping(a) && isMapping(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differing(a[key], b[key], path === '' ? key : `${path}.${key}`));
  }
  return comparable(a) === comparable(b) ? [] : [{ path, a: written(a), b: written(b) }];
}

/** Lists of a spec are sets: in another order the same is measured. */
function comparable(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value.map((item) => JSON.stringify(item)).sort()) : written(value);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function written(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ').replaceAll('"', '');
}
