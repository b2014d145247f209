import { defineConfig } from 'vitest/config';

/** The report's page in a real browser (Chromium). */
export default defineConfig({
  test: {
    include: ['test/page/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    maxWorkers: 1,
    reporters: ['verbose'],
  },
});
