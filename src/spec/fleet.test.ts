import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specHash } from './cells.js';
import { SpecError } from './errors.js';
import { fleetNodes, fleetPods } from './fleet.js';
import { loadSpec } from './load.js';
import { specSchema, type Spec } from './schema.js';

const RWX = 'cluster.storage.accessMode=ReadWriteMany';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-fleet-'));
  const node = (name: string, zone: string, product = 'A100-SXM4-80GB', gpus = 8): object => ({
    ...{ name, product, gpus, driver: '535.104', labels: { zone } },
  });
  const nodes = [node('gpu-3', 'b'), node('gpu-1', 'a'), node('gpu-2', 'a', undefined, 4), node('hopper', 'a', 'H200')];
  const excluded = [{ name: 'gpu-9', reason: 'it is cordoned' }];
  writeFileSync(
    join(folder, 'nodes.json'),
    JSON.stringify({ schema: 'hps-bench/inventory/1', server: 'https://c', nodes, excluded }),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(...set: string[]): Spec {
  return loadSpec({ preset: 'a100-page', set: [RWX, ...set] });
}

const nodesOf = ({ fleet }: Spec): string[] =>
  fleet === undefined ? [] : fleetNodes(fleet).map(({ name, gpus }) => `${name}:${gpus}`);

/** A bench.yaml beside the inventory. */
function written(text: string): Spec {
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, `preset: a100-page\ncluster: { storage: { accessMode: ReadWriteMany } }\nfleet: ${text}\n`);
  return loadSpec({ file });
}

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('the nodes of a fleet', () => {
  it('are named in a list, with GPUs of their own where they differ', () => {
    const spec = load('fleet={nodes: [gpu-2, {name: gpu-1, gpus: 4}], gpusPerNode: 2}');
    expect(nodesOf(spec)).toEqual(['gpu-1:4', 'gpu-2:2']);
    expect(spec.fleet === undefined ? 0 : fleetPods(spec.fleet)).toBe(6);
  });

  it('are those of the inventory that have the GPU of the spec, and are found beside the file that names it', () => {
    expect(nodesOf(written('{inventory: nodes.json}'))).toEqual(['gpu-1:8', 'gpu-2:4', 'gpu-3:8']);
    expect(nodesOf(written('{inventory: nodes.json, selector: zone=a}'))).toEqual(['gpu-1:8', 'gpu-2:4']);
    expect(nodesOf(written('{inventory: nodes.json, nodes: [gpu-2]}'))).toEqual(['gpu-2:4']);
  });

  it('are read once: what is loaded names them, and no file', () => {
    const { fleet } = written('{inventory: nodes.json, selector: zone=a, part: 1/2}');
    expect(fleet).toEqual({ nodes: ['gpu-1'], gpusPerNode: 8, mode: 'gpu' });
    expect(specSchema.parse({ fleet }).fleet).toEqual(fleet);
  });

  it('are parted without one lost or twice, for any number of parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (count, parts) => {
        fc.pre(parts <= count);
        const names = Array.from({ length: count }, (_, i) => `n${i}`);
        const nodes = `nodes: [${names.join(', ')}]`;
        const each = Array.from({ length: parts }, (_, i) =>
          nodesOf(load(`fleet={${nodes}, part: ${i + 1}/${parts}}`)),
        );
        expect(each.flat()).toEqual(nodesOf(load(`fleet={${nodes}}`)));
        expect(Math.max(...each.map((one) => one.length)) - Math.min(...each.map((one) => one.length))).toBeLessThan(2);
      }),
      { numRuns: 15 },
    );
  });
});

describe('the hash of a spec', () => {
  it('does not know which nodes a fleet has, so that a run on some of them can confirm one on all', () => {
    const hash = specHash(load('fleet.nodes=[a, b]'));
    expect(specHash(load('fleet.nodes=[b]', 'cluster.runId=confirm'))).toBe(hash);
    expect(specHash(load('fleet={nodes: [a, b], mode: node}'))).not.toBe(hash);
    expect(specHash(load())).not.toBe(hash);
  });
});

describe('what cannot be a fleet is refused:', () => {
  it.each([
    ['no nodes', () => load('fleet={}'), /fleet\.nodes: neither nodes nor an inventory \(write fleet\.nodes/],
    ['a selector over nothing', () => load('fleet={nodes: [a], selector: x=y}'), /selects from an inventory, and none/],
    [
      'an inventory that is not there',
      () => load('fleet.inventory=none.yaml'),
      /none\.yaml: cannot be read.*hps-bench inventory/,
    ],
    ['a node twice', () => load('fleet.nodes=[a, b, a]'), /names "a" twice/],
    [
      'a misspelt node',
      () => written('{inventory: nodes.json, nodes: [gpu-22]}'),
      /bench\.yaml:3:.*"gpu-22" is not in the inventory \(did you mean "gpu-2"/,
    ],
    [
      'an excluded node',
      () => written('{inventory: nodes.json, nodes: [gpu-9]}'),
      /"gpu-9" is excluded there: it is cordoned/,
    ],
    [
      'a selector that is none',
      () => written('{inventory: nodes.json, selector: "zone a"}'),
      /"zone a" is no requirement on labels; allowed: key=value/,
    ],
    [
      'a selector that selects nothing',
      () => written('{inventory: nodes.json, selector: zone=c}'),
      /no node of 4 is left \(labels there: zone\)/,
    ],
    [
      'other GPUs only',
      () => written('{inventory: nodes.json, nodes: [hopper]}'),
      /none of 1 nodes has the GPU A100-SXM4-80GB; they have H200 \(set cluster\.gpuProduct: H200\)/,
    ],
    ['a part that is none', () => load('fleet={nodes: [a], part: 2/1}'), /2\/1 is no part of 1 nodes/],
    [
      'too many pods',
      () => load(`fleet.nodes=[${Array.from({ length: 376 }, (_, i) => `n${i}`).join(',')}]`),
      /3008 pods would be in namespace hps-bench, and 3000 are allowed in one \(run it in 2 parts: --set fleet\.part=1\/2/,
    ],
    [
      'storage of one node',
      () => loadSpec({ preset: 'a100-page', set: ['fleet.nodes=[a, b]'] }),
      /cluster\.storage\.accessMode: "ReadWriteOnce" is for one node, and the fleet has 2/,
    ],
    [
      'a misspelt setting',
      () => load('fleet={nodes: [a], mod: gpu}'),
      /fleet\.mod: no such setting.*did you mean "mode"/,
    ],
  ])('%s', (_what, make, message) => {
    expect(refusal(make)).toMatch(message);
  });

  it('but one node may have storage of one node', () => {
    expect(nodesOf(loadSpec({ preset: 'a100-page', set: ['fleet.nodes=[a]'] }))).toEqual(['a:8']);
  });
});
