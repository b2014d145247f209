import { createHash } from 'node:crypto';
import { digestOf, isSame, oneString, pieceOf, textOf, type Piece } from '../../results/store/index.js';
import type { Told } from './termination.js';

/** The evidence of one unit (one measuring Job), by `<id>.a<attempt>`: what is there, and what contradicts itself. */
export class UnitBook {
  private readonly known = new Map<string, Piece>();
  readonly contradictions = new Set<string>();

  /** @returns `new` for what is to be kept: evidence that is not there, or that contradicts what is */
  add(key: string, digest: string, text: string, from: string): 'new' | 'same' {
    return this.put(key, pieceOf(digest, text), from);
  }

  /** As `add`. */
  put(key: string, piece: Piece, from: string): 'new' | 'same' {
    const before = this.known.get(key);
    if (before === undefined) {
      this.known.set(oneString(key), piece);
      return 'new';
    }
    if (isSame(before, piece)) return 'same';
    const [now, then] = [piece, before].map((one) => digestOf(one).slice(0, 12)) as [string, string];
    const line = `${key}: ${from} has other evidence (${now}) than was found before (${then})`;
    if (this.contradictions.has(line)) return 'same';
    this.contradictions.add(line);
    return 'new';
  }

  get size(): number {
    return this.known.size;
  }

  has(key: string): boolean {
    return this.known.has(key);
  }

  keys(): string[] {
    return [...this.known.keys()];
  }

  /** Digest of all of it as jobs/hpsb_evidence.py computes it: SHA-256 of the sorted lines `<id>.a<attempt> <text_sha256>`. */
  digest(): string {
    const lines = [...this.known].map(([key, piece]) => `${key} ${textOf(piece)}\n`).sort();
    return createHash('sha256').update(lines.join('')).digest('hex');
  }

  /** Whether it is exactly what measure.py said it left on the volume. */
  matches(told: Told | undefined): boolean {
    return told !== undefined && told.evidence === this.known.size && told.digest === this.digest();
  }

  /** Whether every one of these measurements has evidence of at least one attempt. */
  covers(ids: readonly string[]): boolean {
    const there = new Set([...this.known.keys()].map((key) => key.slice(0, key.lastIndexOf('.a'))));
    return ids.every((id) => there.has(id));
  }
}
