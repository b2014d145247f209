/**
 * What keeps a measuring pod from its result, in the cluster's own words, and what a person would try first. One table: the
 * first row that fits is the answer. Pure.
 */
import type { Pod } from '../pod.js';
import { CLUSTER } from './cluster.js';
import { factsOf, type Row } from './facts.js';
import type { Failure } from './kinds.js';
import { PROGRAMS } from './programs.js';
import { START } from './start.js';

export type { Failure, FailureKind } from './kinds.js';
export { fixOfReason } from './reasons.js';

const ROWS: readonly Row[] = [...CLUSTER, ...START, ...PROGRAMS];

/** Why a pod has no (whole) result yet, or never will; undefined where nothing is wrong with it. */
export function failureOf(pod: Pod): Failure | undefined {
  if (pod.status?.phase === 'Succeeded') return undefined;
  const facts = factsOf(pod);
  const waiting = pod.status?.phase !== 'Failed';
  const row = ROWS.find(({ fits }) => fits(facts));
  if (row !== undefined) return { kind: row.kind, what: oneLine(row.what(facts)), fix: row.fix, waiting };
  if (waiting && (facts.ended?.exitCode ?? 0) === 0) return undefined;
  const code = facts.ended === undefined ? '' : ` (code ${facts.ended.exitCode})`;
  const what = [facts.reason, facts.sentence, facts.said].filter(Boolean).join(': ') || 'ended without a word';
  return { kind: 'unknown', what: oneLine(`${what}${code}`), fix: 'look at it with kubectl describe pod', waiting };
}

/** Messages of kubelets and programs have line feeds; a person gets one line. */
function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= 400 ? flat : `${flat.slice(0, 200)} … ${flat.slice(-180)}`;
}
