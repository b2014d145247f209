import { join } from 'node:path';
import { EVIDENCE_SCHEMA, readEvidence, ResultsError, type Evidence } from '../records/index.js';
import { isSame, oneString, pieceOf, readStore, type Piece, type UnitState } from './store/index.js';

/** One piece of evidence of a run, and the unit it is of. */
export interface FoundEvidence {
  /** Null in a run on this machine, which has no units. */
  readonly unit: string | null;
  readonly evidence: Evidence;
  /** Another piece says it is of the same measurement, and is not the same: neither can be used. */
  readonly contradicted: boolean;
}

/** What is in a run's evidence folder, but for the evidence itself. */
export interface EvidenceIndex {
  /** Units in the order of their names; none in a run on this machine. */
  readonly units: ReadonlyMap<string, UnitState>;
  /** Pieces of evidence of each unit by `<id>.a<attempt>`; more than one is a contradiction. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, readonly Piece[]>>;
  /** Units of which some piece is there twice, as where two collected at once. */
  readonly repeated: ReadonlySet<string>;
  /** Lines of the store that are not as they were written, each with its place. */
  readonly damaged: readonly string[];
}

/** Reads the heads of the store's lines: memory grows with the number of measurements, not with their texts. */
export function indexEvidence(folder: string): EvidenceIndex {
  const units = new Map<string, UnitState>();
  const keys = new Map<string, Map<string, readonly Piece[]>>();
  const repeated = new Set<string>();
  const damaged: string[] = [];
  for (const line of readStore(join(folder, 'evidence'))) {
    if ('damaged' in line) {
      damaged.push(line.damaged);
      continue;
    }
    const { kind, unit, key = '', text = '', digest } = line.head;
    if (kind === 'unit') units.set(unit, JSON.parse(line.body.toString('utf8')) as UnitState);
    if (kind !== 'evidence') continue;
    const known = keys.get(unit) ?? new Map<string, readonly Piece[]>();
    if (known.size === 0) keys.set(unit, known);
    const piece = pieceOf(digest, text);
    const pieces = known.get(key);
    if (pieces?.some((one) => isSame(one, piece)) === true) repeated.add(unit);
    else known.set(oneString(key), pieces === undefined ? [piece] : [...pieces, piece]);
  }
  return { units: new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1))), keys, repeated, damaged };
}

/**
 * Every piece of evidence of a run once, wherever it lies: in files (a run on this machine) and in the store's segments (a
 * run on a cluster). Memory holds one piece of the store at a time.
 * @throws ResultsError naming the file or line that is no evidence of this schema
 */
export function* evidenceOf(folder: string, index = indexEvidence(folder)): Generator<FoundEvidence> {
  for (const evidence of readEvidence(join(folder, 'evidence'))) yield { unit: null, evidence, contradicted: false };
  const given = new Set<string>();
  for (const line of readStore(join(folder, 'evidence'))) {
    if ('damaged' in line || line.head.kind !== 'evidence') continue;
    const { unit, key = '', digest } = line.head;
    if (index.repeated.has(unit)) {
      const once = `${unit} ${key} ${pieceOf(digest, '')}`;
      if (given.has(once)) continue;
      given.add(once);
    }
    const contradicted = (index.keys.get(unit)?.get(key)?.length ?? 1) > 1;
    yield { unit, evidence: parse(line.body, `${unit}, ${key}`), contradicted };
  }
}

/** What is in the store was checked when it was put there, and its digest says that it is the same. */
function parse(body: Buffer, where: string): Evidence {
  const evidence = JSON.parse(body.toString('utf8')) as Evidence;
  const { schema } = evidence as { schema: string };
  if (schema === EVIDENCE_SCHEMA) return evidence;
  throw new ResultsError(
    `${where}: has schema ${JSON.stringify(schema)}, this release reads ${EVIDENCE_SCHEMA} (use the release that wrote it)`,
  );
}
