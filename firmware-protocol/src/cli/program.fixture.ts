import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const program: string = fileURLToPath(new URL('../../bin/gatecast-osdp.js', import.meta.url));

export interface Outcome {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

/** Runs `gatecast-osdp` to its end. */
export function runProgram(...args: string[]): Promise<Outcome> {
  return runWith({}, ...args);
}

/** The same with more in its environment. */
export async function runWith(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, out, err };
}

/** One JSON object a line. */
export function objects(out: string): unknown[] {
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
