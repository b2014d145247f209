import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, keyOf, lineOf, sha256, type Channel, type LogRead, type UnitState } from './line.js';

export const SEGMENT = '.ndjson';
/** A segment is synced and another begun at this size. */
const LARGEST = 256 * 1024 * 1024;
/** Lines are handed to the system in pieces of about this size. */
const BATCH = 1024 * 1024;

/**
 * Appends to segments of its own in a run's evidence folder. Nothing that is there is ever changed, so that it may be killed
 * anywhere and several may collect the same run at once; a line that was not finished is not one (`reader.ts`).
 */
export class StoreWriter {
  private file: number | undefined;
  private written = 0;
  private batch: string[] = [];
  private length = 0;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** @param body `bodyOf(evidence)`, and its digest, where they are known already */
  evidence(
    unit: string,
    from: { readonly pod: string; readonly channel: Channel },
    evidence: { readonly id: string; readonly attempt: number; readonly text_sha256: string; readonly text: string },
    body = bodyOf(evidence),
    digest = sha256(body),
  ): void {
    const { pod, channel } = from;
    const head = { kind: 'evidence', unit, key: keyOf(evidence), text: evidence.text_sha256, pod, channel } as const;
    this.append(lineOf({ ...head, digest }, body));
  }

  unit(unit: string, state: UnitState): void {
    this.plain('unit', unit, state);
  }

  log(unit: string, log: LogRead): void {
    this.plain('log', unit, log);
  }

  /** Hands over what is in memory. @param synced waits until it is on the disk */
  flush(synced = false): void {
    if (this.length > 0) {
      const bytes = Buffer.from(this.batch.join(''));
      this.batch = [];
      this.length = 0;
      const file = (this.file ??= openSegment(this.folder));
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      this.written += bytes.length;
    }
    if (this.file !== undefined && synced) fsyncSync(this.file);
    if (this.written >= LARGEST) this.close();
  }

  close(): void {
    this.written = 0;
    this.flush(true);
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.written = 0;
  }

  private plain(kind: 'unit' | 'log', unit: string, value: UnitState | LogRead): void {
    const body = JSON.stringify(value);
    this.append(lineOf({ kind, unit, digest: sha256(body) }, body));
  }

  private append(line: string): void {
    this.batch.push(line);
    this.length += line.length;
    if (this.length >= BATCH) this.flush();
  }
}

/**
 * Named so that segments are read in the order in which they were begun, whatever the clock did meanwhile, and never as one
 * that is there.
 */
function openSegment(folder: string): number {
  const numbers = readdirSync(folder).flatMap((name) => /^(\d+)-.*\.ndjson$/.exec(name)?.[1] ?? []);
  const next = numbers.reduce((most, number) => Math.max(most, Number(number)), 0) + 1;
  const name = `${String(next).padStart(6, '0')}-${process.pid}-${randomBytes(4).toString('hex')}${SEGMENT}`;
  return openSync(join(folder, name), 'wx');
}
