import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fleetFiles, fleetText } from './render/index.js';
import { fleetReport, type FleetReport } from './report.js';
import { FleetSamples } from './samples.js';

interface Made {
  readonly nodes?: number;
  readonly gpus?: number;
  readonly repeats?: number;
  /** Factor on a GPU's latencies. @default all alike */
  readonly factor?: (node: number, gpu: number, repeat: number, batch: number) => number;
  readonly run?: string;
  readonly only?: readonly number[];
}

/** Spread of repeats of about half a percent, the same every time. */
const jitter = (...seed: readonly number[]): number =>
  Math.exp(0.005 * Math.sin(seed.reduce((sum, value, i) => sum + value * (12.9898 + 7.233 * i), 1) * 43.7));

function samplesOf({
  nodes = 6,
  gpus = 4,
  repeats = 3,
  factor = () => 1,
  run = 'run-1',
  only,
}: Made = {}): FleetSamples {
  const samples = new FleetSamples();
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const places = upTo(nodes)
    .filter((node) => only?.includes(node) ?? true)
    .flatMap((node) => upTo(gpus).map((gpu) => [node, gpu] as const));
  const cell = { variant: 'native_tf', concurrency: 1 };
  for (const batch of [32, 1024])
    for (const [node, gpu] of places)
      for (const repeat of upTo(repeats).map((i) => i + 1)) {
        const us = 10 * batch * factor(node, gpu, repeat, batch) * jitter(node, gpu, repeat, batch, run.length);
        samples.add({ ...cell, batch, node: `n${node}`, gpu: `G${node}-${gpu}`, repeat: `${run}/${repeat}`, us });
      }
  return samples;
}

function report(made: Made = {}, more: Partial<Parameters<typeof fleetReport>[0]> = {}): FleetReport {
  const { nodes = 6, gpus = 4 } = made;
  return fleetReport({
    ...{ samples: samplesOf(made), runs: ['run-1'], expected: 10, measured: 10, rerun: null, margin: 0.05 },
    nodes: Array.from({ length: nodes }, (_, i) => ({ name: `n${i}`, gpus })),
    ...more,
  });
}

const slowGpu: NonNullable<Made['factor']> = (node, gpu) => (node === 2 && gpu === 1 ? 1.1 : 1);
const found = ({ found: list }: FleetReport): unknown[] =>
  list.map(({ kind, node, gpus, finding }) => [kind, node, gpus.length, finding]);

describe('a fleet', () => {
  it('of GPUs that are alike passes', () => {
    expect(report()).toMatchObject({ verdict: 'pass', found: [], gpus: 24, nodes: 6 });
  });

  it('has no suspect where two repeats of three were disturbed, and one where all were', () => {
    const disturbed = (repeats: number) =>
      report({ factor: (node, gpu, repeat) => (node === 1 && gpu === 2 && repeat <= repeats ? 1.15 : 1) });
    expect(found(disturbed(2))).toEqual([]);
    expect(found(disturbed(3))).toEqual([['gpu', 'n1', 1, 'suspect']]);
  });

  it('names first what is slow in most cells', () => {
    const factor: Made['factor'] = (node, gpu, _repeat, batch) =>
      node === 1 && gpu === 1 && batch === 32 ? 1.3 : slowGpu(node, gpu, 1, batch);
    expect(report({ factor }).found.map(({ node, gpus }) => [node, gpus[0]?.deviations.length])).toEqual([
      ['n2', 2],
      ['n1', 1],
    ]);
  });

  it('with one slow GPU has one suspect, with its evidence', () => {
    const made = report({ factor: slowGpu });
    expect(found(made)).toEqual([['gpu', 'n2', 1, 'suspect']]);
    expect(made.verdict).toBe('suspects');
    const [deviation] = made.found[0]?.gpus[0]?.deviations ?? [];
    expect(deviation?.ratio).toBeCloseTo(1.1, 1);
    expect(deviation?.interval.low).toBeGreaterThan(1.05);
  });

  it('with a node of slow GPUs has the node for a suspect, not each of its GPUs', () => {
    expect(found(report({ factor: (node) => (node === 3 ? 1.1 : 1) }))).toEqual([['node', 'n3', 4, 'suspect']]);
  });

  it('does not suspect a GPU for one repeat of three that went wrong', () => {
    expect(found(report({ factor: (node, gpu, repeat) => (node + gpu + repeat === 3 ? 1.3 : 1) }))).toEqual([]);
  });

  it('suspects a GPU that is slow with large batches only', () => {
    const made = report({ factor: (node, gpu, _repeat, batch) => (batch > 100 ? slowGpu(node, gpu, 1, batch) : 1) });
    expect(made.found[0]?.gpus[0]?.deviations.map(({ cell }) => cell)).toEqual(['native_tf-b1024-c1']);
  });

  it('suspects nobody where a single repeat leaves no interval', () => {
    expect(found(report({ repeats: 1, factor: slowGpu }))).toEqual([]);
  });

  it('is incomplete where a GPU was not measured, and says on which node', () => {
    const made = report(
      {},
      {
        nodes: [
          { name: 'n0', gpus: 5 },
          { name: 'n9', gpus: 1 },
        ],
      },
    );
    expect(made).toMatchObject({
      verdict: 'incomplete',
      uncovered: [
        { node: 'n0', expected: 5, seen: 4 },
        { node: 'n9', expected: 1, seen: 0 },
      ],
    });
  });

  it('never suspects more GPUs with a wider margin', () => {
    const count = (margin: number): number =>
      report({ factor: (node, gpu) => 1 + (node + gpu) / 60 }, { margin }).found.length;
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        (margin, more) => {
          expect(report({ factor: slowGpu }, { margin: margin + more }).found.length).toBeLessThanOrEqual(
            report({ factor: slowGpu }, { margin }).found.length,
          );
        },
      ),
      { numRuns: 20 },
    );
    expect(count(0.01)).toBeGreaterThanOrEqual(count(0.05));
  });

  it('is judged alike in other units of time', () => {
    const scaled = report({ factor: (...of) => 1000 * slowGpu(...of) });
    expect(found(scaled)).toEqual(found(report({ factor: slowGpu })));
  });
});

