import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDeviceKeys } from './device-keys.ts';

describe('the keys of the readers', () => {
  const terminal = { atRest: newKeyPair('x25519').privateKey };
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

  it.each([
    ['of another terminal', (other: Buffer) => other],
    ['damaged', (other: Buffer) => other.fill(7)],
    ['emptied', () => Buffer.alloc(0)],
  ])('%s open for nobody: they are put aside, told in the log, and the door goes on', async (_name, damage) => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
    const foreign = await openDeviceKeys(elsewhere, { atRest: newKeyPair('x25519').privateKey }, log);
    await foreign.put(3, { current: key, next: undefined });
    const file = damage(readFileSync(join(elsewhere, 'device-keys')));
    rmSync(elsewhere, { recursive: true });
    writeFileSync(join(dir, 'device-keys'), file, { mode: 0o600 });
    const keys = await openDeviceKeys(dir, terminal, log);
    expect(keys.get(3)).toBeUndefined();
    expect(errors).toEqual([{ code: 'osdp-keys-unreadable' }]);
    expect(readFileSync(join(dir, 'device-keys.unreadable'))).toEqual(file);
    await keys.put(3, { current: key, next: undefined });
    expect((await openDeviceKeys(dir, terminal, log)).get(3)?.current).toEqual(key);
  });

  it('that can be neither read nor put aside keep no door from working', async () => {
    writeFileSync(join(dir, 'device-keys'), 'not keys', { mode: 0o600 });
    mkdirSync(join(dir, 'device-keys.unreadable'));
    const keys = await openDeviceKeys(dir, terminal, log);
    await expect(keys.put(0, { current: key, next: undefined })).rejects.toMatchObject({
      code: 'osdp-keys-unwritable',
    });
    expect(errors).toEqual([{ code: 'osdp-keys-unreadable' }, { code: 'osdp-keys-unwritable' }]);
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
