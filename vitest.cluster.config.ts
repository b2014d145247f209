import { defineConfig } from 'vitest/config';

/** On real control planes with nodes of kwok, one for each worker (setup.ts). Most of the time is spent waiting. */
export default defineConfig({
  test: {
    include: ['test/cluster/*.test.ts', 'test/cluster/{rehearsal,collect,commands,fleet}/*.test.ts'],
    globalSetup: ['test/cluster/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 3,
    reporters: ['verbose'],
  },
});
