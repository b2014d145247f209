/** One run in a process of its own, so that its time and memory are its own. */
import { createReadStream } from 'node:fs';
import { readLog } from '../../src/perf-analyzer/index.js';
import { matchFile } from './baseline.js';

/** What a run says about itself, as one line of JSON. */
export interface Run {
  documents: number;
  found: number;
  wallSeconds: number;
  cpuSeconds: number;
  peakRssMb: number;
}

async function read(path: string): Promise<[documents: number, levels: number]> {
  let documents = 0;
  let levels = 0;
  for await (const document of readLog(createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)) {
    documents += 1;
    levels += document.reading.measurements.length;
  }
  return [documents, levels];
}

const [what = '', path = ''] = process.argv.slice(2);
const started = process.hrtime.bigint();
const before = process.cpuUsage();
const [documents, found] = what === 'baseline' ? [0, matchFile(path)] : await read(path);
const cpu = process.cpuUsage(before);
const run: Run = {
  documents,
  found,
  wallSeconds: Number(process.hrtime.bigint() - started) / 1e9,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakRssMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(run)}\n`);
