import { createHash } from 'node:crypto';
import { plannedMeasurements, type Spec } from '../../../src/spec/index.js';
import { pieceOf, type Piece } from '../collect/evidence.js';

/** One GPU of a fleet: what its evidence says of where it is from, and how its latencies differ. */
export interface FleetGpu {
  readonly node: string;
  readonly uuid: string;
  /** Factor on the latencies of a measurement, by its id. */
  readonly factor: (id: string) => number;
}

export interface OfRun {
  readonly spec: Spec;
  readonly specHash: string;
  readonly runId: string;
}

/** What measure.py would leave on that GPU: real texts of perf_analyzer, their latencies and Triton's counters scaled alike. */
export function gpuPieces(run: OfRun, gpu: FleetGpu): Piece[] {
  return plannedMeasurements(run.spec).map((item) => {
    const sample = sampleOf(run.spec, item.variant, item.batch);
    const piece = pieceOf({ ...run, gpu: gpu.uuid }, item, sample);
    return scaled(piece, gpu, gpu.factor(item.id));
  });
}

/** The same sample for every repeat of a cell. */
function sampleOf({ variants, batches }: Spec, variant: string, batch: number): number {
  return variants.indexOf(variant) + batches.indexOf(batch) * variants.length;
}

interface Counter {
  readonly count: number;
  readonly ns: number;
}

function scaled({ key, text: original, evidence }: Piece, { node }: FleetGpu, factor: number): Piece {
  const text = scaledText(original, factor);
  const { environment, statistics } = evidence as {
    environment: object;
    statistics: { before: unknown; first: unknown; after: Record<string, Counter> };
  };
  const { success, compute_infer: infer } = statistics.after;
  if (success === undefined || infer === undefined) throw new Error('counters without success and compute_infer');
  const ns = Math.round(infer.ns * factor);
  const after = {
    ...statistics.after,
    compute_infer: { count: infer.count, ns },
    success: { count: success.count, ns: success.ns + ns - infer.ns },
  };
  return {
    key,
    text,
    evidence: {
      ...evidence,
      text_sha256: createHash('sha256').update(text).digest('hex'),
      environment: { ...environment, node, gpu_product: 'A100-SXM4-80GB' },
      statistics: { ...statistics, after },
    },
  };
}

/** perf_analyzer cuts to whole microseconds; all that comes after compute infer moves along with it. */
function scaledText(text: string, factor: number): string {
  const [, told] = /compute infer (\d+) usec/.exec(text) ?? [];
  const more = Math.floor(Number(told) * factor) - Number(told);
  const moved = (pattern: RegExp, from: string): string =>
    from.replaceAll(
      pattern,
      (_all, before: string, value: string, after: string) => `${before}${Number(value) + more}${after}`,
    );
  return [
    /(compute infer )(\d+)( usec)/g,
    /(Avg request latency: )(\d+)( usec)/g,
    /(Avg latency: )(\d+)( usec)/g,
    /(response wait )(\d+)( usec)/g,
    /(Avg HTTP time: )(\d+)( usec)/g,
    /(p\d\d latency: )(\d+)( usec)/g,
    /(infer\/sec, latency )(\d+)( usec)/g,
  ].reduce((now, pattern) => moved(pattern, now), text);
}
