import { defineConfig } from 'vitest/config';

/** The long suite: real TensorFlow, real Triton, real perf_analyzer. One file at a time, the machine is shared. */
export default defineConfig({
  test: {
    include: ['test/local/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    maxWorkers: 1,
    maxConcurrency: 2,
    reporters: ['verbose'],
  },
});
