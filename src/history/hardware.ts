import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './record-lines.js';

export interface Hardware {
  /** GPUs, or the processors where there was none; several are named each. Null where nothing says. */
  readonly hardware: string | null;
  /** Whether some of the run was measured where there was no GPU; false where nothing says. */
  readonly withoutGpu: boolean;
}

/**
 * What a run was measured on.
 * @param environments of its records
 * @param evidence its folder of evidence, asked where the records say nothing
 */
export function hardwareOf(environments: readonly Environment[], evidence: string): Hardware {
  const named = namesOf(environments);
  return named.hardware === null ? namesOf(firstEvidence(evidence)) : named;
}

function namesOf(environments: readonly Environment[]): Hardware {
  const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const gpus = environments.map(({ gpu_product: gpu }) => gpu).filter(isName);
  const alone = environments
    .flatMap(({ gpu_product: gpu, cpu_model: cpu }) => (isName(gpu) ? [] : [cpu]))
    .filter(isName);
  const names = [...new Set([...gpus, ...alone])].sort();
  return { hardware: names.length === 0 ? null : names.join('; '), withoutGpu: alone.length > 0 };
}

/** Records of earlier releases do not say it, but each file of evidence does. */
function firstEvidence(folder: string): Environment[] {
  try {
    const name = readdirSync(folder).find((one) => one.endsWith('.json') && !one.startsWith('.'));
    if (name === undefined) return [];
    const { environment } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { environment?: Environment };
    return environment === undefined ? [] : [environment];
  } catch {
    // It is nice to know, and `report` says what is wrong with the file.
    return [];
  }
}
