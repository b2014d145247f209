import { medianInterval } from '../statistics/median-interval.js';
import { checkReportModel } from './check.js';
import { cellReasons } from './ledger-reasons.js';
import type { RepeatValue, ReportModel, ReportVariant } from './model.js';
import { ratioTwoDecimals } from './rounding.js';

/** How sure a median is. `interval`: it lies there with the probability `level`; `range`: too few repeats, least to greatest. */
export type Spread =
  { kind: 'interval'; low: number; high: number; level: number } | { kind: 'range'; low: number; high: number };

/** A cell with what its repeats say together. Microseconds, unrounded; `medianUs` is absent exactly when nothing was measured. */
export interface CellSummary {
  variant: ReportVariant;
  batch: number;
  /** The repeats whose `compute infer` is a finite number. */
  values: RepeatValue[];
  n: number;
  medianUs?: number;
  minUs?: number;
  maxUs?: number;
  /** Absent below two repeats. */
  spread?: Spread;
  /** Half the distance from low to high of the spread, in percent of the median. */
  halfWidthPercent?: number;
  /** Why a repeat of this cell has no valid measurement, from the ledger. */
  reasons: string[];
}

export interface RowSummary {
  batch: number;
  /** One for each variant, in column order. */
  cells: CellSummary[];
  /** Baseline / contender, from unrounded medians, two decimals; absent when one of them is missing or zero. */
  speedUp?: string;
}

export interface ReportSummary {
  rows: RowSummary[];
  baseline: ReportVariant;
  contender: ReportVariant;
  /** False when baseline and contender are the same variant: there is then nothing to compare. */
  comparable: boolean;
  /** True when a cell has more than one repeat, so that a spread can be shown. */
  repeated: boolean;
  anyHps: boolean;
}

/** Everything the outputs have in common. Throws what {@link checkReportModel} throws. */
export function summarise(model: ReportModel): ReportSummary {
  checkReportModel(model);
  const baseline = variantOf(model, model.baseline);
  const contender = variantOf(model, model.contender);
  const comparable = baseline.id !== contender.id;
  const rows = model.batches.map((batch) => {
    const cells = model.variants.map((variant) => summariseCell(model, variant, batch));
    const speedUp = comparable ? speedUpOf(cells, baseline.id, contender.id) : undefined;
    return speedUp === undefined ? { batch, cells } : { batch, cells, speedUp };
  });
  return {
    rows,
    baseline,
    contender,
    comparable,
    repeated: rows.some((row) => row.cells.some((cell) => cell.n > 1)),
    anyHps: model.variants.some((variant) => variant.hps),
  };
}

function summariseCell(model: ReportModel, variant: ReportVariant, batch: number): CellSummary {
  const cell = model.cells.find((candidate) => candidate.variant === variant.id && candidate.batch === batch);
  const values = (cell?.values ?? []).filter((value) => Number.isFinite(value.computeInferUs));
  const base = { variant, batch, values, n: values.length, reasons: cellReasons(model, variant.id, batch) };
  if (values.length === 0) return base;
  const { median, interval, range } = medianInterval(values.map((value) => value.computeInferUs));
  const measured = { ...base, medianUs: median, minUs: range.low, maxUs: range.high };
  if (values.length < 2) return measured;
  const spread: Spread = interval === null ? { kind: 'range', ...range } : { kind: 'interval', ...interval };
  const half = median > 0 ? { halfWidthPercent: ((spread.high - spread.low) / 2 / median) * 100 } : {};
  return { ...measured, spread, ...half };
}

/** Every cell, row by row. */
export function allCells(summary: ReportSummary): CellSummary[] {
  return summary.rows.flatMap((row) => row.cells);
}

function speedUpOf(cells: CellSummary[], baseline: string, contender: string): string | undefined {
  const above = cells.find((cell) => cell.variant.id === baseline)?.medianUs;
  const below = cells.find((cell) => cell.variant.id === contender)?.medianUs;
  if (above === undefined || below === undefined || below <= 0) return undefined;
  return ratioTwoDecimals(above, below);
}

function variantOf(model: ReportModel, id: string): ReportVariant {
  const found = model.variants.find((variant) => variant.id === id);
  if (found === undefined) throw new Error(`report model: no variant has the id ${JSON.stringify(id)}`);
  return found;
}

/** The heading of the speed-up column, as the page words it. */
export function speedUpHeading(summary: ReportSummary): string {
  return `Speedup - ${summary.contender.label} to ${summary.baseline.label}`;
}
