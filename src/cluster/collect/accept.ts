import { evidenceSchema } from '../../records/index.js';
import { bodyOf, keyOf, sha256, type Channel, type StoreWriter } from '../../results/store/index.js';
import type { UnitBook } from './unit-book.js';

/** Whose evidence is wanted. */
export interface Wanted {
  readonly unit: string;
  readonly runId: string;
  readonly specHash: string;
}

export interface From {
  readonly channel: Channel;
  /** uid of the pod it was found with. */
  readonly pod: string;
  /** Its name, for messages. */
  readonly name: string;
}

/**
 * Keeps a piece of evidence unless it is there already.
 * @param textDigest SHA-256 of its text, as computed from what came
 * @returns why it cannot be used; undefined where it can, or is known
 */
export function accept(
  document: Record<string, unknown>,
  wanted: Wanted,
  from: From,
  textDigest: string,
  book: UnitBook,
  writer: StoreWriter,
): string | undefined {
  const read = evidenceSchema.safeParse(document);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `is not evidence: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  }
  const evidence = read.data;
  if (evidence.run_id !== wanted.runId || evidence.spec_hash !== wanted.specHash)
    return `belongs to run ${evidence.run_id} of spec ${evidence.spec_hash}`;
  if (textDigest !== evidence.text_sha256) return 'its text does not have the digest beside it';
  // As it came, so that nothing is lost of evidence that says more than this release reads.
  const body = bodyOf(document);
  const digest = sha256(body);
  const key = keyOf(evidence);
  const { channel, pod } = from;
  const place = channel === 'log' ? `the log of pod ${from.name}` : 'the volume';
  if (book.add(key, digest, evidence.text_sha256, place) === 'new')
    writer.evidence(wanted.unit, { pod, channel }, evidence, body, digest);
  return undefined;
}
