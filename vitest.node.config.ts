import { defineConfig } from 'vitest/config';

/** On a real node, in namespaces of its own: started by `npm run test:node`. */
export default defineConfig({
  test: {
    include: ['test/cluster/node/**/*.test.ts'],
    globalSetup: ['test/cluster/node/setup.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    maxWorkers: 1,
    reporters: ['verbose'],
  },
});
