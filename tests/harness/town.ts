import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface OpenTown<T> {
  readonly town: T;
  close(): Promise<void>;
}

const programs = {
  /** A merchant whose campaign ran for weeks. */
  results: new URL('../../cloud-api/src/results/results-town.fixture.ts', import.meta.url),
  /** Much that was sold, and whoever works with it. */
  market: new URL('../../cloud-api/src/market-town.fixture.ts', import.meta.url),
} as const;

/** A cloud alone, in a program of its own, with what a journey needs and nothing around it; what it says of itself is one line of JSON. */
export async function openTown<T>(name: keyof typeof programs, ...flags: readonly string[]): Promise<OpenTown<T>> {
  const path = fileURLToPath(programs[name]);
  const program = spawn(process.execPath, [path, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const close = async (): Promise<void> => {
    if (program.exitCode !== null) return;
    const ended = once(program, 'exit');
    program.kill('SIGTERM');
    await ended;
  };
  for await (const line of createInterface({ input: program.stdout })) return { town: JSON.parse(line) as T, close };
  throw new Error('the town ended before it was there');
}
