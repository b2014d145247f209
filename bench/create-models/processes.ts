import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of anonymous memory (RssAnon) of a process and everything below it, now. */
export function anonymousMemory(root: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = /^PPid:\s+(\d+)/m.exec(status(name))?.[1];
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family.reduce((sum, pid) => sum + 1024 * Number(/^RssAnon:\s+(\d+)/m.exec(status(String(pid)))?.[1] ?? 0), 0);
}

function status(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

export interface Timed {
  readonly seconds: number;
  readonly output: string;
  /** Largest anonymous memory of the process and its children at any of the samples, in bytes. */
  readonly peakAnonymous: number;
}

/** Runs a command to its end, looking at its memory 20 times a second. @throws Error with its output if it fails */
export async function timed(command: string, args: readonly string[], env = process.env): Promise<Timed> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  let peakAnonymous = 0;
  const collect = (data: Buffer): void => {
    output += data.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const sampler = setInterval(() => {
    peakAnonymous = Math.max(peakAnonymous, anonymousMemory(child.pid ?? 0));
  }, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => {
    clearInterval(sampler);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}:\n${output}`);
  return { seconds: (performance.now() - started) / 1000, output, peakAnonymous };
}
