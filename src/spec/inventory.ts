import { z } from 'zod';
import { dnsName } from './values.js';

export const INVENTORY_SCHEMA = 'hps-bench/inventory/1';

const text = z.string().nullable();

/** A node with whole GPUs that pods may have. */
const inventoryNode = z.strictObject({
  name: dnsName,
  /** As GPU Feature Discovery has it, without "NVIDIA-"; null where the labels do not tell. */
  product: text,
  gpus: z.int().min(1),
  driver: text,
  /** Taints besides the customary nvidia.com/gpu:NoSchedule, as `key=value:effect`. */
  taints: z.array(z.string()).default([]),
  labels: z.record(z.string(), z.string()).default({}),
});
export type InventoryNode = z.output<typeof inventoryNode>;

/** A node that no fleet may have, and why. */
const excludedNode = z.strictObject({ name: dnsName, reason: z.string() });
export type ExcludedNode = z.output<typeof excludedNode>;

/** What `hps-bench inventory` writes and `fleet.inventory` names. */
export const inventorySchema = z.strictObject({
  schema: z.literal(INVENTORY_SCHEMA),
  /** API server it was read from. */
  server: z.string(),
  nodes: z.array(inventoryNode),
  excluded: z.array(excludedNode).default([]),
});
export type Inventory = z.output<typeof inventorySchema>;
