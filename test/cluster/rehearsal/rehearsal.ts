import type { HttpApi } from '../../../jobs/conductor/api.js';
import { resultsName, type Plan } from '../../../jobs/conductor/plan.js';
import type { RunStatus } from '../../../jobs/conductor/status.js';
import type { KubernetesObject, Kubectl } from '../kubectl.js';
import { ends } from '../play.js';
import { adminApi } from './client.js';
import { ConductorProcess, conductorHome, type ConductorHome } from './conductor-process.js';
import { Director, type Parts } from './director.js';
import { synthesized, type Manifests, type Wanted } from './manifests.js';
import { measureLog } from './measure-log.js';
import { tritonDouble, type TritonDouble } from './triton-double.js';

/** Every stage goes well. */
export function goodParts(plan: Plan): Parts {
  const job = (stage: string) => () => ({
    annotations: ends({ exitCode: 0, message: JSON.stringify({ stage, ok: true, reason: 'made' }) }),
    log: `${stage}: made\n`,
  });
  const { log, message } = measureLog(plan);
  return {
    'create-models': job('create-models'),
    'build-engines': job('build-engines'),
    measure: () => ({ annotations: ends({ exitCode: 0, message, after: '2s' }), log }),
  };
}

/** A run of `dist/` on kwok's nodes, from `kubectl apply` to the published results, with the real conductor as a process. */
export class Rehearsal {
  private constructor(
    readonly kubectl: Kubectl,
    readonly namespace: string,
    readonly manifests: Manifests,
    readonly director: Director,
    readonly home: ConductorHome,
    private readonly api: HttpApi,
    private readonly triton: TritonDouble,
  ) {}

  /** Applies the manifests; the conductor does not run yet. @param parts what becomes of the pods, besides `goodParts` */
  static async begin(kubectl: Kubectl, namespace: string, wanted: Wanted = {}, parts: Parts = {}): Promise<Rehearsal> {
    const manifests = synthesized(kubectl.access, namespace, wanted);
    const api = adminApi(kubectl.access);
    await kubectl.apply(volumeFor(namespace));
    await kubectl.ok(['apply', '-f', manifests.folder]);
    const director = new Director(kubectl, api, namespace, { ...goodParts(manifests.plan), ...parts });
    const triton = await tritonDouble(() => director.tritonIsReady);
    const home = await conductorHome(kubectl, manifests, triton.address);
    return new Rehearsal(kubectl, namespace, manifests, director, home, api, triton);
  }

  conductor(environment: NodeJS.ProcessEnv = {}): ConductorProcess {
    return new ConductorProcess(this.home, environment);
  }

  /** The results ConfigMap's texts. */
  async published(): Promise<Record<string, string>> {
    const name = resultsName(this.manifests.plan.runId);
    return (await this.kubectl.get<{ data: Record<string, string> }>('configmap', name, '-n', this.namespace)).data;
  }

  async status(): Promise<RunStatus> {
    return JSON.parse((await this.published())['status.json'] ?? 'null') as RunStatus;
  }

  /** Ends everything and deletes the namespace. */
  async end(): Promise<void> {
    await this.director.stop();
    await this.triton.close();
    this.api.close();
    await this.kubectl.abandon(this.namespace);
    await this.kubectl.ok(['delete', 'persistentvolume', this.namespace, '--wait=false']);
  }
}

/** A volume for the claim of that namespace: no provisioner runs here. */
export function volumeFor(namespace: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: namespace },
    spec: {
      capacity: { storage: '1Ti' },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
      hostPath: { path: '/nowhere' },
      claimRef: { namespace, name: 'hps-bench' },
      persistentVolumeReclaimPolicy: 'Retain',
    },
  };
}
