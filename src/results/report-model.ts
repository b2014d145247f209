import { countByStatus, type Ledger, type LedgerEntry } from '../ledger/index.js';
import type { Evidence, MeasurementRecord } from '../records/index.js';
import type {
  RepeatValue,
  ReportAnchor,
  ReportCell,
  ReportModel,
  ReportParity,
  ReportValidity,
  ReportVerdict,
} from '../report/index.js';
import { torchNote, variantLabel } from '../dlrm/label.js';
import { cellsOf, variantOf, type Spec } from '../spec/index.js';
import { environmentLines, type Witness } from './environment.js';
import type { Parity } from './parity.js';
import type { RunFolder } from './run-folder.js';

type LoadMode = Spec['perfAnalyzer']['mode'];

/** A run, wherever its records are. */
export type ReportedRun = Pick<RunFolder, 'runId' | 'spec' | 'specHash' | 'createdAt'>;

export interface ReportExtras {
  /** What measure.py found when it compared the variants' scores; left out: not compared yet. */
  readonly parity?: Parity | undefined;
  /** Whether Triton had a GPU. @default false, as on one machine without one */
  readonly gpu?: boolean;
  readonly validity?: ReportValidity;
  readonly verdict?: ReportVerdict;
  readonly anchors?: readonly ReportAnchor[];
}

/** What a report says of a run, from its records alone. */
export function reportModel(
  run: ReportedRun,
  ledger: Ledger,
  evidence: readonly (Pick<Evidence, 'ended_at'> & Witness)[],
  { parity, gpu = false, ...rest }: ReportExtras = {},
): ReportModel {
  const { spec } = run;
  const last = evidence.reduce((latest, item) => (item.ended_at > latest ? item.ended_at : latest), run.createdAt);
  return {
    title: 'Benchmark of the DLRM model',
    runId: run.runId,
    specHash: run.specHash,
    // The last measurement's time, not now: the same records always make the same report.
    generatedAt: last,
    variants: spec.variants.map((id) => variantColumn(spec, id, gpu)),
    batches: spec.batches,
    concurrency: spec.concurrency,
    baseline: spec.variants[0] ?? '',
    contender: spec.variants.at(-1) ?? '',
    metric: 'compute infer',
    cells: cellsOf(spec).map((cell) => reportCell(cell, ledger.entries, spec.perfAnalyzer.mode)),
    ledger: {
      expected: ledger.entries.length,
      ...countByStatus(ledger),
      entries: ledger.entries.map(({ planned, status, reasons }) => ({
        id: planned.id,
        status,
        reasons: [...reasons],
        cell: { variant: planned.variant, batch: planned.batch },
      })),
    },
    ...(parity === undefined ? {} : { parity: reportParity(parity) }),
    ...rest,
    environment: environmentLines(spec, evidence),
    notes: notesOf(run),
  };
}

function variantColumn(spec: Spec, id: string, gpu: boolean): ReportModel['variants'][number] {
  const { hps } = variantOf(id);
  const label = variantLabel(spec, id);
  const torch = torchNote(spec, id);
  if (torch !== undefined) return { id, label, hps, note: torch };
  if (gpu) return { id, label, hps };
  const notes: Record<string, string> = {
    native_tf:
      "TensorFlow SavedModel through Triton's python backend on the CPU; on a cluster Triton's TensorFlow backend serves the same file.",
    onnx_cpu: "Table gather with NumPy and the dense part in ONNX Runtime through Triton's python backend, on the CPU.",
  };
  const note = notes[id];
  return { id, label: id === 'native_tf' ? 'Native TF (CPU)' : label, hps, ...(note === undefined ? {} : { note }) };
}

function reportCell(
  cell: { variant: string; batch: number },
  entries: readonly LedgerEntry[],
  mode: LoadMode,
): ReportCell {
  const values = entries.flatMap(({ planned, status, record }) =>
    planned.variant === cell.variant && planned.batch === cell.batch && status === 'measured' && record !== undefined
      ? repeatValue(record, mode)
      : [],
  );
  return { variant: cell.variant, batch: cell.batch, values };
}

/**
 * Samples answered per second. perf_analyzer stretches the one window of a fixed number of requests to its next look at the
 * clock (a second or more later for slow requests), so its throughput is too low there; with a constant number of requests
 * in flight the rate is concurrency / mean latency (Little's law).
 */
export function samplesPerSecond(record: MeasurementRecord, mode: LoadMode): number | undefined {
  const { printed } = record;
  if (mode === 'request_count')
    return printed?.client_avg_us == null || printed.client_avg_us <= 0
      ? undefined
      : (record.concurrency * record.batch * 1e6) / printed.client_avg_us;
  return printed?.throughput == null ? undefined : printed.throughput * record.batch;
}

function repeatValue(record: MeasurementRecord, mode: LoadMode): RepeatValue[] {
  const { server, printed, cold_us: coldUs, repeat } = record;
  if (server?.compute_infer_us == null) return [];
  const optional = {
    samplesPerSecond: samplesPerSecond(record, mode),
    clientAvgUs: printed?.client_avg_us,
    p50Us: printed?.p50_us,
    p90Us: printed?.p90_us,
    p99Us: printed?.p99_us,
    requests: printed?.client_requests,
    coldUs,
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value != null));
  const initialises = coldUs != null && record.cold_initialises === true ? { coldInitialises: true } : {};
  return [{ repeat, computeInferUs: server.compute_infer_us, ...known, ...initialises }];
}

function reportParity(parity: Parity): ReportParity {
  return {
    reference: parity.reference,
    requests: parity.requests,
    limit: parity.limit,
    rows: parity.rows.map((row) => ({
      variant: row.variant,
      maxAbsDifference: row.max_abs_difference,
      scoreMin: row.score_min,
      scoreMax: row.score_max,
    })),
  };
}

function notesOf(run: ReportedRun): string[] {
  return [
    "Each figure is the mean server-side compute infer of one perf_analyzer process, as the difference of Triton's statistics endpoint; perf_analyzer's own figure agrees to 1 µs.",
    ...(run.spec.perfAnalyzer.mode === 'request_count'
      ? ['Samples/s is concurrency x batch / client mean latency: the requests in flight are constant.']
      : []),
  ];
}
