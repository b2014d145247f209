import { createHash } from 'node:crypto';
import type { Evidence } from '../evidence.js';

/** Why the measurement could not be made at all; empty where perf_analyzer ended well. */
export function failuresOf(evidence: Evidence): string[] {
  const reasons: string[] = [];
  if (evidence.error !== null) reasons.push(evidence.error);
  if (createHash('sha256').update(evidence.text).digest('hex') !== evidence.text_sha256)
    reasons.push('the text does not have the digest written beside it: the evidence was changed or damaged');
  if (evidence.deadline_exceeded)
    reasons.push('perf_analyzer passed its deadline and was stopped (raise perfAnalyzer.deadlineSeconds)');
  else if (evidence.signal !== null) reasons.push(`perf_analyzer was ended by ${evidence.signal}`);
  else if (evidence.exit_code !== 0)
    reasons.push(`perf_analyzer ended with code ${String(evidence.exit_code)}${meaning(evidence.exit_code)}`);
  return reasons;
}

/** perf_analyzer's exit codes since 22.09. */
function meaning(code: number | null): string {
  if (code === 2) return ': the measurement did not become stable';
  if (code === 3) return ': no valid request within the window (use a longer one)';
  return '';
}
