import { ClusterError } from '../cluster/client/errors.js';
import { RefusedError } from '../cluster/refused.js';
import { QueryError } from '../history/query-error.js';
import { EnvironmentError, EXIT, InterruptedError } from '../local/index.js';
import { ResultsError } from '../records/index.js';
import { SpecError } from '../spec/index.js';

/** Says on stderr what went wrong and returns the exit code for it. A fault of the kit itself shows its stack. */
export function explain(error: unknown): number {
  if (error instanceof SpecError || error instanceof ResultsError || error instanceof QueryError) {
    console.error(error.message);
    return EXIT.badInput;
  }
  if (error instanceof RefusedError) {
    console.error(`hps-bench: ${error.message}`);
    return EXIT.badInput;
  }
  if (error instanceof EnvironmentError) {
    console.error(`hps-bench: ${error.message}`);
    return EXIT.environment;
  }
  if (error instanceof ClusterError) {
    console.error(`hps-bench: ${error.message}`);
    return error.kind === 'config' ? EXIT.badInput : EXIT.environment;
  }
  if (error instanceof InterruptedError) {
    console.error(`hps-bench: ${error.message}; start again to go on`);
    return error.exitCode;
  }
  const refusal = systemRefusal(error);
  if (refusal !== undefined) {
    console.error(`hps-bench: ${refusal}`);
    return EXIT.environment;
  }
  console.error('hps-bench: a fault of the program itself, please report it:');
  console.error(error);
  return 70;
}

/** What the operating system says no with, and what a person does about it. */
const REFUSALS: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or give --results a folder on a larger disk'],
  EDQUOT: ['the disk quota is used up', 'free some space, or give --results a folder on another disk'],
  EROFS: ['the file system is read-only', 'give --results a folder that can be written'],
  EACCES: ['permission denied', 'give --results a folder of yours, or mend its permissions'],
  EPERM: ['operation not permitted', 'give --results a folder of yours, or mend its permissions'],
  ENOTDIR: ['a file stands where a folder is needed', 'move it away, or give --results another folder'],
  EMFILE: ['too many open files', 'raise the limit (ulimit -n)'],
  ENFILE: ['too many open files on this machine', 'end some programs'],
};

/** The message for an error of the operating system that the person can mend; undefined for any other error. */
export function systemRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const known = REFUSALS[error.code];
  if (known === undefined) return undefined;
  const [what, fix] = known;
  const path = 'path' in error && typeof error.path === 'string' ? `${error.path}: ` : '';
  const during = 'syscall' in error && typeof error.syscall === 'string' ? ` (${error.code} in ${error.syscall})` : '';
  return `${path}${what}${during}\n  ${fix}`;
}
