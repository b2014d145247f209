import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import * as yaml from 'js-yaml';
import { type Problem, SpecError } from './errors.js';
import type { Fleet, FleetNode } from './fleet.js';
import { fleetNodes } from './fleet.js';
import { withoutVendor } from './gpu-nodes.js';
import { type Inventory, INVENTORY_SCHEMA, type InventoryNode, inventorySchema } from './inventory.js';
import { parseSelector, SelectorError, selects } from './label-selector.js';
import { type Source, whereOf } from './source.js';
import { nearest } from './spelling.js';

type Key = 'nodes' | 'inventory' | 'selector' | 'part';

/**
 * The fleet with its nodes in it: what the inventory file says today is part of the spec from here on, so that manifests made
 * from it are the same wherever and whenever they are made.
 * @param product `cluster.gpuProduct`: nodes of the inventory with other GPUs are left out
 * @throws SpecError
 */
export function withNodes(given: Fleet, product: string, sources: readonly Source[]): Fleet {
  const { nodes, inventory, selector, part, ...rest } = given;
  const problem = (key: Key, message: string, hint: string): SpecError =>
    new SpecError([{ where: whereOf(sources, ['fleet', key]), path: `fleet.${key}`, message, hint }]);
  if (nodes === undefined && inventory === undefined)
    throw problem('nodes', 'neither nodes nor an inventory', 'write fleet.nodes: [gpu-1, gpu-2], or fleet.inventory');
  if (selector !== undefined && inventory === undefined)
    throw problem('selector', `${JSON.stringify(selector)} selects from an inventory, and none is named`, HOW_TO);
  const known = inventory === undefined ? undefined : readInventory(inventory, sources);
  const found = known === undefined ? fleetNodes(given) : ofInventory(given, known, product, problem);
  const sorted = sortedOnce(found, problem);
  const chosen = part === undefined ? sorted : partOf(sorted, part, problem);
  return {
    ...rest,
    nodes: chosen.map((node) => (node.gpus === rest.gpusPerNode ? node.name : node)),
  };
}

const HOW_TO = 'make one with `hps-bench inventory --output nodes.yaml`, and name it in fleet.inventory';

type Refuse = (key: Key, message: string, hint: string) => SpecError;

function ofInventory(given: Fleet, { nodes, excluded }: Inventory, product: string, refuse: Refuse): FleetNode[] {
  const named = given.nodes === undefined ? undefined : fleetNodes(given);
  const listed = new Map(nodes.map((node) => [node.name, node]));
  const selected =
    named?.map(({ name }) => {
      const node = listed.get(name);
      if (node !== undefined) return node;
      const why = excluded.find((one) => one.name === name)?.reason;
      const near = nearest(name, [...listed.keys()]);
      throw refuse(
        'nodes',
        why === undefined ? `"${name}" is not in the inventory` : `"${name}" is excluded there: ${why}`,
        near === undefined ? 'make the inventory anew, or leave the node out' : `did you mean "${near}"?`,
      );
    }) ?? nodes;
  const chosen = bySelector(selected, given.selector, refuse);
  const fitting = chosen.filter((node) => node.product === null || sameProduct(node.product, product));
  if (fitting.length > 0) return fitting.map(({ name, gpus }) => ({ name, gpus }));
  const products = [...new Set(chosen.map((node) => node.product ?? 'unknown'))].sort();
  throw chosen.length === 0
    ? refuse(
        given.selector === undefined ? 'inventory' : 'selector',
        `no node of ${nodes.length} is left`,
        labelsHint(nodes),
      )
    : refuse(
        'inventory',
        `none of ${chosen.length} nodes has the GPU ${product}; they have ${products.join(', ')}`,
        `set cluster.gpuProduct: ${products[0] ?? ''}`,
      );
}

const sameProduct = (a: string, b: string): boolean => withoutVendor(a) === withoutVendor(b);

function labelsHint(nodes: readonly InventoryNode[]): string {
  const keys = [...new Set(nodes.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return keys.length === 0 ? 'the inventory has no labels' : `labels there: ${keys.slice(0, 12).join(', ')}`;
}

function bySelector(nodes: readonly InventoryNode[], selector: string | undefined, refuse: Refuse): InventoryNode[] {
  if (selector === undefined) return [...nodes];
  try {
    const parsed = parseSelector(selector);
    return nodes.filter(({ labels }) => selects(parsed, labels));
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw refuse('selector', error.message, 'write it as for kubectl -l');
  }
}

function sortedOnce(nodes: readonly FleetNode[], refuse: Refuse): FleetNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  if (byName.size < nodes.length) {
    const twice = nodes.find((node, i) => nodes.findIndex(({ name }) => name === node.name) < i)?.name;
    throw refuse('nodes', `names ${JSON.stringify(twice)} twice`, 'name each node once; repeats are a setting');
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Neighbours in the order of names stay together, as racks often do. */
function partOf(nodes: readonly FleetNode[], part: string, refuse: Refuse): FleetNode[] {
  const [number = 1, of = 1] = part.split('/').map(Number);
  if (number > of || of > nodes.length)
    throw refuse('part', `${part} is no part of ${nodes.length} nodes`, `write 1/N to N/N, N at most ${nodes.length}`);
  return nodes.slice(Math.floor(((number - 1) * nodes.length) / of), Math.floor((number * nodes.length) / of));
}

/** Reads the file that `fleet.inventory` names: relative to the spec that names it, or to the folder of the command. */
function readInventory(path: string, sources: readonly Source[]): Inventory {
  const namedIn = [...sources].reverse().find(({ value }) => namesInventory(value));
  const file = isAbsolute(path) || namedIn?.file === undefined ? path : join(dirname(namedIn.file), path);
  const refuse = (message: string, hint: string): SpecError => {
    const problem: Problem = {
      where: whereOf(sources, ['fleet', 'inventory']),
      path: 'fleet.inventory',
      message: `${file}: ${message}`,
      hint,
    };
    return new SpecError([problem]);
  };
  let value: unknown;
  try {
    value = yaml.load(readFileSync(file, 'utf8'), { schema: yaml.JSON_SCHEMA });
  } catch (error) {
    if (error instanceof yaml.YAMLException) throw refuse(`is not valid YAML: ${error.reason}`, 'make it anew');
    throw refuse(`cannot be read: ${(error as Error).message}`, HOW_TO);
  }
  const parsed = inventorySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join('.') ?? '';
  throw refuse(`${at === '' ? '' : `${at}: `}${issue?.message ?? 'is no inventory'}`, `wanted: ${INVENTORY_SCHEMA}`);
}

const namesInventory = (value: unknown): boolean =>
  (value as { fleet?: { inventory?: unknown } } | null)?.fleet?.inventory !== undefined;
