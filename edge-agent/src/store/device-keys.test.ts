import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDeviceKeys } from './device-keys.ts';

describe('the keys of the readers', () => {
  const terminal = { sealing: newKeyPair('x25519') };
  const key = Uint8Array.from({ length: 16 }, (_, n) => n + 1);
  const errors: object[] = [];
  const log = { error: (facts: object) => void errors.push(facts) };
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
    errors.length = 0;
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are there after a restart, and lie sealed on the disk', async () => {
    const first = await openDeviceKeys(dir, terminal, log);
    await first.put(3, { current: key, next: undefined });
    const again = await openDeviceKeys(dir, terminal, log);
    expect(again.get(3)?.current).toEqual(key);
    const raw = Buffer.from(key);
    const onDisk = readFileSync(join(dir, 'device-keys'));
    for (const form of [raw, raw.toString('hex'), raw.toString('base64')]) expect(onDisk.includes(form)).toBe(false);
  });

  it('open for no other terminal, and damaged ones are not taken for none', async () => {
    await openDeviceKeys(dir, terminal, log);
    const unreadable = { code: 'osdp-keys-unreadable' };
    await expect(openDeviceKeys(dir, { sealing: newKeyPair('x25519') }, log)).rejects.toMatchObject(unreadable);
    writeFileSync(join(dir, 'device-keys'), '');
    await expect(openDeviceKeys(dir, terminal, log)).rejects.toMatchObject(unreadable);
  });

  it('cannot be made on a disk that takes nothing, and the door works without', async () => {
    const nowhere = join(dir, 'device-keys', 'no-folder');
    const keys = await openDeviceKeys(nowhere, terminal, log);
    expect(keys.get(0)).toBeUndefined();
    await expect(keys.put(0, { current: key, next: undefined })).rejects.toMatchObject({
      code: 'osdp-keys-unwritable',
    });
    expect(errors).toEqual([{ code: 'osdp-keys-unwritable' }]);
  });
});
