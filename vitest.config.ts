import { defineConfig } from 'vitest/config';

// Tests import `#src/…`, which Node resolves to the built `dist/…`: what is tested is what ships, workers included.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\//] } },
  },
});
