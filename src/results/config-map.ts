import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { parseRecords, ResultsError } from '../records/index.js';
import { resultSet, type KnownLedger, type ResultSet } from '../compare/result-set.js';

const texts = z.record(z.string(), z.string());
const configMapSchema = z.object({
  kind: z.literal('ConfigMap'),
  data: texts.optional(),
  binaryData: texts.optional(),
});
const ledgerSchema = z.object({
  expected: z.int().min(0),
  environment: z.object({ state: z.enum(['valid', 'invalid', 'not judged']), reason: z.string() }).optional(),
  entries: z.array(z.object({ id: z.string(), status: z.string(), reasons: z.array(z.string()) })),
});

/** Whether a parsed file is a Kubernetes object and not something else; which kind is told apart later. */
export function isKubernetesObject(value: unknown): value is { kind: unknown } {
  return typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value;
}

/**
 * A run from its results ConfigMap, as `kubectl get configmap results-<run> -o yaml` prints it. It says nothing of the
 * spec but its hash.
 * @throws ResultsError if it is another object, or has no records
 */
export function fromConfigMap(source: string, value: unknown): ResultSet {
  const result = configMapSchema.safeParse(value);
  if (!result.success)
    throw new ResultsError(
      `${source}: is a Kubernetes object of kind ${JSON.stringify((value as { kind?: unknown }).kind)}, wanted one ConfigMap results-<run> (kubectl get configmap results-<run> -o yaml)`,
    );
  const text = textOf(result.data, 'records.ndjson');
  if (text === undefined)
    throw new ResultsError(
      `${source}: this ConfigMap has no records.ndjson; it has ${keys(result.data)} (wanted results-<run>; where its status.json notes that the records did not fit, take them from the volume)`,
    );
  const ledgerText = textOf(result.data, 'ledger.json');
  return resultSet(source, parseRecords(`${source}: records.ndjson`, text), {
    ledger: ledgerText === undefined ? undefined : ledgerOf(source, ledgerText),
  });
}

function ledgerOf(source: string, text: string): KnownLedger {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ResultsError(`${source}: its ledger.json is not JSON: ${(error as Error).message}`);
  }
  const ledger = ledgerSchema.safeParse(parsed);
  if (!ledger.success) throw new ResultsError(`${source}: its ledger.json is no ledger of this release`);
  return {
    expected: ledger.data.expected,
    environment: ledger.data.environment,
    lacking: ledger.data.entries.filter((entry) => entry.status !== 'measured'),
  };
}

type ConfigMap = z.infer<typeof configMapSchema>;

/** Large texts are stored packed, under `<key>.gz`. */
function textOf(map: ConfigMap, key: string): string | undefined {
  const packed = map.binaryData?.[`${key}.gz`];
  return packed === undefined ? map.data?.[key] : gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
}

function keys(map: ConfigMap): string {
  return [...Object.keys(map.data ?? {}), ...Object.keys(map.binaryData ?? {})].join(', ') || 'no keys';
}
