import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Processes, type Ended } from '../../../src/local/processes.js';
import { authorityFile } from '../access.js';
import type { Kubectl } from '../kubectl.js';
import { pythonPath } from '../python.js';
import type { Manifests } from './manifests.js';

/** Where the conductor's own account is kept, as its pod would have it mounted. */
export interface ConductorHome {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Lays out what the conductor's pod would find: the program of its ConfigMap, its plan, and the token of its ServiceAccount.
 * @param triton replaces the Service's address, which only pods can resolve; it is no part of what the plan's hash covers
 */
export async function conductorHome(kubectl: Kubectl, manifests: Manifests, triton: string): Promise<ConductorHome> {
  const folder = mkdtempSync(join(kubectl.access.folder, 'conductor-'));
  for (const [name, text] of Object.entries(manifests.conductor)) writeFileSync(join(folder, name), text);
  const { stages, ...plan } = manifests.plan;
  const served = 'serve' in stages ? { ...stages, serve: { ...stages.serve, address: triton } } : stages;
  const reachable = { ...plan, stages: served };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(reachable));
  writeFileSync(join(folder, 'token'), await kubectl.token(plan.namespace, 'conductor'), { mode: 0o600 });
  const environment = {
    PATH: process.env['PATH'],
    HPS_BENCH_API: kubectl.access.server,
    HPS_BENCH_CA_FILE: authorityFile(kubectl.access.folder),
    HPS_BENCH_TOKEN_FILE: join(folder, 'token'),
    HPS_BENCH_TERMINATION_LOG: join(folder, 'termination-log'),
  };
  return { folder, environment };
}

/** The real conductor as a process. */
export class ConductorProcess {
  readonly lines: string[] = [];
  readonly ended: Promise<Ended>;
  private readonly send: (signal: NodeJS.Signals) => void;

  constructor(home: ConductorHome, environment: NodeJS.ProcessEnv = {}) {
    const processes = new Processes(pythonPath());
    const { child, ended } = processes.start({
      command: process.execPath,
      args: [join(home.folder, 'conductor.mjs'), '--plan', join(home.folder, 'plan.json')],
      environment: { ...home.environment, ...environment },
      onLine: (line) => this.lines.push(line),
    });
    this.ended = ended;
    this.send = (signal) => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
    };
  }

  /** Tells it to stop, as a kubelet does, and waits until it is gone. */
  async stop(): Promise<void> {
    this.send('SIGTERM');
    await this.ended;
  }

  /** Ends it without a word, and waits until it is gone. */
  async kill(): Promise<void> {
    this.send('SIGKILL');
    await this.ended;
  }
}

/** What it left for Kubernetes to show. */
export function lastWords(home: ConductorHome): Record<string, unknown> {
  return JSON.parse(readFileSync(join(home.folder, 'termination-log'), 'utf8')) as Record<string, unknown>;
}
