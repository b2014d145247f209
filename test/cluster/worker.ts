import { inject } from 'vitest';
import type { Access } from './access.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A cluster for each worker of the test run. */
    clusters: readonly Access[];
  }
}

/** The cluster of this worker alone: test files that run at the same time share no node, no name and no GPU. */
export function ownCluster(): Access {
  const worker = Number(process.env['VITEST_POOL_ID']);
  const access = inject('clusters')[worker - 1];
  if (access === undefined) throw new Error(`no cluster for worker ${worker}: the suite's setup started too few`);
  return access;
}
