import type { Report } from './cross-checks.js';
import { fleetNodes, fleetPods, MOST_PODS } from './fleet.js';
import type { Spec } from './schema.js';

/** What a fleet cannot be run with. */
export function fleetRuns(spec: Spec, report: Report): void {
  const { fleet, cluster } = spec;
  if (fleet === undefined) return;
  const nodes = fleetNodes(fleet).length;
  const pods = fleetPods(fleet);
  if (pods > MOST_PODS) {
    const parts = Math.ceil(pods / MOST_PODS);
    report(
      ['fleet'],
      `${pods} pods would be in namespace ${cluster.namespace}, and ${MOST_PODS} are allowed in one`,
      `run it in ${parts} parts: --set fleet.part=1/${parts} --set cluster.namespace=${cluster.namespace}-1, and so on`,
    );
  }
  if (nodes > 1 && cluster.storage.accessMode !== 'ReadWriteMany')
    report(
      ['cluster', 'storage', 'accessMode'],
      `"${cluster.storage.accessMode}" is for one node, and the fleet has ${nodes}`,
      'set ReadWriteMany, and with cluster.storage.className a class that can (NFS, CephFS, EFS, Filestore)',
    );
  if (cluster.gpus === 0)
    report(['cluster', 'gpus'], '0: a fleet measures GPUs', 'set cluster.gpus: 1, or leave fleet out');
  if (cluster.isolation !== 'shared')
    report(
      ['cluster', 'isolation'],
      `"${cluster.isolation}" is for the Deployment; each pod of a fleet has a Triton of its own`,
      'leave it out; for one variant alone write variants: [it]',
    );
  if (cluster.nodeName !== undefined)
    report(['cluster', 'nodeName'], `"${cluster.nodeName}" and a fleet`, 'leave it out, and name it in fleet.nodes');
}
