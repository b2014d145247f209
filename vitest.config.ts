import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts', 'charts/**/*.test.ts', 'jobs/**/*.test.ts'],
    testTimeout: 30_000,
    // Most of the time would go into loading the same modules for each file; no test changes what they hold.
    isolate: false,
    // By default one core is left alone, which on two makes it one file at a time.
    maxWorkers: '100%',
  },
});