describe('a re-run on the suspects’ nodes', () => {
  const rerun = (factor: Made['factor'], only: readonly number[] = [2]): FleetReport =>
    report(
      { factor: slowGpu },
      {
        rerun: {
          run: 'again',
          samples: samplesOf({ run: 'again', only, ...(factor === undefined ? {} : { factor }) }),
        },
      },
    );

  it('makes a suspect that is slow again defective, against the median of the whole fleet', () => {
    const made = rerun(slowGpu);
    expect(found(made)).toEqual([['gpu', 'n2', 1, 'defective']]);
    expect(made.verdict).toBe('defective');
  });

  it('clears one that is as fast as the others', () => {
    const made = rerun(() => 1);
    expect(found(made)).toEqual([['gpu', 'n2', 1, 'cleared']]);
    expect(made.verdict).toBe('pass');
  });

  it('leaves one a suspect that was not measured again', () => {
    expect(rerun(undefined, [5])).toMatchObject({ verdict: 'suspects', found: [{ finding: 'not measured again' }] });
  });
});

describe('its files', () => {
  const made = report({ factor: slowGpu });
  it('hold every GPU and cell, and what was found', () => {
    const files = fleetFiles(made);
    expect([...files.keys()]).toEqual(['fleet.html', 'fleet.md', 'fleet.csv', 'fleet.json']);
    expect(files.get('fleet.csv')?.trim().split('\r\n')).toHaveLength(1 + 2 * 24);
    expect(JSON.parse(files.get('fleet.json') ?? '')).toMatchObject({
      schema: 'hps-bench/fleet-report/1',
      verdict: 'suspects',
    });
    for (const name of ['fleet.html', 'fleet.md']) expect(files.get(name)).toContain('G2-1 on node n2');
    expect(files.get('fleet.html')?.match(/<rect x=/g)).toHaveLength(24);
  });

  it('escape what comes from outside', () => {
    const samples = new FleetSamples();
    samples.add({ node: '<b>', gpu: 'a|b"', repeat: '1', us: 1, variant: 'x', batch: 1, concurrency: 1 });
    const files = fleetFiles(report({}, { samples, nodes: [] }));
    expect(files.get('fleet.html')).not.toContain('<b>');
    expect(files.get('fleet.csv')).toContain('"a|b"""');
  });

  it('show the GPU in the map of the terminal', () => {
    expect(fleetText(made)).toMatch(/^n2 {2}\.[oX]\.\.$/m);
  });
});
