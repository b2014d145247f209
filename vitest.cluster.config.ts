import { defineConfig } from 'vitest/config';

/** On a real control plane, with nodes of kwok. One file at a time: they share its GPUs. */
export default defineConfig({
  test: {
    include: ['test/cluster/*.test.ts', 'test/cluster/{rehearsal,collect,commands,fleet}/*.test.ts'],
    globalSetup: ['test/cluster/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    maxWorkers: 1,
    reporters: ['verbose'],
  },
});
