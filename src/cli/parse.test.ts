import { Command } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { framed } from '../../test/fixtures/perf-analyzer/framed.js';
import { PLAIN, reportText } from '../../test/fixtures/perf-analyzer/reports.js';
import { addParseCommand } from './parse.js';

let folder: string;
let out: string[];
let err: string[];
const report = reportText(PLAIN, () => 1_234);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-parse-'));
  out = [];
  err = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  process.exitCode = undefined;
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function parse(...args: string[]): Promise<unknown[]> {
  const program = new Command();
  addParseCommand(program);
  await program.parseAsync(['parse', ...args], { from: 'user' });
  return args.includes('table')
    ? []
    : out
        .join('')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown);
}

describe('hps-bench parse', () => {
  it('prints one object per file, each on a line', async () => {
    const csv = 'Concurrency,Inferences/Second,Client Send\n1,100.5,7\n';
    const documents = await parse(file('a.txt', report), file('b.csv', csv));
    expect(documents).toMatchObject([
      { kind: 'stdout', measurements: [{ concurrency: 1, request_count: 1_234 }] },
      { kind: 'csv', measurements: [{ throughput: 100.5, client_send_us: 7 }] },
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it('prints one object per frame, with what the frame says', async () => {
    const documents = await parse(file('pod.log', `ready\n${framed('one', report)}${framed('two', '')}`));
    expect(documents).toMatchObject([
      { frame: { id: 'one', first_line: 2, complete: true, intact: true }, kind: 'stdout' },
      { frame: { id: 'two', intact: true }, flags: { empty: true } },
    ]);
  });

  it('ends with 2 for a foreign file, and reads the others', async () => {
    const documents = await parse(file('x.txt', 'GET /index.html 200\n'), file('a.txt', report));
    expect(documents).toMatchObject([{ kind: 'foreign' }, { kind: 'stdout' }]);
    expect(process.exitCode).toBe(2);
  });

  it('ends with 2 for a file that is not there, and says which', async () => {
    const documents = await parse(join(folder, 'nothing'), file('a.txt', report));
    expect(documents).toMatchObject([{ kind: 'stdout' }]);
    expect(err.join('')).toContain(join(folder, 'nothing'));
    expect(process.exitCode).toBe(2);
  });

  it('has a table for people', async () => {
    await parse('--format', 'table', file('a.txt', report));
    expect(out.join('')).toMatch(/stdout, releases 24\.07 to any/);
    expect(out.join('')).toContain('concurrency 1');
  });
});
