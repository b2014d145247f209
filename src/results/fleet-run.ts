import type { FleetSamples } from '../fleet/index.js';
import { ResultsError, type MeasurementRecord } from '../records/index.js';
import { contentKey, fleetNodes, podsOnNode } from '../spec/index.js';
import { indexEvidence } from './run-evidence.js';
import type { RunFolder } from './run-folder.js';
import { judgeUnits } from './run-ledger.js';

/** A fleet's run as its evidence has it. */
export interface FleetRun {
  readonly runId: string;
  readonly expected: number;
  readonly measured: number;
  readonly nodes: readonly { readonly name: string; readonly gpus: number }[];
  /** Alike for runs whose figures may be held against each other: namespace and nodes may differ. */
  readonly comparable: string;
}

/**
 * Reads what a fleet's run measured into `samples`, a piece of evidence at a time.
 * @throws ResultsError where the run is no fleet's
 */
export function readFleet(run: RunFolder, samples: FleetSamples): FleetRun {
  const { fleet, cluster } = run.spec;
  if (fleet === undefined)
    throw new ResultsError(
      `${run.path}: run ${run.runId} is no fleet's: its spec has no fleet (hps-bench report reads it)`,
    );
  const seen = new Set<string>();
  const { expected, counts } = judgeUnits(run, indexEvidence(run.path), (record) => {
    const once = `${record.unit ?? ''} ${record.id}`;
    const us = record.server?.compute_infer_us ?? null;
    if (record.status !== 'measured' || record.role === 'canary' || us === null || us <= 0 || seen.has(once)) return;
    seen.add(once);
    const { variant, batch, concurrency } = record;
    samples.add({ ...placeOf(record), variant, batch, concurrency, us, repeat: `${run.runId}/${record.repeat}` });
  });
  const where = { ...cluster, runId: undefined, namespace: undefined };
  return {
    ...{ runId: run.runId, expected, measured: counts.measured },
    nodes: fleetNodes(fleet).map((node) => ({ name: node.name, gpus: podsOnNode(fleet, node) })),
    comparable: contentKey({ ...run.spec, cluster: where, fleet: { mode: fleet.mode }, gitops: undefined }),
  };
}

/** By the evidence, else by the unit's name: `node.number`. */
function placeOf({ environment, unit }: MeasurementRecord): { node: string; gpu: string } {
  const name = unit ?? 'unknown';
  return { node: environment?.node ?? name.replace(/\.\d+$/, ''), gpu: environment?.gpu_uuid ?? name };
}
