import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artifactSettings, serveSettings } from '../../src/job-settings/index.js';
import { cacheRoot } from '../../src/local/index.js';
import { prepareEnvironment, type Environment } from '../../src/local/environment.js';
import { Processes } from '../../src/local/processes.js';
import { freePorts } from '../../src/local/ports.js';
import { findPython } from '../../src/local/python.js';
import { loadSpec, PACKAGE_ROOT } from '../../src/spec/index.js';
import { processesWith, until } from './kit.js';

/** jobs/serve.py by itself, as a pod with a CPU image runs it: the real Triton, a python backend put together at start. */
const folder = mkdtempSync(join(tmpdir(), 'hps-bench-serve-'));
const settings = join(folder, 'settings.json');
const termination = join(folder, 'termination.json');
let address = '';
let environment: Environment;
let serving: ChildProcess | undefined;
let output = '';

beforeAll(async () => {
  const python = findPython();
  environment = await prepareEnvironment(cacheRoot(), python, new Processes(python.path), () => undefined);
  const spec = loadSpec({ preset: 'smoke' });
  const [http, grpc, metrics] = (await freePorts(3)) as [number, number, number];
  address = `127.0.0.1:${http}`;
  const artifacts = join(folder, 'artifacts');
  const site = dirname(dirname(environment.triton));
  const serve = serveSettings(spec, {
    place: 'cpu',
    tritonserver: join(environment.triton, 'bin', 'tritonserver'),
    repository: join(folder, 'repository'),
    artifacts,
    endpoints: { host: '127.0.0.1', http, grpc, metrics },
    threads: 1,
    readySeconds: 300,
    exitTimeoutSeconds: 10,
    path: [environment.bin],
    libraryPath: [python.libraryFolder, join(site, 'nvidia_pytriton.libs')],
    pythonBackend: {
      folder: join(environment.triton, 'backends', 'python'),
      stub: join(environment.triton, 'python_backend_stubs', python.version, 'triton_python_backend_stub'),
    },
  });
  const document = {
    schema: 'hps-bench/job-settings/1',
    run_id: 'serve',
    spec_hash: 'a',
    ...artifactSettings(spec),
    ...serve,
    paths: { artifacts, repository: join(folder, 'repository'), server: join(folder, 'server') },
  };
  writeFileSync(settings, JSON.stringify(document));
  const made = await new Promise((resolve) => start('create_models.py').once('close', resolve));
  expect(made, output).toBe(0);
});

afterEach(() => {
  serving?.kill('SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(program: string): ChildProcess {
  output = '';
  const child = spawn(environment.interpreter, [join(PACKAGE_ROOT, 'jobs', program), '--settings', settings], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HPS_BENCH_TERMINATION_LOG: termination },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const collect = (data: Buffer): void => {
    output += data.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return child;
}

async function startServing(): Promise<{ child: ChildProcess; ended: Promise<number | null> }> {
  const child = start('serve.py');
  serving = child;
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until('all variants', () => output.includes('"done":2,"total":2') || child.exitCode !== null, 300_000);
  expect(child.exitCode, output).toBeNull();
  return { child, ended };
}

function lastWords(): Record<string, unknown> {
  return JSON.parse(readFileSync(termination, 'utf8')) as Record<string, unknown>;
}

describe('serve.py with the real Triton', () => {
  it('answers on loopback, and ends with 0 and no process when it is asked to', async () => {
    const { child, ended } = await startServing();
    for (const model of ['native_tf', 'onnx_cpu'])
      expect((await fetch(`http://${address}/v2/models/${model}/ready`)).status).toBe(200);
    expect(existsSync(join(folder, 'server', 'hps-errors.ndjson'))).toBe(true);
    child.kill('SIGTERM');
    expect(await ended, output).toBe(0);
    expect(lastWords()).toMatchObject({ stage: 'serve', ok: true, exit_code: 0 });
    expect(processesWith(folder)).toEqual([]);
  });

  it('ends with 137 and says so when Triton is killed, and takes the stubs along', async () => {
    const { ended } = await startServing();
    const [triton] = processesWith(join(folder, 'repository')).filter(({ command }) =>
      command.includes('tritonserver '),
    );
    process.kill(triton?.pid ?? NaN, 'SIGKILL');
    expect(await ended, output).toBe(137);
    expect(lastWords()).toMatchObject({ stage: 'serve', ok: false, exit_code: 137 });
    expect(processesWith(folder)).toEqual([]);
  });

  it('ends with the reason when a model cannot be loaded', async () => {
    const document = readFileSync(settings, 'utf8');
    writeFileSync(settings, document.replaceAll('TYPE_INT32', 'TYPE_NO_SUCH'));
    const child = start('serve.py');
    const code = await new Promise((resolve) => child.once('close', resolve));
    writeFileSync(settings, document);
    expect(code, output).toBeGreaterThan(0);
    expect(JSON.stringify(lastWords()['last_words'])).toContain('failed to load');
  });
});
