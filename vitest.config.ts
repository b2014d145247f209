import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts', 'charts/**/*.test.ts', 'jobs/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
