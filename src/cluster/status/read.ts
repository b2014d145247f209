import { gunzipSync } from 'node:zlib';
import { PLAN_SCHEMA, type AnyPlan } from '../../../jobs/conductor/plan.js';
import { STATUS_SCHEMA, type RunStatus } from '../../../jobs/conductor/status.js';
import type { MeasurementRecord } from '../../records/index.js';
import {
  type Client,
  ClusterError,
  CONFIG_MAPS,
  DEPLOYMENTS,
  EVENTS,
  JOBS,
  type KubernetesObject,
  PODS,
  type Resource,
} from '../client/index.js';
import type { Published, Seen, SeenDeployment, SeenEvent, SeenJob, SeenPod } from './seen.js';

const OURS = 'app.kubernetes.io/name=hps-bench';
/** Only results have it. */
const RESULTS = `${OURS},hps-bench/state`;

type ConfigMap = KubernetesObject & {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
};

/** Looks at a namespace, again and again. Plans never change, so each is fetched once. */
export class Reader {
  private readonly plans = new Map<string, AnyPlan>();

  constructor(
    private readonly client: Client,
    private readonly namespace: string,
  ) {}

  /** One look. @throws ClusterError where the results themselves cannot be listed */
  async look(): Promise<Seen> {
    const { client, namespace } = this;
    const unseen: string[] = [];
    const results = (await client.list<ConfigMap>(CONFIG_MAPS, { namespace, labelSelector: RESULTS })).items;
    const [jobs, pods, deployments, events] = await Promise.all([
      this.listed<SeenJob>(JOBS, unseen),
      this.listed<SeenPod>(PODS, unseen),
      this.listed<SeenDeployment & KubernetesObject>(DEPLOYMENTS, unseen),
      // Events have no labels.
      this.listed<SeenEvent & KubernetesObject>(EVENTS, unseen, {}),
    ]);
    await this.readPlans(jobs ?? [], unseen);
    return {
      ...{ at: new Date().toISOString(), context: client.context, server: client.server, namespace },
      published: new Map(results.flatMap((map) => publishedIn(map, unseen))),
      ...{ plans: this.plans, jobs: jobs ?? [], jobsKnown: jobs !== undefined, unseen },
      ...{ pods: pods ?? [], deployments: deployments ?? [], events: events ?? [] },
    };
  }

  private async listed<T>(
    resource: Resource,
    unseen: string[],
    selection: { readonly labelSelector?: string } = { labelSelector: OURS },
  ): Promise<readonly T[] | undefined> {
    const { client, namespace } = this;
    return this.ifAllowed(unseen, async () => (await client.list<T>(resource, { namespace, ...selection })).items);
  }

  /** A conductor's Job `conductor-<key>-<run>` mounts the ConfigMap `conductor-<key>`, which holds its plan. */
  private async readPlans(jobs: readonly SeenJob[], unseen: string[]): Promise<void> {
    for (const { metadata } of jobs) {
      const run = metadata.labels?.['hps-bench/run'];
      if (run === undefined || metadata.labels?.['hps-bench/stage'] !== 'conductor' || this.plans.has(run)) continue;
      const name = metadata.name.slice(0, -run.length - 1);
      const read = (): Promise<ConfigMap | undefined> => this.client.get<ConfigMap>(CONFIG_MAPS, name, this.namespace);
      const text = (await this.ifAllowed(unseen, read))?.data?.['plan.json'];
      const plan = text === undefined ? undefined : (JSON.parse(text) as AnyPlan);
      if (plan?.schema === PLAN_SCHEMA) this.plans.set(run, plan);
    }
  }

  /** What may not be seen is said, and the rest is shown. */
  private async ifAllowed<T>(unseen: string[], call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== 'forbidden') throw error;
      unseen.push(error.message.split('\n')[0] ?? '');
      return undefined;
    }
  }
}

function publishedIn(map: ConfigMap, unseen: string[]): [string, Published][] {
  const run = map.metadata.labels?.['hps-bench/run'] ?? map.metadata.name.replace(/^results-/, '');
  try {
    const status = JSON.parse(map.data?.['status.json'] ?? 'null') as RunStatus | null;
    if (status?.schema !== STATUS_SCHEMA) throw new Error(`its status.json is of ${JSON.stringify(status?.schema)}`);
    return [[run, { status, records: recordsIn(map) }]];
  } catch (error) {
    unseen.push(`ConfigMap ${map.metadata.name}: ${(error as Error).message} (this release reads ${STATUS_SCHEMA})`);
    return [];
  }
}

/** Records as the conductor publishes them: plain, or packed where they are large. */
function recordsIn(map: ConfigMap): MeasurementRecord[] {
  const packed = map.binaryData?.['records.ndjson.gz'];
  const text =
    packed === undefined ? map.data?.['records.ndjson'] : gunzipSync(Buffer.from(packed, 'base64')).toString();
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as MeasurementRecord);
}
