import type { Command } from 'commander';
import * as yaml from 'js-yaml';
import { EXIT } from '../local/failure.js';
import { writeWhole } from '../records/index.js';
import type { Inventory } from '../spec/index.js';
import { inventoryText } from './inventory-text.js';
import { addClusterOptions, DEFAULT_NAMESPACE, type ClusterOptions } from './cluster-options.js';

interface InventoryOptions extends ClusterOptions {
  readonly output?: string;
  readonly json?: boolean;
}

/** `hps-bench inventory`: the nodes that a fleet can be measured on, as a file for `fleet.inventory`. Reads nodes only. */
export function addInventoryCommand(program: Command): void {
  addClusterOptions(
    program
      .command('inventory')
      .description('list the nodes of a cluster that have whole GPUs, and why others are left out'),
  )
    .option('-o, --output <file>', 'write the file that fleet.inventory names: YAML, or JSON where it ends in .json')
    .option('--json', 'print the inventory as JSON')
    .addHelpText('after', '\nExit codes: 0 there are such nodes, 3 there is none, 2 bad input, 4 the cluster.')
    .action(inventory);
}

async function inventory(options: InventoryOptions): Promise<void> {
  // client-node is not loaded before it is needed.
  const { connect } = await import('./connect.js');
  const { readInventory } = await import('../cluster/inventory/index.js');
  const client = connect(options, options.namespace ?? DEFAULT_NAMESPACE);
  try {
    const counted = await readInventory(client);
    const { output, json } = options;
    if (output !== undefined)
      writeWhole(output, output.endsWith('.json') ? asJson(counted.inventory) : asYaml(counted.inventory));
    process.stdout.write(json === true ? asJson(counted.inventory) : inventoryText(counted));
    if (output !== undefined && json !== true) process.stdout.write(`written: ${output}\n`);
    process.exitCode = counted.inventory.nodes.length > 0 ? EXIT.ok : EXIT.incomplete;
  } finally {
    await client.close();
  }
}

const asJson = (value: Inventory): string => `${JSON.stringify(value, null, 2)}\n`;

/** No time in it, so that an unchanged cluster makes an unchanged file. */
function asYaml(value: Inventory): string {
  return `# Made by \`hps-bench inventory\`; read by \`fleet.inventory\` of a spec.\n${yaml.dump(value, { lineWidth: 120, noRefs: true })}`;
}
