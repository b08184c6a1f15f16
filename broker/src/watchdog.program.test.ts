import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const watchdog = new URL('./watchdog.ts', import.meta.url).href;

/** Runs a program that a watchdog of one second watches. */
async function watched(body: string): Promise<{ code: unknown; signal: unknown; stderr: string }> {
  const program = `const { Watchdog } = await import('${watchdog}'); const dog = new Watchdog(1_000); dog.start(); ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [[code, signal], stderr] = await Promise.all([once(child, 'exit') as Promise<unknown[]>, text(child.stderr)]);
  return { code, signal, stderr };
}

test('a program whose loop hangs is ended, and says so', async () => {
  const { signal, stderr } = await watched('setTimeout(() => { for (;;); }, 100);');
  expect(signal).toBe('SIGKILL');
  expect(stderr).toContain('"code":"loop-hangs"');
});

test('a program whose loop turns is left alone, and the watchdog keeps none alive', async () => {
  expect(await watched('setTimeout(() => dog.stop(), 2_500);')).toMatchObject({ code: 0, stderr: '' });
});
