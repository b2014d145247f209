import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreWriter } from '../../results/store/index.js';
import { ClusterError, retrying, type Client, type RetryOptions } from '../client/index.js';
import { readLog, type ReadLog } from './log-channel.js';
import { hasEnded, mainOf, uidOf, type Pod } from './pod.js';
import type { ClusterRun } from './run-plan.js';
import { toldBy } from './termination.js';
import type { Unit, UnitPod } from './unit.js';

export interface LogReading {
  readonly client: Client;
  readonly run: ClusterRun;
  readonly writer: StoreWriter;
  readonly retry: RetryOptions;
  readonly onBytes: (count: number) => void;
  readonly onRetry: () => void;
  readonly onParity: (document: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** A log that says less than the pod told is read again this often: lines reach the node's file after the container's end. */
const READS_AT_THE_END = 3;
const FIRST_PAUSE_MS = 300;

/**
 * Reads what a pod's container printed, its last instance but one included, until it is what the pod told. What cannot be had
 * is noted with the pod, not thrown.
 */
export async function readPodLogs(reading: LogReading, unit: Unit, entry: UnitPod): Promise<void> {
  const ended = hasEnded(entry.pod);
  entry.troubles.clear();
  const restarts = mainOf(entry.pod)?.restartCount ?? 0;
  if (restarts > 0) await readOne(reading, unit, entry, true);
  if (restarts > 1)
    entry.troubles.add(`its container was started ${restarts + 1} times: of the first ones there is no log`);
  const told = toldBy(entry.pod);
  let before: string | undefined;
  for (let attempt = 1; attempt <= READS_AT_THE_END; attempt++) {
    const read = await readOne(reading, unit, entry, false);
    const enough = !ended || read === undefined || told === undefined || unit.book.matches(told);
    // Twice the same and not what was told: the node has no more (rotated, or a restart's).
    if (enough || (read.sha256 === before && attempt > 1)) break;
    before = read.sha256;
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * Math.random(), undefined, { signal: reading.signal }).catch(
      () => undefined,
    );
  }
  // Whoever kills this process loses the logs that are being read, not those that were.
  reading.writer.flush();
  entry.read = ended;
}

async function readOne(
  reading: LogReading,
  unit: Unit,
  { pod, troubles }: UnitPod,
  previous: boolean,
): Promise<ReadLog | undefined> {
  const { client, run, writer, signal } = reading;
  const { name } = pod.metadata;
  const container = mainOf(pod)?.name;
  const from = { channel: 'log', pod: uidOf(pod), name } as const;
  const wanted = { unit: unit.name, runId: run.runId, specHash: unit.specHash };
  // A log that broke off is read again from its beginning: what came whole is known by then.
  const once = async (): Promise<ReadLog> => {
    const log = await client.log(name, { previous, signal, ...(container === undefined ? {} : { container }) });
    return readLog(log, wanted, from, unit.book, writer, reading);
  };
  try {
    const read = await retrying(once, { ...reading.retry, signal, onRetry: reading.onRetry });
    const { bytes, sha256 } = read;
    writer.log(unit.name, { pod: uidOf(pod), name, container: container ?? null, previous, bytes, sha256 });
    const cutIsNormal = !hasEnded(pod) && !previous;
    for (const line of read.unusable) if (!cutIsNormal || !line.includes('before its end')) troubles.add(line);
    return read;
  } catch (error) {
    if (
      !(error instanceof ClusterError) ||
      error.kind === 'config' ||
      error.kind === 'unauthorized' ||
      error.kind === 'forbidden'
    )
      throw error;
    troubles.add(`${previous ? 'the instance before: ' : ''}${firstLine(error.message)}`);
    return undefined;
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** Whether this state of the pod was not read yet. */
export const podMoment = (pod: Pod): string =>
  `${mainOf(pod)?.restartCount ?? 0} ${hasEnded(pod) ? 'ended' : ''} ${pod.metadata.deletionTimestamp === undefined ? '' : 'leaving'}`;
