import { join } from 'node:path';
import { EVIDENCE_SCHEMA, readEvidence, ResultsError, type Evidence } from '../records/index.js';
import { readStore, type UnitState } from './store/index.js';

/** One piece of evidence of a run, and the unit it is of. */
export interface FoundEvidence {
  /** Null in a run on this machine, which has no units. */
  readonly unit: string | null;
  readonly evidence: Evidence;
  /** Another piece says it is of the same measurement, and is not the same: neither can be used. */
  readonly contradicted: boolean;
}

/** A piece of evidence without itself. */
export interface Piece {
  /** Of the whole piece, half of the digits: enough to tell any two of a run apart. */
  readonly digest: string;
  /** SHA-256 of perf_analyzer's text. */
  readonly text: string;
}

/** What is in a run's evidence folder, but for the evidence itself. */
export interface EvidenceIndex {
  /** Units in the order of their names; none in a run on this machine. */
  readonly units: ReadonlyMap<string, UnitState>;
  /** Pieces of evidence of each unit by `<id>.a<attempt>`; more than one is a contradiction. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, readonly Piece[]>>;
  /** Lines of the store that are not as they were written, each with its place. */
  readonly damaged: readonly string[];
}

const DIGITS = 32;

/** Reads the heads of the store's lines: memory grows with the number of measurements, not with their texts. */
export function indexEvidence(folder: string): EvidenceIndex {
  const units = new Map<string, UnitState>();
  const keys = new Map<string, Map<string, Piece[]>>();
  const damaged: string[] = [];
  for (const line of readStore(join(folder, 'evidence'))) {
    if ('damaged' in line) {
      damaged.push(line.damaged);
      continue;
    }
    const { kind, unit, key = '', text = '', digest: whole } = line.head;
    if (kind === 'unit') units.set(unit, JSON.parse(line.body.toString('utf8')) as UnitState);
    if (kind !== 'evidence') continue;
    const known = keys.get(unit) ?? new Map<string, Piece[]>();
    if (known.size === 0) keys.set(unit, known);
    const pieces = known.get(key) ?? [];
    const digest = whole.slice(0, DIGITS);
    if (!pieces.some((piece) => piece.digest === digest)) known.set(key, [...pieces, { digest, text }]);
  }
  return { units: new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1))), keys, damaged };
}

/**
 * Every piece of evidence of a run once, wherever it lies: in files (a run on this machine) and in the store's segments (a
 * run on a cluster). Memory holds one piece of the store at a time.
 * @throws ResultsError naming the file or line that is no evidence of this schema
 */
export function* evidenceOf(folder: string, index = indexEvidence(folder)): Generator<FoundEvidence> {
  for (const evidence of readEvidence(join(folder, 'evidence'))) yield { unit: null, evidence, contradicted: false };
  const given = new Map<string, Set<string>>();
  for (const line of readStore(join(folder, 'evidence'))) {
    if ('damaged' in line || line.head.kind !== 'evidence') continue;
    const { unit, key = '', digest } = line.head;
    const seen = given.get(unit) ?? new Set();
    if (seen.size === 0) given.set(unit, seen);
    const once = `${key} ${digest.slice(0, DIGITS)}`;
    if (seen.has(once)) continue;
    seen.add(once);
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
