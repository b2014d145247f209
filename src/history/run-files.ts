import { z } from 'zod';
import { RUN_SCHEMA } from '../results/index.js';

/** What is shown of a run.json. Looser than what opens a run: the spec of an older release may lack, or have, other keys. */
const runFacts = z.object({
  schema: z.literal(RUN_SCHEMA),
  run_id: z.string(),
  spec_hash: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  spec: z.looseObject({ name: z.string(), variants: z.array(z.string()), batches: z.array(z.int()) }),
});
export type RunFacts = z.infer<typeof runFacts>;

const count = z.int().min(0);
const ledgerCounts = z.object({
  schema: z.literal('hps-bench/ledger/1'),
  expected: count,
  measured: count,
  invalid: count,
  failed: count,
  missing: count,
});
export type LedgerCounts = z.infer<typeof ledgerCounts>;

/** run.json; undefined where it is none, which is then named. */
export function parseRun(path: string, text: string, passedOver: string[]): RunFacts | undefined {
  return parse(runFacts, path, text, passedOver);
}

/** ledger.json; undefined where it is none, which is then named. */
export function parseLedger(path: string, text: string, passedOver: string[]): LedgerCounts | undefined {
  return parse(ledgerCounts, path, text, passedOver);
}

function parse<T>(schema: z.ZodType<T>, path: string, text: string, passedOver: string[]): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    passedOver.push(`${path}: is torn or no JSON: ${(error as Error).message}`);
    return undefined;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  passedOver.push(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is of another kind'}`);
  return undefined;
}
