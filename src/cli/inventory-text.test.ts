import { expect, it } from 'vitest';
import { INVENTORY_SCHEMA, type InventoryNode } from '../spec/index.js';
import { inventoryText } from './inventory-text.js';

const node = (name: string, gpus = 8): InventoryNode => ({
  ...{ name, product: 'A100-SXM4-80GB', gpus, driver: '535.104.05', taints: [], labels: {} },
});

it('shows nodes that are alike in one row, and why others are left out', () => {
  const nodes = [...['gpu-1', 'gpu-2', 'gpu-3', 'gpu-4'].map((name) => node(name)), node('gpu-5', 4)];
  const excluded = [{ name: 'gpu-6', reason: 'it is cordoned' }];
  const inventory = { schema: INVENTORY_SCHEMA, server: 'https://c', nodes, excluded } as const;
  expect(inventoryText({ inventory, others: 1, warnings: ['gpu-5: 4 of 8 GPUs are allocatable'] })).toBe(
    [
      '5 nodes with 36 whole GPUs at https://c; 1 excluded, 1 without a GPU',
      '',
      'nodes              GPU             GPUs each  driver      taints',
      '4: gpu-1 to gpu-4  A100-SXM4-80GB          8  535.104.05  -',
      'gpu-5              A100-SXM4-80GB          4  535.104.05  -',
      '',
      'excluded',
      '  gpu-6: it is cordoned',
      '',
      '! gpu-5: 4 of 8 GPUs are allocatable',
      '',
    ].join('\n'),
  );
});
