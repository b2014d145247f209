import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './record-lines.js';

/**
 * The GPUs a run was measured on, or the processors where there was none; several are named each.
 * @param environments of its records
 * @param evidence its folder of evidence, asked where the records say nothing
 */
export function hardwareOf(environments: readonly Environment[], evidence: string): string | null {
  const named = namesOf(environments);
  return named ?? namesOf(firstEvidence(evidence));
}

function namesOf(environments: readonly Environment[]): string | null {
  const names = environments.flatMap(({ gpu_product: gpu, cpu_model: cpu }) => {
    const name = typeof gpu === 'string' && gpu !== '' ? gpu : cpu;
    return typeof name === 'string' && name !== '' ? [name] : [];
  });
  return names.length === 0 ? null : [...new Set(names)].sort().join('; ');
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
