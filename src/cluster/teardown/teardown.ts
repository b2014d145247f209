import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../../local/failure.js';
import { type Client, DEPLOYMENTS, JOBS, PODS, VOLUME_CLAIMS } from '../client/index.js';
import { claims, floorHolder, jobs, pods, remains, runOf, stageOf, type StagePod } from './look.js';
import { doomedName } from './objects.js';

/** Told what is happening now. */
export type Say = (text: string) => void;

const POLL_MS = 1000;
/** A conductor has 60 s to end; then its kubelet ends it. */
const CONDUCTOR_SECONDS = 120;
/** Triton waits for the requests under way. */
const PODS_SECONDS = 300;
const OBJECTS_SECONDS = 300;

/**
 * Ends the conductors first: told to end while its Job goes, a conductor frees the GPU itself, and none that is left would
 * scale Triton up again.
 */
export async function endConductors(client: Client, run: string | undefined, say: Say): Promise<string> {
  const conductors = (await jobs(client)).filter((job) => stageOf(job) === 'conductor' && isOf(job, run));
  for (const { metadata } of conductors) await client.delete(JOBS, metadata.name, { uid: metadata.uid });
  const left = await until(CONDUCTOR_SECONDS, async () => {
    const there = (await pods(client)).filter((pod) => stageOf(pod) === 'conductor' && isOf(pod, run) && !isEnded(pod));
    if (there.length > 0) say(`waits for pod ${there.map(({ metadata }) => metadata.name).join(', ')}`);
    return there;
  });
  if (left.length > 0)
    throw stuck(
      'the conductor',
      left.map(({ metadata }) => `pod ${metadata.name}`),
    );
  return conductors.length === 0 ? 'none there' : 'ended';
}

/**
 * Frees the GPU: Triton to 0, and the pods that are on a node gone. Pods of Jobs that all runs share are followed by gated ones,
 * which hold nothing.
 * @param run its pods only, and the shared ones unless another run has the namespace's turn
 */
export async function releaseGpu(client: Client, run: string | undefined, say: Say): Promise<string> {
  const holder = await floorHolder(client);
  if (run !== undefined && holder !== undefined && holder !== run) return `run ${holder} goes on with it`;
  const held = (await pods(client)).filter((pod) => isActive(pod) && concerns(pod, run));
  const { items: deployments } = await client.list(DEPLOYMENTS, { labelSelector: 'app.kubernetes.io/name=hps-bench' });
  for (const { metadata } of deployments) await client.patch(DEPLOYMENTS, metadata.name, { spec: { replicas: 0 } });
  for (const pod of held)
    if (stageOf(pod) !== 'serve') await client.delete(PODS, pod.metadata.name, { uid: pod.metadata.uid });
  const left = await until(PODS_SECONDS, async () => {
    const there = (await pods(client)).filter((pod) => isActive(pod) && concerns(pod, run));
    if (there.length > 0) say(`waits for pod ${there.map(({ metadata }) => metadata.name).join(', ')}`);
    return there;
  });
  if (left.length > 0)
    throw stuck(
      'the GPU',
      left.map(({ metadata }) => `pod ${metadata.name}`),
    );
  return held.length === 0 ? 'nothing was running' : `${held.length} ${held.length === 1 ? 'pod' : 'pods'} ended`;
}

/** Removes the objects of a run, or all, and waits until they are gone. */
export async function removeObjects(client: Client, run: string | undefined, say: Say): Promise<string> {
  const { doomed } = await remains(client, run);
  for (const { resource, object } of doomed)
    await client.delete(resource, object.metadata.name, { uid: object.metadata.uid });
  const left = await until(OBJECTS_SECONDS, async () => {
    const there = (await remains(client, run)).doomed;
    say(`${doomed.length - there.length} of ${doomed.length} gone`);
    return there;
  });
  if (left.length > 0) throw stuck(`${left.length} objects`, left.map(doomedName));
  return doomed.length === 0 ? 'none there' : `${doomed.length} removed`;
}

/** Removes the volume claim, and with it what lies on the volume, as its StorageClass has it. */
export async function removeVolume(client: Client, say: Say): Promise<string> {
  const there = await claims(client);
  for (const { name } of there) await client.delete(VOLUME_CLAIMS, name);
  const left = await until(OBJECTS_SECONDS, async () => {
    const still = await claims(client);
    if (still.length > 0) say(`waits for claim ${still.map(({ name }) => name).join(', ')}, which a pod may still use`);
    return still;
  });
  if (left.length > 0)
    throw stuck(
      'the volume claim',
      left.map(({ name }) => name),
    );
  return there.length === 0 ? 'none there' : 'removed';
}

const isOf = (object: StagePod | Awaited<ReturnType<typeof jobs>>[number], run: string | undefined): boolean =>
  run === undefined || runOf(object) === run;

/** Pods of that run, and those that no run has for its own. */
function concerns(pod: StagePod, run: string | undefined): boolean {
  return run === undefined || runOf(pod) === run || runOf(pod) === undefined;
}

const isEnded = ({ status }: StagePod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** On a node, or on its way to one: not gated, not ended. */
function isActive(pod: StagePod): boolean {
  return !isEnded(pod) && (pod.spec?.nodeName !== undefined || (pod.spec?.schedulingGates ?? []).length === 0);
}

/** Looks until nothing is left, or the time is over. @returns what is left */
async function until<T>(seconds: number, look: () => Promise<readonly T[]>): Promise<readonly T[]> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const left = await look();
    if (left.length === 0 || Date.now() > end) return left;
    await sleep(POLL_MS);
  }
}

function stuck(what: string, left: readonly string[]): EnvironmentError {
  return new EnvironmentError(
    `${what}: did not go in time: ${left.join(', ')}`,
    'see `kubectl describe` of them (a node that is down, a finalizer); hps-bench teardown may be repeated',
  );
}
