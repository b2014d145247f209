/**
 * Speed and memory of the reader beside a plain regular expression over the same file.
 *
 *     npm run bench:reader [-- --mb 1000 --kind framed,kubectl]
 *
 * Every log is made in a temporary folder and removed. Reader and regular expression run
 * one after the other, each in a process of its own; on a busy machine the processor time
 * and the ratio say more than the clock.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Run } from './child.js';
import { KINDS, type Kind, piece } from './generate.js';

const { values } = parseArgs({ options: { mb: { type: 'string', default: '1000' }, kind: { type: 'string' } } });
const megabytes = Number(values.mb);
const kinds = (values.kind?.split(',') ?? Object.keys(KINDS)) as Kind[];
const child = new URL('child.ts', import.meta.url).pathname;

function makeLog(path: string, kind: Kind): number {
  const part = piece(kind);
  const file = openSync(path, 'w');
  let size = 0;
  for (; size < megabytes * 1e6; size += part.length) writeSync(file, part);
  closeSync(file);
  return size;
}

function run(what: 'reader' | 'baseline', path: string): Run {
  return JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', child, what, path], { encoding: 'utf8' }),
  ) as Run;
}

function line(name: string, bytes: number, result: Run): string {
  const speed = (seconds: number): string => `${Math.round(bytes / 1e6 / seconds)} MB/s`;
  return `  ${name}: ${speed(result.cpuSeconds)} of processor time, ${speed(result.wallSeconds)} by the clock, peak RSS ${Math.round(result.peakRssMb)} MB, ${result.documents} documents, ${result.found} found`;
}

const folder = mkdtempSync(join(tmpdir(), 'hps-bench-reader-'));
try {
  for (const kind of kinds) {
    const path = join(folder, `${kind}.log`);
    const bytes = makeLog(path, kind);
    const reader = run('reader', path);
    const baseline = run('baseline', path);
    rmSync(path);
    console.log(`${kind} (${KINDS[kind]}), ${Math.round(bytes / 1e6)} MB`);
    console.log(line('reader', bytes, reader));
    console.log(line('regular expression', bytes, baseline));
    console.log(`  ratio of processor times: ${(baseline.cpuSeconds / reader.cpuSeconds).toFixed(2)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
