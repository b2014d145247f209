import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterPaths } from '../../job-settings/cluster.js';
import { sha256, type StoreWriter } from '../../results/store/index.js';
import { ClusterError, PODS, retrying, type Client, type RetryOptions } from '../client/index.js';
import { accept } from './accept.js';
import { failureOf } from './failures/index.js';
import { hasEnded, RESULTS_ANNOTATION, uidOf, type Pod } from './pod.js';
import { readFileLines, type EndLine, type FileLine } from './reader-lines.js';
import { claimOf, READER, readerPod, READER_SECONDS } from './reader-pod.js';
import { RUN_LABEL, STAGE_LABEL, type ClusterRun } from './run-plan.js';
import type { Unit } from './unit.js';

export interface VolumeReading {
  readonly client: Client;
  readonly run: ClusterRun;
  readonly writer: StoreWriter;
  readonly retry: RetryOptions;
  readonly say: (line: string) => void;
  readonly onParity: (document: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** How long a reader pod may wait for its node, image and volume. */
const START_SECONDS = 180;
/** Folders that one pod reads. */
const MOST_FOLDERS = 200;
const POLL_MS = 500;

/** Reads what these units left on their volumes, claim by claim, and notes with each what came of it. */
export async function readVolumes(reading: VolumeReading, units: readonly Unit[]): Promise<void> {
  if (units.length === 0) return;
  await removeEnded(reading);
  for (const claim of new Set(units.map((unit) => claimOf(unit.jobObject)))) {
    const ofClaim = units.filter((unit) => claimOf(unit.jobObject) === claim);
    for (let at = 0; at < ofClaim.length; at += MOST_FOLDERS)
      await readClaim(reading, claim, ofClaim.slice(at, at + MOST_FOLDERS));
  }
}

async function readClaim(reading: VolumeReading, claim: string, units: readonly Unit[]): Promise<void> {
  const folders = units.map((unit) => folderOf(reading.run, unit));
  const problems = units.map((): string[] => []);
  const counts = units.map(() => 0);
  const onFile = (file: FileLine): void => {
    const unit = units[file.folder];
    if (unit === undefined) return;
    if (file.name.endsWith('/parity.json')) reading.onParity(file.document);
    else {
      counts[file.folder] = (counts[file.folder] ?? 0) + 1;
      const problem = file.problem ?? acceptFile(reading, unit, file);
      if (problem !== undefined) problems[file.folder]?.push(`${file.name}: ${problem}`);
    }
  };
  const near = units.map((unit) => unit.latest?.pod.spec?.nodeName).find((node) => node !== undefined);
  let failure: string | undefined;
  try {
    let after = '';
    for (let more = true; more;) {
      const end = await onePod(reading, { claim, folders, after, near }, onFile);
      more = end.more;
      after = end.last;
    }
  } catch (error) {
    if (!(error instanceof ClusterError) || reading.signal?.aborted === true) throw error;
    failure = error.message.split('\n', 1)[0] ?? '';
  }
  for (const [at, unit] of units.entries()) {
    const said = [`${counts[at] ?? 0} files read`, ...(problems[at] ?? []).slice(0, 3)].join('; ');
    unit.volume = failure === undefined ? { whole: true, said } : { whole: false, said: failure };
  }
}

/** Pods of an indexed Job have a folder each below the Job's. */
function folderOf(run: ClusterRun, { jobObject, index }: Unit): string {
  const named = jobObject?.metadata.annotations?.[RESULTS_ANNOTATION] ?? clusterPaths(run.spec, run.runId).results;
  return index === null ? named : `${named}/${index}`;
}

function acceptFile({ run, writer }: VolumeReading, unit: Unit, { document = {} }: FileLine): string | undefined {
  const wanted = { unit: unit.name, runId: run.runId, specHash: unit.specHash };
  const digest = sha256(typeof document['text'] === 'string' ? document['text'] : '');
  return accept(document, wanted, { channel: 'volume', pod: '', name: '' }, digest, unit.book, writer);
}

/** @throws ClusterError where it does not start, fails, or its log does not arrive whole */
async function onePod(
  { client, run, retry, say, signal }: VolumeReading,
  at: { claim: string; folders: readonly string[]; after: string; near: string | undefined },
  onFile: (line: FileLine) => void,
): Promise<EndLine> {
  const { namespace } = client;
  const name = `${READER}-${run.runId}-${randomBytes(3).toString('hex')}`;
  say(`reads the volume: pod ${name} in namespace ${namespace} (context ${client.context}), removed afterwards`);
  const made = await retrying(() => client.create<Pod>(readerPod(run, { name, namespace, ...at })), retry);
  try {
    await ended(client, name, retry, signal);
    for (let attempt = 1; ; attempt++) {
      const end = await retrying(async () => readFileLines(await client.log(name, { signal }), onFile), retry);
      if (end !== undefined) return end;
      if (attempt === 3) throw new ClusterError('cut', `the log of reader pod ${name} does not arrive whole`);
    }
  } finally {
    await retrying(() => client.delete(PODS, name, { uid: uidOf(made), graceSeconds: 0 }), {
      ...retry,
      attempts: 3,
    }).catch((error: unknown) => {
      say(`pod ${name} could not be removed (${(error as Error).message.split('\n', 1)[0] ?? ''}); it ends by itself`);
    });
  }
}

async function ended(
  client: Client,
  name: string,
  retry: RetryOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const began = Date.now();
  for (;;) {
    const pod = await retrying(() => client.get<Pod>(PODS, name), { ...retry, signal });
    if (pod === undefined) throw new ClusterError('not-found', `reader pod ${name} was deleted by someone else`);
    if (pod.status?.phase === 'Succeeded') return;
    const problem = problemOf(pod, (Date.now() - began) / 1000);
    if (problem !== undefined) throw new ClusterError('refused', `reader pod ${name} ${problem}`);
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) throw new ClusterError('cut', 'stopped');
  }
}

/** Why it is no use to wait on for a reader pod. */
function problemOf(pod: Pod, seconds: number): string | undefined {
  const what = failureOf(pod)?.what ?? 'no reason is told';
  if (hasEnded(pod)) return `failed: ${what}`;
  const runs = pod.status?.phase === 'Running';
  if (runs && seconds > READER_SECONDS) return `does not end: ${what}`;
  return !runs && seconds > START_SECONDS ? `does not start: ${what}` : undefined;
}

/** Reader pods of collectors that were killed: they have ended by their deadline. */
async function removeEnded({ client, run, retry }: VolumeReading): Promise<void> {
  const labelSelector = `${STAGE_LABEL}=${READER},${RUN_LABEL}=${run.runId}`;
  const { items } = await client.list<Pod>(PODS, { labelSelector, retry });
  const old = (pod: Pod): boolean =>
    Date.now() - Date.parse(pod.metadata.creationTimestamp ?? '') > 2 * READER_SECONDS * 1000;
  for (const pod of items)
    if (hasEnded(pod) && old(pod))
      await client.delete(PODS, pod.metadata.name, { uid: pod.metadata.uid, graceSeconds: 0 });
}
