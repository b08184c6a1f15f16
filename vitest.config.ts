import { defineConfig } from 'vitest/config';

const setupFiles = ['./vitest.setup.ts'];

/**
 * `unit` is what `npm run check` runs; the others try many random runs (`x.soak.test.ts`), need programs or real waiting (`x.program.test.ts`), a
 * database server (`x.database.test.ts`) or a browser, and run with `npm test`.
 */
export default defineConfig({
  test: {
    // Many of the tests wait for programs that they started: more workers than cores keep both cores busy.
    maxWorkers: 4,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{firmware-protocol,edge-agent,broker,cloud-api}/src/**/*.test.ts', 'dashboards/*/**/*.test.ts'],
          exclude: ['**/*.{database,program,soak}.test.ts', '**/node_modules/**'],
          // The files of one worker share what they import: half the processor time, and nothing here keeps state in a module.
          isolate: false,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          setupFiles,
        },
      },
      {
        test: {
          name: 'soak',
          include: ['{firmware-protocol,edge-agent,broker,cloud-api}/src/**/*.soak.test.ts'],
          testTimeout: 120_000,
          setupFiles,
        },
      },
      {
        test: {
          name: 'program',
          include: ['{firmware-protocol,edge-agent,broker,cloud-api}/src/**/*.program.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          setupFiles,
        },
      },
      {
        test: {
          name: 'database',
          include: ['cloud-api/src/**/*.database.test.ts'],
          globalSetup: ['tests/harness/postgres.ts'],
          testTimeout: 60_000,
          setupFiles,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'system',
          maxConcurrency: 3,
          include: ['tests/{journeys,faults,conformance}/**/*.test.ts'],
          testTimeout: 240_000,
          setupFiles,
          hookTimeout: 300_000,
          // A neighbourhood of programs keeps a bit more than half a core busy, and waits in between.
          maxWorkers: 2,
        },
      },
    ],
  },
});
