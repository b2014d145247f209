import { createHash } from 'node:crypto';
import type { Told } from './termination.js';

/** What is known of a piece of evidence without having it. */
interface Known {
  /** Digest of the evidence, half of it. */
  readonly digest: string;
  /** SHA-256 of perf_analyzer's text. */
  readonly text: string;
}

const DIGITS = 32;

/** The evidence of one unit (one measuring Job), by `<id>.a<attempt>`: what is there, and what contradicts itself. */
export class UnitBook {
  private readonly known = new Map<string, Known>();
  readonly contradictions = new Set<string>();

  /** @returns `new` for what is to be kept: evidence that is not there, or that contradicts what is */
  add(key: string, digest: string, text: string, from: string): 'new' | 'same' {
    const short = digest.slice(0, DIGITS);
    const before = this.known.get(key);
    if (before === undefined) {
      this.known.set(key, { digest: short, text });
      return 'new';
    }
    if (before.digest === short) return 'same';
    const line = `${key}: ${from} has other evidence (${short.slice(0, 12)}) than was found before (${before.digest.slice(0, 12)})`;
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
    const lines = [...this.known].map(([key, { text }]) => `${key} ${text}\n`).sort();
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
