import type { Counted } from '../cluster/inventory/index.js';
import { terminalLines } from '../report/terminal-table.js';
import type { InventoryNode } from '../spec/index.js';

/** Nodes of one kind that are named one by one. */
const MOST_NAMED = 40;

/** The inventory for people: nodes that are alike in one row, and why others are left out. Ends in a line feed. */
export function inventoryText({ inventory, others, warnings }: Counted): string {
  const { nodes, excluded, server } = inventory;
  const gpus = nodes.reduce((sum, node) => sum + node.gpus, 0);
  const head = `${nodes.length} nodes with ${gpus} whole GPUs at ${server}; ${excluded.length} excluded, ${others} without a GPU`;
  const lines = excluded.slice(0, MOST_NAMED).map(({ name, reason }) => `  ${name}: ${reason}`);
  if (excluded.length > MOST_NAMED) lines.push(`  and ${excluded.length - MOST_NAMED} more`);
  return [
    head,
    ...(nodes.length === 0 ? [] : ['', ...table(nodes)]),
    ...(excluded.length === 0 ? [] : ['', 'excluded', ...lines]),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((line) => `! ${line}`)]),
    '',
  ].join('\n');
}

function table(nodes: readonly InventoryNode[]): string[] {
  const groups = new Map<string, InventoryNode[]>();
  for (const node of nodes) {
    const key = JSON.stringify([node.product, node.gpus, node.driver, node.taints]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const rows = [...groups.values()].map((group) => {
    const { product, gpus, driver, taints } = group[0] as InventoryNode;
    return [namesOf(group), product ?? '?', String(gpus), driver ?? '?', taints.join(', ') || '-'];
  });
  const head = ['nodes', 'GPU', 'GPUs each', 'driver', 'taints'];
  return terminalLines(head, rows, { wordColumns: [0, 1, 3, 4], gap: '  ' });
}

function namesOf(nodes: readonly InventoryNode[]): string {
  const names = nodes.map(({ name }) => name);
  return names.length <= 3 ? names.join(', ') : `${names.length}: ${names[0] ?? ''} to ${names.at(-1) ?? ''}`;
}
