import { defineConfig } from 'vitest/config';

/** Over real sockets with the real SDKs; one file at a time, because each sets the environment of its process. */
export default defineConfig({
  test: {
    include: ['test/integration/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
