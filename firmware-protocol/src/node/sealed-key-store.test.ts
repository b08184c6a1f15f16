import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredKey } from '../osdp/secure/key-store.ts';
import { draftOf } from './replace-file.ts';
import { createSealedKeyStore, openSealedKeyStore } from './sealed-key-store.ts';
import type { SealedKeyStoreOptions } from './sealed-key-store.ts';

const newKey = (): Uint8Array => new Uint8Array(randomBytes(16));
const paired = (): StoredKey => ({ current: newKey(), next: undefined, serial: 4_000_000_000 });
const modeOf = (path: string): number => statSync(path).mode & 0o777;

let folder: string;
let options: SealedKeyStoreOptions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-keys-'));
  options = { path: join(folder, 'osdp-keys'), sealingKey: randomBytes(32) };
});

afterEach(() => rmSync(folder, { recursive: true }));

const withCode = (code: string) => expect.objectContaining({ code });

describe('device keys', () => {
  test('are there again after a restart, both phases of a rotation too', async () => {
    const store = await createSealedKeyStore(options);
    const [door, gate] = [paired(), { current: newKey(), next: newKey() }];
    await store.put(0, door);
    await store.put(126, gate);
    const reopened = await openSealedKeyStore(options);
    expect(reopened.get(0)).toEqual(door);
    expect(reopened.get(126)).toEqual(gate);
    expect(reopened.get(1)).toBeUndefined();
  });

  test('of all 127 devices of a bus can be put at once, and none is lost', async () => {
    const store = await createSealedKeyStore(options);
    const keys = Array.from({ length: 127 }, paired);
    await Promise.all(keys.map((key, address) => store.put(address, key)));
    const reopened = await openSealedKeyStore(options);
    expect(keys.map((_, address) => reopened.get(address))).toEqual(keys);
  });

  test('are forgotten for a device that is taken away', async () => {
    const store = await createSealedKeyStore(options);
    await store.put(3, paired());
    await store.put(3, { current: undefined, next: undefined });
    expect(store.get(3)).toBeUndefined();
    expect((await openSealedKeyStore(options)).get(3)).toBeUndefined();
  });

  test('do not follow what the caller does to the bytes later', async () => {
    const store = await createSealedKeyStore(options);
    const key = newKey();
    await store.put(3, { current: key, next: undefined });
    const before = key.slice();
    key.fill(0);
    expect(store.get(3)?.current).toEqual(before);
  });

  test('stand nowhere in the file in clear, and only its owner may read it', async () => {
    const store = await createSealedKeyStore(options);
    const key = paired();
    await store.put(7, key);
    const bytes = readFileSync(options.path);
    expect(bytes.includes(Buffer.from(key.current ?? []))).toBe(false);
    expect(bytes.toString('latin1')).not.toContain('address');
    expect(modeOf(options.path)).toBe(0o600);
  });

  test.each([
    [127, newKey()],
    [-1, newKey()],
    [1.5, newKey()],
    [0, new Uint8Array(15)],
    [0, new Uint8Array()],
  ])('are refused for address %s if they are no keys of a device', async (address, current) => {
    const store = await createSealedKeyStore(options);
    await expect(store.put(address, { current, next: undefined })).rejects.toEqual(withCode('osdp-key-invalid'));
    expect(store.get(address)).toBeUndefined();
  });
});

describe('a file that is not what it should be is never an empty store', () => {
  test('missing: it has to be made on purpose', async () => {
    await expect(openSealedKeyStore(options)).rejects.toEqual(withCode('osdp-keys-missing'));
  });

  test('there already: it is not replaced', async () => {
    const key = paired();
    await (await createSealedKeyStore(options)).put(1, key);
    await expect(createSealedKeyStore(options)).rejects.toEqual(withCode('osdp-keys-exist'));
    expect((await openSealedKeyStore(options)).get(1)).toEqual(key);
  });

  test('damaged anywhere, cut off, or empty', async () => {
    await (await createSealedKeyStore(options)).put(1, paired());
    const whole = readFileSync(options.path);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(options.path, damaged);
      await expect(openSealedKeyStore(options), `byte ${at}`).rejects.toEqual(withCode('osdp-keys-unreadable'));
      writeFileSync(options.path, whole.subarray(0, at));
      await expect(openSealedKeyStore(options), `cut at ${at}`).rejects.toEqual(withCode('osdp-keys-unreadable'));
    }
  });

  test('sealed with another key, or something else altogether', async () => {
    await createSealedKeyStore(options);
    const foreign = { ...options, sealingKey: randomBytes(32) };
    await expect(openSealedKeyStore(foreign)).rejects.toEqual(withCode('osdp-keys-unreadable'));
    chmodSync(folder, 0o755);
    await expect(openSealedKeyStore({ ...options, path: folder })).rejects.toEqual(withCode('osdp-keys-unreadable'));
    expect(modeOf(folder)).toBe(0o755);
    writeFileSync(options.path, Buffer.alloc(100_000));
    await expect(openSealedKeyStore(options)).rejects.toEqual(withCode('osdp-keys-unreadable'));
  });

  test('open to others: it is closed', async () => {
    await createSealedKeyStore(options);
    chmodSync(options.path, 0o644);
    await openSealedKeyStore(options);
    expect(modeOf(options.path)).toBe(0o600);
  });
});

describe('a disk that refuses', () => {
  test('fails the put, keeps the old key, and takes the next one when it can again', async () => {
    const store = await createSealedKeyStore(options);
    const [old, lost, late] = [paired(), paired(), paired()];
    await store.put(1, old);
    const blocked = { ...options, path: join(folder, 'gone', 'keys') };
    await expect(createSealedKeyStore(blocked)).rejects.toEqual(withCode('osdp-keys-unwritable'));
    // Nobody, not even root, writes a file where a folder is.
    const draft = draftOf(options.path);
    mkdirSync(draft);
    await expect(store.put(1, lost)).rejects.toEqual(withCode('osdp-keys-unwritable'));
    expect(store.get(1)).toEqual(old);
    rmdirSync(draft);
    await store.put(2, late);
    const reopened = await openSealedKeyStore(options);
    expect(reopened.get(1)).toEqual(old);
    expect(reopened.get(2)).toEqual(late);
  });

  test('and left half a file from a crash does not disturb the next start', async () => {
    const store = await createSealedKeyStore(options);
    const [key, other] = [paired(), paired()];
    await store.put(1, key);
    writeFileSync(draftOf(options.path), 'half', { mode: 0o644 });
    const reopened = await openSealedKeyStore(options);
    expect(reopened.get(1)).toEqual(key);
    await reopened.put(2, other);
    expect(modeOf(options.path)).toBe(0o600);
    expect((await openSealedKeyStore(options)).get(1)).toEqual(key);
  });
});
