import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../log.ts';

const fileName = 'running.json';
const running = z.object({ pid: z.int().positive(), screenUrl: z.url().nullable() });
export type Running = z.infer<typeof running>;

/** For `doctor`, which finds the agent that runs on this folder by it. The URL holds the screen's token: only the agent's own user reads it. */
export function noteRunning(dataDir: string, screenUrl: string | null, log: Log): void {
  const note: Running = { pid: process.pid, screenUrl };
  try {
    writeFileSync(join(dataDir, fileName), JSON.stringify(note), { mode: 0o600 });
  } catch (error) {
    log.warn({ err: error }, 'a doctor will not find this agent');
  }
}

export function forgetRunning(dataDir: string): void {
  try {
    rmSync(join(dataDir, fileName), { force: true });
  } catch {
    // On a read-only disk it stays, and names a process that is gone.
  }
}

/** Undefined when no agent has left a note. */
export function readRunning(dataDir: string): Running | undefined {
  try {
    return running.safeParse(JSON.parse(readFileSync(join(dataDir, fileName), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
