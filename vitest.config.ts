import { defineConfig } from 'vitest/config';

/** `unit` is what `npm run check` runs; the others need programs, a browser or a server and run with `npm test`. */
export default defineConfig({
  test: {
    // Many of the tests wait for programs that they started: more workers than cores keep both cores busy.
    maxWorkers: 4,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{firmware-protocol,edge-agent,broker,cloud-api}/src/**/*.test.ts', 'dashboards/*/**/*.test.ts'],
          exclude: ['**/*.database.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'database',
          include: ['cloud-api/src/**/*.database.test.ts'],
          globalSetup: ['tests/harness/postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/{journeys,faults,conformance}/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
