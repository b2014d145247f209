import { hash } from 'node:crypto';

/** Where a piece of evidence was found. */
export type Channel = 'log' | 'volume';

/** What is known of a unit (one measuring Job) when it was last looked at. */
export interface UnitState {
  /** `ended`: all its pods have ended and every channel was asked. */
  readonly state: 'waiting' | 'running' | 'ended' | 'failed' | 'gone';
  readonly job: string;
  readonly node: string | null;
  readonly spec_hash: string;
  /** Said of a measurement of this unit that has no evidence. */
  readonly why: string;
  /** What a person would try first; null where there is nothing to mend. */
  readonly fix: string | null;
  /** Channels that contradict each other, a line each. */
  readonly contradictions: readonly string[];
}

/** One log as it was read, to hold against what the node has. */
export interface LogRead {
  readonly pod: string;
  readonly name: string;
  readonly container: string | null;
  readonly previous: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

interface Head {
  readonly kind: 'evidence' | 'unit' | 'log';
  readonly unit: string;
  /** SHA-256 of the body's text. */
  readonly digest: string;
}

/** The beginning of a line; what is optional is there with evidence. */
export interface LineHead extends Head {
  readonly key?: string;
  /** SHA-256 of perf_analyzer's text. */
  readonly text?: string;
  readonly pod?: string;
  readonly channel?: Channel;
}

export const sha256 = (text: string | Uint8Array): string => hash('sha256', text);

/** `<id>.a<attempt>`: what tells measurements of a unit apart. */
export const keyOf = (one: { readonly id: string; readonly attempt: number }): string => `${one.id}.a${one.attempt}`;

/**
 * The text of a piece of evidence that is the same by whichever channel it came: measure.py sorts the keys of both, and the
 * text, which a log has outside, is put last.
 */
export function bodyOf(evidence: Readonly<Record<string, unknown>> | { readonly text: string }): string {
  if (Object.keys(evidence).at(-1) === 'text') return JSON.stringify(evidence);
  const { text, ...others } = evidence as Readonly<Record<string, unknown>>;
  return JSON.stringify({ ...others, text });
}

/** A line of the store: head first, so that it can be read without the body. Ends in a line feed. */
export function lineOf(head: LineHead, body: string): string {
  const { kind, unit, key, text, pod, channel, digest } = head;
  return `${JSON.stringify({ kind, unit, key, text, pod, channel, digest }).slice(0, -1)},"body":${body}}\n`;
}
