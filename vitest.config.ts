import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const setupFiles = ['./vitest.setup.ts'];

// The programs that tests start are TypeScript: each file is compiled once a run, not once a start. `npm test` begins with nothing of this.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.data', 'compiled');

/**
 * Where databases of tests are in memory, if there is room: each commit of theirs would otherwise wait for the disk. Nothing there is switched off; the
 * tests that kill programs keep to the disk.
 */
const memory = '/dev/shm';
const memoryBytesMin = 2 * 1024 ** 3;
const inMemory = isRoomy(memory) ? { TMPDIR: memory } : {};

function isRoomy(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= memoryBytesMin;
}

/**
 * `unit` is what `npm run check` runs; the others try many random runs (`x.soak.test.ts`), need programs or real waiting (`x.program.test.ts`), a
 * database server (`x.database.test.ts`) or a browser, and run with `npm test`.
 */
export default defineConfig({
  test: {
    // Many of the tests wait for programs that they started: more workers than cores keep both cores busy.
    maxWorkers: 4,
    expect: { poll: { timeout: 40_000 } },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{firmware-protocol,edge-agent,broker,cloud-api}/src/**/*.test.ts', 'dashboards/*/**/*.test.ts'],
          exclude: ['**/*.{database,program,soak}.test.ts', '**/node_modules/**'],
          // The files of one worker share what they import: half the processor time, and nothing here keeps state in a module.
          isolate: false,
          testTimeout: 60_000,
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
          // A program's start is seconds, and on a machine that is busy with others half a minute.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles,
        },
      },
      {
        test: {
          name: 'database',
          include: ['cloud-api/src/**/*.database.test.ts'],
          globalSetup: ['tests/harness/postgres.ts'],
          // As in `unit`; and the migrations run once a worker.
          isolate: false,
          env: inMemory,
          testTimeout: 120_000,
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
          // Each file keeps a neighbourhood of programs busy: with a third one two cores fall behind what a screen has to show.
          maxWorkers: 2,
        },
      },
    ],
  },
});
