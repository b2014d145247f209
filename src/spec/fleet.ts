import { z } from 'zod';
import { dnsName } from './values.js';

/** A namespace with more pods than that is slow to list and to watch, for everybody on the cluster. */
export const MOST_PODS = 3000;

const gpus = z.int().min(1).max(64);

const node = z.union(
  [dnsName, z.strictObject({ name: dnsName, gpus: gpus.meta({ description: 'GPUs of this node.' }) })],
  { error: 'is no node: write its name, or {name: gpu-1, gpus: 4}' },
);

/** The `fleet` section: the same measurements on every GPU of many nodes, instead of on one. */
export const fleet = z.strictObject({
  nodes: z
    .array(node)
    .min(1)
    .optional()
    .meta({ description: 'Names of nodes, each once; left out: those of the inventory.' }),
  inventory: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'File that `hps-bench inventory` wrote; a relative path begins at the file that names it.' }),
  selector: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Label selector over the inventory, as kubectl takes it: "pool=a100,zone in (a, b)".' }),
  part: z
    .string()
    .regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/, { error: 'is no part: write 1/3 for the first of three' })
    .optional()
    .meta({ description: 'Only this part of the nodes, such as 1/3: each part in a namespace of its own.' }),
  gpusPerNode: gpus.default(8).meta({ description: 'GPUs of a node that is written with its name only.' }),
  mode: z.enum(['gpu', 'node']).default('gpu').meta({
    description:
      'gpu: a pod for each GPU, all of a node at once. node: one pod holds all GPUs of the node and measures on one of them.',
  }),
});
export type Fleet = z.output<typeof fleet>;

/** A node of the fleet and the GPUs to measure on or to hold. */
export interface FleetNode {
  readonly name: string;
  readonly gpus: number;
}

/** The nodes of a fleet whose inventory was read, in the order of their names. */
export function fleetNodes({ nodes = [], gpusPerNode }: Fleet): FleetNode[] {
  return nodes.map((item) => (typeof item === 'string' ? { name: item, gpus: gpusPerNode } : item));
}

/** Pods of one node: one for each GPU, or one for all. */
export const podsOnNode = ({ mode }: Fleet, { gpus: count }: FleetNode): number => (mode === 'gpu' ? count : 1);

export const fleetPods = (of: Fleet): number => fleetNodes(of).reduce((sum, one) => sum + podsOnNode(of, one), 0);
