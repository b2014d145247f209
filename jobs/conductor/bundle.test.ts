import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundles, FILES } from './bundles.js';
import { listen } from './doubles/api-server.js';
import { Rehearsal } from './doubles/rehearsal.js';

const FOLDER = 'jobs/conductor';

describe('the committed bundles', () => {
  it('are what the source makes (npm run bundle:conductor)', async () => {
    for (const { name, text } of await bundles())
      expect(readFileSync(join(FOLDER, name), 'utf8') === text, name).toBe(true);
  });

  it('need Node and each other, and nothing else', async () => {
    for (const { text } of await bundles()) {
      const imports = [...text.matchAll(/^import .* from "([^"]+)";$/gm)].map((match) => match[1]);
      const others = imports.filter((name) => !name?.startsWith('node:'));
      expect(others.filter((name) => name !== './records.mjs' && name !== './reader.mjs')).toEqual([]);
      expect(text).not.toMatch(/\brequire\(|\bimport\(/);
    }
  });

  it('are below 100 kB each, so that a client-side apply of all stays below its 256 kB', async () => {
    const made = await bundles();
    for (const { name, text } of made) expect(Buffer.byteLength(text), name).toBeLessThan(100_000);
    // A client-side apply keeps the object as JSON in an annotation of at most 262,144 bytes; 12,000 are for the rest of it.
    const data = Object.fromEntries(made.map(({ name, text }) => [name, text]));
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(250_000);
  });
});

describe('the bundled program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conductor-bundle-'));
    // As the ConfigMap mounts them: alone in a folder.
    for (const name of FILES) writeFileSync(join(folder, name), readFileSync(join(FOLDER, name)));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function start(env: Record<string, string>): {
    ended: Promise<{ code: number | null; out: string }>;
    kill: (signal: NodeJS.Signals) => void;
  } {
    const child = spawn(process.execPath, [join(folder, 'conductor.mjs'), '--plan', join(folder, 'plan.json')], {
      env: { ...env, HPS_BENCH_TERMINATION_LOG: join(folder, 'words') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
    const ended = new Promise<{ code: number | null; out: string }>((resolve) => {
      child.on('close', (code) => {
        resolve({ code, out });
      });
    });
    return { ended, kill: (signal) => void child.kill(signal) };
  }

  it('runs to the published table over HTTP, also after it was killed and after it was told to stop', async () => {
    const rehearsal = new Rehearsal();
    const cluster = await listen(rehearsal.server, () => rehearsal.ready());
    const serve = { ...rehearsal.plan.stages.serve, address: cluster.address };
    const plan = { ...rehearsal.plan, stages: { ...rehearsal.plan.stages, serve } };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    const timer = setInterval(() => {
      rehearsal.workload.tick();
    }, 150);
    try {
      const first = start({ HPS_BENCH_API: cluster.address });
      await until(() => rehearsal.ran.length > 0);
      first.kill('SIGTERM');
      expect((await first.ended).code).toBe(143);
      const second = start({ HPS_BENCH_API: cluster.address });
      const { code, out } = await second.ended;
      expect(code, out).toBe(0);
      expect(rehearsal.status.state).toBe('complete');
      expect(rehearsal.workload.heldGpus).toBe(0);
      expect(JSON.parse(readFileSync(join(folder, 'words'), 'utf8'))).toMatchObject({
        stage: 'conductor',
        ok: true,
        state: 'complete',
      });
    } finally {
      clearInterval(timer);
      await cluster.close();
    }
  });

  it('ends with 2 for a plan that is none, and with 4 outside of a pod', async () => {
    writeFileSync(join(folder, 'plan.json'), '{"schema":"hps-bench/plan/0"}');
    expect(await start({}).ended).toMatchObject({
      code: 2,
      out: expect.stringContaining('has schema "hps-bench/plan/0"') as string,
    });
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(new Rehearsal().plan));
    expect(await start({}).ended).toMatchObject({
      code: 4,
      out: expect.stringContaining('KUBERNETES_SERVICE_HOST') as string,
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}
