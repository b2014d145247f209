import type { ReportModel } from './model.js';

/** Refuses a model that no table can show truthfully: the error says what, where, which value and what is allowed. */
export function checkReportModel(model: ReportModel): void {
  const ids = model.variants.map((variant) => variant.id);
  const known = new Set(ids);
  const allowed = `allowed: ${ids.join(', ') || '(no variants)'}`;
  if (ids.length === 0) fail('variants', '[]', 'at least one variant');
  if (model.batches.length === 0) fail('batches', '[]', 'at least one batch size');
  unique('variants', ids);
  unique('batches', model.batches);
  for (const batch of model.batches) {
    if (!Number.isInteger(batch) || batch < 1) fail('batches', batch, 'whole numbers of samples, 1 or more');
  }
  for (const field of ['baseline', 'contender'] as const) {
    if (!known.has(model[field])) fail(field, model[field], `an id from variants (${allowed})`);
  }
  const batches = new Set(model.batches);
  for (const cell of model.cells) {
    if (!known.has(cell.variant)) fail('cells[].variant', cell.variant, `an id from variants (${allowed})`);
    if (!batches.has(cell.batch)) fail('cells[].batch', cell.batch, `one of batches: ${model.batches.join(', ')}`);
  }
  unique(
    'cells',
    model.cells.map((cell) => `${cell.variant} at batch ${cell.batch}`),
  );
  const { expected, measured, invalid, failed, missing } = model.ledger;
  if (measured + invalid + failed + missing !== expected) {
    fail(
      'ledger.expected',
      expected,
      `measured + invalid + failed + missing = ${measured + invalid + failed + missing}`,
    );
  }
  if (Number.isNaN(Date.parse(model.generatedAt))) fail('generatedAt', model.generatedAt, 'an ISO 8601 instant');
}

function unique(where: string, values: readonly (string | number)[]): void {
  const seen = new Set<string | number>();
  for (const value of values) {
    if (seen.has(value)) fail(where, value, 'each value once; merge the two or rename one');
    seen.add(value);
  }
}

function fail(where: string, value: string | number, allowed: string): never {
  throw new Error(`report model: ${where} is ${JSON.stringify(value)}, but must be ${allowed}`);
}
