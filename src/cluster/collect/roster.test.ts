import { describe, expect, it } from 'vitest';
import { loadSpec, specHash } from '../../spec/index.js';
import type { Job, Pod } from './pod.js';
import { Roster } from './roster.js';
import type { ClusterRun } from './run-plan.js';

const spec = loadSpec({
  preset: 'a100-page',
  set: ['fleet={nodes: [gpu-1, gpu-2], gpusPerNode: 2}', 'cluster.storage.accessMode=ReadWriteMany'],
});
const hash = specHash(spec);
const run: ClusterRun = { runId: 'run-1', spec, specHash: hash, createdAt: '', measureJob: '' };

function job(node: string, conditions: { type: string; status: string }[] = []): Job {
  const labels = { 'hps-bench/unit': node, 'hps-bench/spec': hash };
  return {
    metadata: { name: `measure-${node}`, uid: node, labels },
    spec: { completionMode: 'Indexed', completions: 2 },
    status: { conditions },
  };
}

function pod(node: string, index: number, phase: string, uid = `${node}-${index}`): Pod {
  const labels = {
    'batch.kubernetes.io/job-name': `measure-${node}`,
    'batch.kubernetes.io/job-completion-index': `${index}`,
  };
  return { metadata: { name: uid, uid, labels, creationTimestamp: uid }, status: { phase } };
}

const podsOf = (roster: Roster): Record<string, string[]> =>
  Object.fromEntries([...roster.units.values()].map(({ name, pods }) => [name, [...pods.keys()]]));

describe('a fleet', () => {
  it('has a unit for each number of each Job, also of a Job that is not there', () => {
    const roster = new Roster(run, () => undefined);
    roster.seePods({ kind: 'page', items: [pod('gpu-1', 1, 'Running'), pod('gpu-1', 0, 'Failed', 'a')] });
    roster.seePods({ kind: 'page', items: [pod('gpu-1', 0, 'Running', 'b')] });
    roster.seeJobs({ kind: 'page', items: [job('gpu-1')] });
    roster.seePods({ kind: 'listed', uids: new Set(['gpu-1-1', 'a', 'b']) });
    roster.seeJobs({ kind: 'listed', uids: new Set(['gpu-1']) });
    expect(podsOf(roster)).toEqual({ 'gpu-1.0': ['a', 'b'], 'gpu-1.1': ['gpu-1-1'], 'gpu-2.0': [], 'gpu-2.1': [] });
    expect(roster.isOver).toBe(false);
  });

  it('is over when all its numbers are, each by its last pod or by the Job', () => {
    const roster = new Roster(run, () => undefined);
    roster.seeJobs({ kind: 'page', items: [job('gpu-1'), job('gpu-2', [{ type: 'Failed', status: 'True' }])] });
    roster.seePods({ kind: 'page', items: [pod('gpu-1', 0, 'Succeeded'), pod('gpu-1', 1, 'Running')] });
    roster.seeJobs({ kind: 'listed', uids: new Set(['gpu-1', 'gpu-2']) });
    roster.seePods({ kind: 'listed', uids: new Set(['gpu-1-0', 'gpu-1-1']) });
    expect(roster.isOver).toBe(false);
    roster.seePods({ kind: 'changed', item: pod('gpu-1', 1, 'Succeeded') });
    expect(roster.isOver).toBe(true);
  });
});
