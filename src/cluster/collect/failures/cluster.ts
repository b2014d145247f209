/** What the cluster did to a pod that ran. */
import { own, type Row } from './facts.js';

export const CLUSTER: readonly Row[] = [
  {
    kind: 'node-lost',
    fits: ({ reason, disruption }) =>
      reason === 'NodeLost' || ['DeletionByTaintManager', 'DeletionByPodGC'].includes(disruption),
    what: ({ pod, sentence, disruption }) =>
      `its node ${pod.spec?.nodeName ?? '?'} was lost: ${sentence || disruption || 'it does not answer'}`,
    fix: 'look at the node (kubectl describe node); the Job makes another pod, which goes on from the volume',
  },
  {
    kind: 'evicted',
    fits: ({ reason, disruption }) =>
      reason === 'Evicted' || disruption === 'TerminationByKubelet' || disruption === 'EvictionByEvictionAPI',
    what: ({ sentence, disruption }) => `evicted from its node: ${sentence || disruption}`,
    fix: 'free disk or memory on the node, or raise the requests of the stage (cluster.stages.measure.memory); what was measured is on the volume',
  },
  {
    kind: 'preempted',
    fits: ({ disruption }) => disruption === 'PreemptionByScheduler',
    what: ({ sentence }) => `preempted by a pod of higher priority: ${sentence}`,
    fix: 'give the run a PriorityClass (cluster.priorityClass)',
  },
  {
    kind: 'deadline',
    fits: ({ reason }) => reason === 'DeadlineExceeded',
    what: own,
    fix: 'raise cluster.stages.measure.deadlineMinutes, or measure fewer cells; what was measured until then is kept',
  },
  {
    kind: 'out-of-memory',
    fits: ({ ended, reason }) => ended?.reason === 'OOMKilled' || reason === 'OOMKilled',
    what: ({ ended }) => `OOMKilled: a container went over its memory limit (code ${String(ended?.exitCode ?? 137)})`,
    fix: 'raise cluster.stages.measure.memory',
  },
];
