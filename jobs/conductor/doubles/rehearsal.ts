/** A whole run on doubles: plan, cluster, clock, and a conductor that can be killed at any call. */
import { specSchema } from '../../../src/spec/schema.js';
import { plannedMeasurements, specHash } from '../../../src/spec/cells.js';
import type { Api } from '../api.js';
import type { Clock } from '../clock.js';
import { Conductor } from '../conductor.js';
import { Loop, type Ended, type Stop } from '../loop.js';
import { permissions } from '../permissions.js';
import { PLAN_SCHEMA, resultsName, type Plan } from '../plan.js';
import type { RunStatus } from '../status.js';
import { ApiServerDouble } from './api-server.js';
import { frame, lastWords } from './measure-log.js';
import { Workload, type Script } from './workload.js';

export const spec = specSchema.parse({
  variants: ['tf_with_hps', 'fp16_trt_with_hps'],
  batches: [32, 1024],
  repeats: 2,
  perfAnalyzer: { mode: 'request_count' },
});
export const measurements = plannedMeasurements(spec);

export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    schema: PLAN_SCHEMA,
    runId: 'run-1',
    specHash: specHash(spec),
    namespace: 'bench',
    conductorJob: 'conductor-0a1b2c3d-run-1',
    stages: {
      'create-models': { job: 'create-models-0a1b2c3d', timeoutSeconds: 600 },
      'build-engines': { job: 'build-engines-0a1b2c3d', timeoutSeconds: 600 },
      serve: { deployment: 'triton-0a1b2c3d', address: 'http://triton:8000', gpus: 1, timeoutSeconds: 600 },
      measure: { job: 'measure-0a1b2c3d-run-1', timeoutSeconds: 3600 },
    },
    variants: spec.variants,
    measurements: measurements.length,
    limits: { runSeconds: 7200, schedulingSeconds: 300, releases: 4 },
    spec,
    ...change,
  };
}

/** A clock that moves only when somebody sleeps; sleeping makes the cluster go on. */
export class FakeClock implements Clock {
  private ms = Date.parse('2026-01-02T03:00:00Z');
  onSleep: () => void = () => undefined;

  now(): number {
    return this.ms;
  }

  sleep(ms: number): Promise<void> {
    this.ms += ms;
    this.onSleep();
    return new Promise((resolve) => setImmediate(resolve));
  }
}

export type Scripts = Partial<Record<'create-models' | 'build-engines' | 'serve' | 'measure', (pod: number) => Script>>;

export class Rehearsal {
  readonly clock = new FakeClock();
  readonly workload: Workload;
  readonly server: ApiServerDouble;
  readonly plan: Plan;
  readonly lines: string[] = [];
  /** What measure.py left on the volume. */
  readonly volume = new Set<string>();
  private conductors = 0;

  constructor(scripts: Scripts = {}, change: Partial<Plan> = {}) {
    this.plan = planOf(change);
    this.workload = new Workload(1, () => new Date(this.clock.now()).toISOString());
    this.server = new ApiServerDouble(this.workload, this.plan.namespace, permissions(this.plan));
    this.clock.onSleep = () => {
      this.workload.tick();
    };
    this.apply(scripts);
  }

  /** As `kubectl apply -f dist/` does. */
  private apply(scripts: Scripts): void {
    const { stages, conductorJob } = this.plan;
    const quick = (): Script => ({ log: () => 'works\n' });
    this.workload.addJob(conductorJob, { script: () => ({ runs: Infinity }) });
    this.workload.addJob(stages['create-models'].job, { script: scripts['create-models'] ?? quick });
    if (stages['build-engines'])
      this.workload.addJob(stages['build-engines'].job, { gpus: 1, script: scripts['build-engines'] ?? quick });
    this.workload.addDeployment(stages.serve.deployment, scripts.serve ?? (() => ({ runs: Infinity })));
    this.workload.addJob(stages.measure.job, { backoffLimit: 3, script: scripts.measure ?? (() => this.measuring()) });
  }

  /** measure.py: one measurement a tick; what lies on the volume is framed again first; without Triton it ends with 4. */
  measuring(): Script {
    const there = measurements.filter((item) => this.volume.has(item.id));
    const logged = [...there];
    return {
      runs: measurements.length - there.length + 1,
      each: () => {
        if (!this.ready()) return 4;
        const next = measurements.find((item) => !this.volume.has(item.id));
        if (next) {
          this.volume.add(next.id);
          logged.push(next);
        }
        return undefined;
      },
      log: () => logged.map((item) => frame(this.plan, item)).join(''),
      message: lastWords(this.plan, measurements),
    };
  }

  ready(): boolean {
    const pods = [...this.workload.pods.values()].filter((pod) => pod.owner === this.plan.stages.serve.deployment);
    return pods.some((pod) => pod.leaving === undefined && pod.object.status?.containerStatuses?.[0]?.ready === true);
  }

  conductor(api: Api = this.server): Conductor {
    this.conductors += 1;
    return new Conductor({
      plan: this.plan,
      api,
      clock: this.clock,
      identity: `conductor-${this.conductors}`,
      log: (line) => this.lines.push(line),
      ready: () => Promise.resolve(this.ready()),
    });
  }

  /** Runs one conductor until it ends. */
  run(api?: Api, stop: Stop = NEVER): Promise<Ended> {
    return new Loop(this.conductor(api), this.clock, (line) => this.lines.push(line)).run(stop);
  }

  get published(): Record<string, string> {
    return { ...this.server.configMaps.get(resultsName(this.plan.runId))?.data };
  }

  get status(): RunStatus {
    return JSON.parse(this.published['status.json'] ?? 'null') as RunStatus;
  }

  /** Pods that ran, in order: of which stage, and the how manieth of it. Gated pods that came and went do not count. */
  get ran(): string[] {
    const seen = new Map<string, number>();
    return this.workload.began.map((pod) => {
      const name = pod.replace(/-0a1b2c3d.*$/, '');
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return `${name} ${String(seen.get(name))}`;
    });
  }
}

const NEVER: Stop = { requested: false, promise: new Promise(() => undefined) };

export class KilledError extends Error {}

/** Kills the conductor at its n-th change: before it is made, or after it but before the answer comes. */
export function killedAt(api: Api, n: number, when: 'before' | 'after'): { api: Api; reached: () => boolean } {
  let changes = 0;
  let dead = false;
  const check = (): void => {
    if (dead) throw new KilledError('killed');
  };
  const change = async <T>(make: () => Promise<T>): Promise<T> => {
    check();
    changes += 1;
    dead = changes >= n;
    if (dead && when === 'before') check();
    const answer = await make();
    check();
    return answer;
  };
  return {
    reached: () => dead,
    api: {
      get: async (path, query) => {
        check();
        return api.get(path, query);
      },
      stream: (path, query) => {
        check();
        return api.stream(path, query);
      },
      patch: (path, kind, body, query) => change(() => api.patch(path, kind, body, query)),
      post: (path, body) => change(() => api.post(path, body)),
    },
  };
}
