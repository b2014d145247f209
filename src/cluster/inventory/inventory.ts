import { INVENTORY_SCHEMA, type Inventory } from '../../spec/index.js';
import { NODES, retrying, type Client } from '../client/index.js';
import { type Node, verdictOf } from './node.js';

export interface Counted {
  readonly inventory: Inventory;
  /** Nodes without a GPU. */
  readonly others: number;
  /** `node: what a person should know`. */
  readonly warnings: readonly string[];
}

/** Every node with GPUs, page by page. The same cluster always makes the same document. @throws ClusterError */
export async function readInventory(client: Client): Promise<Counted> {
  const { items } = await retrying(() => client.list<Node>(NODES));
  return inventoryOf(client.server, items);
}

export function inventoryOf(server: string, items: readonly Node[]): Counted {
  const verdicts = items.map(verdictOf);
  const byName = <T extends { readonly name: string }>(list: T[]): T[] =>
    list.sort((a, b) => (a.name < b.name ? -1 : 1));
  const nodes = byName(verdicts.flatMap((one) => (one.kind === 'node' ? [one.node] : [])));
  const excluded = byName(verdicts.flatMap((one) => (one.kind === 'excluded' ? [one.node] : [])));
  const warnings = verdicts.flatMap((one) =>
    one.kind === 'node' && one.warning !== null ? [`${one.node.name}: ${one.warning}`] : [],
  );
  const others = verdicts.filter(({ kind }) => kind === 'no GPU').length;
  return { inventory: { schema: INVENTORY_SCHEMA, server, nodes, excluded }, others, warnings: warnings.sort() };
}
