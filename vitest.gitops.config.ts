import { defineConfig } from 'vitest/config';

/** With the real Argo CD, in a network of its own: started by `npm run test:gitops`. */
export default defineConfig({
  test: {
    include: ['test/cluster/gitops/*.test.ts'],
    globalSetup: ['test/cluster/gitops/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    maxWorkers: 1,
    reporters: ['verbose'],
  },
});
