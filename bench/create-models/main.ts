import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { artifactSettings } from '../../src/job-settings/index.js';
import { cacheRoot } from '../../src/local/index.js';
import { cleanEnvironment, prepareEnvironment, tensorflowVariables } from '../../src/local/environment.js';
import { Processes } from '../../src/local/processes.js';
import { findPython } from '../../src/local/python.js';
import { CRITEO_T15 } from '../../src/dlrm/slots.js';
import { PACKAGE_ROOT, specSchema } from '../../src/spec/index.js';
import { timed, type Timed } from './processes.js';

const FULL_BYTES = CRITEO_T15.reduce((sum, rows) => sum + rows, 0) * 512;
const STOCK_ROWS = 50_000;
const PIECE = 4 << 20;

/** What create_models.py says of a run in its manifest. */
interface Manifest {
  readonly bytes: number;
  readonly table_copies: number;
  readonly seconds: Record<string, number>;
  readonly model: { readonly rows: number };
}

interface Writing {
  readonly how: string;
  readonly seconds: number;
}

/** dd of as many bytes into the same folder, flushed to disk: through the page cache, and past it. */
async function dd(folder: string, bytes: number): Promise<Writing[]> {
  const found: Writing[] = [];
  for (const [how, ...more] of [['dd conv=fsync'], ['dd conv=fsync oflag=direct', 'oflag=direct']] as const) {
    const file = join(folder, 'dd.bin');
    const count = `count=${Math.ceil(bytes / PIECE)}`;
    const { seconds } = await timed('dd', ['if=/dev/zero', `of=${file}`, 'bs=4M', count, 'conv=fsync', ...more]);
    rmSync(file);
    found.push({ how, seconds });
  }
  return found;
}

function settingsFor(scale: number, folder: string): Record<string, unknown> {
  const spec = specSchema.parse({ model: { scale }, variants: ['native_tf', 'onnx_cpu'] });
  return {
    schema: 'hps-bench/job-settings/1',
    run_id: 'bench',
    spec_hash: '0'.repeat(64),
    ...artifactSettings(spec),
    paths: { artifacts: join(folder, 'artifacts') },
  };
}

function print(made: Timed, manifest: Manifest, baselines: readonly Writing[], stock: { perByte: number }): void {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
  const speed = (seconds: number): string => `${(manifest.bytes / 1e6 / seconds).toFixed(0)} MB/s`;
  const lines = [
    `rows ${manifest.model.rows.toLocaleString('en-US')}, at rest ${gigabytes(manifest.bytes)}, table stored ${manifest.table_copies === 1 ? 'once' : 'twice'}`,
    `create_models.py, all      ${made.seconds.toFixed(1)} s  ${speed(made.seconds)}`,
    `  of this the table        ${String(manifest.seconds['table'])} s`,
    ...baselines.map(
      ({ how, seconds }) =>
        `${how.padEnd(26)} ${seconds.toFixed(1)} s  ${speed(seconds)}; create_models.py takes ${(made.seconds / seconds).toFixed(2)} times as long, the table ${((manifest.seconds['table'] ?? NaN) / seconds).toFixed(2)}`,
    ),
    `peak anonymous memory      ${(made.peakAnonymous / 2 ** 20).toFixed(0)} MiB, all processes`,
    `row-by-row Python loop     ${gigabytes(1 / stock.perByte)} a second on ${STOCK_ROWS.toLocaleString('en-US')} rows: ${((stock.perByte * manifest.bytes) / made.seconds).toFixed(1)} times as long as create_models.py for all rows`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const { values } = parseArgs({
  options: { gigabytes: { type: 'string', default: '4' }, full: { type: 'boolean', default: false } },
});
const table = values.full ? FULL_BYTES : Number(values.gigabytes) * 1e9;
const scale = table / FULL_BYTES;
if (!(scale > 0 && scale <= 1)) {
  process.stderr.write(`--gigabytes: got ${values.gigabytes}; allowed: above 0 to ${FULL_BYTES / 1e9}\n`);
  process.exit(2);
}
mkdirSync(cacheRoot(), { recursive: true });
const { bavail, bsize } = await statfs(cacheRoot());
if (bavail * bsize < table * 1.1 + 1e9) {
  process.stderr.write(`${cacheRoot()}: ${(table / 1e9).toFixed(1)} GB and some room are needed, free are less\n`);
  process.exit(4);
}
const folder = mkdtempSync(join(cacheRoot(), 'bench-create-models-'));
const clean = (): void => {
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    clean();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
try {
  const python = findPython();
  const { interpreter } = await prepareEnvironment(cacheRoot(), python, new Processes(python.path), () => undefined);
  const env = cleanEnvironment(tensorflowVariables(python));
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, JSON.stringify(settingsFor(scale, folder)));
  const before = await dd(folder, table);
  const made = await timed(interpreter, [join(PACKAGE_ROOT, 'jobs', 'create_models.py'), '--settings', settings], env);
  const manifest = JSON.parse(readFileSync(join(folder, 'artifacts', 'manifest.json'), 'utf8')) as Manifest;
  const atRest = await timed('du', ['-s', '--block-size=1', join(folder, 'artifacts')]);
  rmSync(join(folder, 'artifacts'), { recursive: true });
  const after = await dd(folder, table);
  const loop = [join(PACKAGE_ROOT, 'bench', 'create-models', 'stock_rows.py'), folder, String(STOCK_ROWS), '128'];
  const stock = JSON.parse((await timed(interpreter, loop, env)).output) as { seconds: number; bytes: number };
  print(made, manifest, [...before, ...after], { perByte: stock.seconds / stock.bytes });
  process.stdout.write(`du says ${(Number(/^\d+/.exec(atRest.output)?.[0]) / 1e9).toFixed(2)} GB\n`);
} finally {
  clean();
}
