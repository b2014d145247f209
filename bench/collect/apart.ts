import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a collection in a process of its own says of itself (child.ts). */
export interface Apart {
  readonly seconds: { readonly collect: number; readonly ledger: number };
  readonly counts: Record<string, number>;
  readonly expected: number;
  readonly bytes: number;
  readonly retries: number;
  readonly folder: string;
  readonly megabytes: number;
  readonly cpuSeconds: number;
  readonly problems: unknown[];
  readonly contradictions: unknown[];
}

/** Collects the run of a namespace into a folder of results. @throws Error with what it said, if it failed */
export async function collectApart(kubeconfig: string, namespace: string, results: string): Promise<Apart> {
  const script = join(import.meta.dirname, 'child.ts');
  const args = ['--import', 'tsx', script, kubeconfig, namespace, results];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Apart;
}
