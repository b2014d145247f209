import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchObjects } from '../../../charts/objects.js';
import { conductorProgram, pythonPrograms } from '../../../charts/job-files.js';
import { ApiError, type HttpApi } from '../../../jobs/conductor/api.js';
import type { Plan } from '../../../jobs/conductor/plan.js';
import { loadSpec, type LoadOptions } from '../../../src/spec/index.js';
import type { Kubectl } from '../kubectl.js';
import { adminApi } from '../rehearsal/client.js';
import { ConductorProcess, conductorHome } from '../rehearsal/conductor-process.js';
import { Director, type Parts } from '../rehearsal/director.js';
import { goodParts, volumeFor } from '../rehearsal/rehearsal.js';
import { tritonDouble, type TritonDouble } from '../rehearsal/triton-double.js';
import { Command } from './command.js';

const LOOK_MS = 300;

/** What to measure: as options of `hps-bench run`, and as the spec is loaded. */
export interface StagedSpec {
  readonly options: readonly string[];
  readonly loading: LoadOptions;
}

/** The published benchmark with one repeat of two batch sizes. */
export function shortRun(...more: string[]): StagedSpec {
  const set = ['repeats=1', 'batches=[32, 64]', ...more];
  return {
    options: ['--preset', 'a100-page', ...set.flatMap((one) => ['--set', one])],
    loading: { preset: 'a100-page', set },
  };
}

/** bench.yaml as it is. */
export const BENCH_YAML: StagedSpec = { options: [], loading: { file: 'bench.yaml' } };

/**
 * A namespace in which `hps-bench run` finds what a cluster does by itself: a volume, nodes that run pods by their parts, and
 * the real conductor as a process, begun with its Job and told to stop when its pod goes, as a kubelet would.
 */
export class CommandStage {
  readonly results: string;
  conductor: ConductorProcess | undefined;
  private stopped = false;
  private conducting: Promise<void> | undefined;

  private constructor(
    readonly kubectl: Kubectl,
    readonly namespace: string,
    /** Options that say what to measure. */
    readonly spec: readonly string[],
    readonly plan: Plan,
    readonly director: Director,
    private readonly api: HttpApi,
    private readonly triton: TritonDouble,
  ) {
    this.results = mkdtempSync(join(kubectl.access.folder, 'results-'));
  }

  /** Nothing is applied yet but the volume. @param parts what becomes of the pods, besides `goodParts` */
  static async set(
    kubectl: Kubectl,
    namespace: string,
    { options, loading } = shortRun(),
    parts: Parts = {},
  ): Promise<CommandStage> {
    const spec = loadSpec({ ...loading, set: [...(loading.set ?? []), `cluster.namespace=${namespace}`] });
    const { plans } = benchObjects(spec, { python: pythonPrograms(), conductor: conductorProgram() });
    const [plan] = plans as Plan[];
    if (plan === undefined) throw new Error('no plan');
    const api = adminApi(kubectl.access);
    await kubectl.apply(volumeFor(namespace));
    const director = new Director(kubectl, api, namespace, { ...goodParts(plan), ...parts });
    const triton = await tritonDouble(() => director.tritonIsReady);
    const all = [...options, '--namespace', namespace];
    return new CommandStage(kubectl, namespace, all, plan, director, api, triton);
  }

  /** Begins to play the conductor's pod: from when its Job is there. */
  conduct(): void {
    this.conducting ??= this.playConductor();
  }

  /** `hps-bench <args>` with this cluster's kubeconfig. */
  command(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
    return new Command(args, { KUBECONFIG: this.kubectl.kubeconfig, ...environment });
  }

  /** `hps-bench run` of this stage's spec, into its folder of results. */
  run(...more: string[]): Command {
    return this.command(['run', ...this.spec, '--results', this.results, ...more]);
  }

  /** Ends everything and deletes the namespace. */
  async strike(): Promise<void> {
    this.stopped = true;
    await this.conducting;
    await this.conductor?.kill();
    await this.director.stop();
    await this.triton.close();
    this.api.close();
    await this.kubectl.abandon(this.namespace);
    await this.kubectl.ok(['delete', 'persistentvolume', this.namespace, '--wait=false']);
    rmSync(this.results, { recursive: true, force: true });
  }

  private async playConductor(): Promise<void> {
    while (!this.stopped) {
      const running = this.director.pods.some(
        ({ metadata, status }) =>
          metadata.labels?.['hps-bench/stage'] === 'conductor' &&
          metadata.deletionTimestamp === undefined &&
          status?.phase === 'Running',
      );
      if (running) this.conductor ??= await this.begin();
      else if (this.conductor !== undefined) {
        await this.conductor.stop();
        this.conductor = undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  private async begin(): Promise<ConductorProcess | undefined> {
    const program = Object.fromEntries(conductorProgram());
    const manifests = { folder: '', objects: [], plan: this.plan, conductor: program };
    try {
      return new ConductorProcess(await conductorHome(this.kubectl, manifests, this.triton.address));
    } catch (error) {
      // Torn down between the look and the token.
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }
}
