import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftOf } from './replace-file.ts';
import { createSealedKeyStore, openSealedKeyStore } from './sealed-key-store.ts';

const store = new URL('sealed-key-store.ts', import.meta.url).href;
const sealingKey = new Uint8Array(32).fill(7);
const keyOf = (byte: number): Uint8Array => new Uint8Array(16).fill(byte);

/** A program that puts key 2 and dies, as by a power cut, when it calls `killer` of node:fs/promises. */
const program = (path: string, killer: string): string => `
  import fs from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const { openSealedKeyStore } = await import('${store}');
  const store = await openSealedKeyStore({ path: '${path}', sealingKey: new Uint8Array(32).fill(7) });
  const real = fs.${killer};
  fs.${killer} = async (...args) => {
    if ('${killer}' === 'rename' || args[1] === 'r') process.kill(process.pid, 'SIGKILL');
    return await real(...args);
  };
  syncBuiltinESMExports();
  await store.put(1, { current: new Uint8Array(16).fill(2), next: undefined });
`;

test.each([
  ['the old key is whole when the program dies between write and rename', 'rename', 1],
  ['the new key is whole when it dies after the rename', 'open', 2],
])('%s', async (_title, killer, survivor) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
  try {
    const path = join(folder, 'osdp-keys');
    await (await createSealedKeyStore({ path, sealingKey })).put(1, { current: keyOf(1), next: undefined });
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program(path, killer)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(existsSync(draftOf(path))).toBe(killer === 'rename');
    const reopened = await openSealedKeyStore({ path, sealingKey });
    expect(reopened.get(1)?.current).toEqual(keyOf(survivor));
    await reopened.put(1, { current: keyOf(3), next: undefined });
    expect((await openSealedKeyStore({ path, sealingKey })).get(1)?.current).toEqual(keyOf(3));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
