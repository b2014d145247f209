/** What measure.py says in its termination message (jobs/hpsb_termination.py): the channel that every pod list brings. */
import { mainOf, type Pod } from './pod.js';

export interface Words {
  /** Why it ended; the whole message where it is not the kit's JSON (the kubelet's fallback: last lines of the log). */
  readonly reason: string;
  /** Evidence files on the volume when it ended, and the digest of them all; undefined where it does not say. */
  readonly told: Told | undefined;
}

export interface Told {
  readonly evidence: number;
  readonly digest: string;
}

export function wordsOf(message: string): Words {
  try {
    const said = JSON.parse(message) as { reason?: unknown; evidence?: unknown; digest?: unknown } | null;
    const { reason, evidence, digest } = said ?? {};
    const told = typeof evidence === 'number' && typeof digest === 'string' ? { evidence, digest } : undefined;
    return { reason: typeof reason === 'string' ? reason : told === undefined ? message.trim() : '', told };
  } catch {
    return { reason: message.trim(), told: undefined };
  }
}

/** What the last instance of the measuring container told at its end; undefined while it runs, or where that is lost. */
export function toldBy(pod: Pod): Told | undefined {
  const main = mainOf(pod);
  return wordsOf((main?.state?.terminated ?? main?.lastState?.terminated)?.message ?? '').told;
}
