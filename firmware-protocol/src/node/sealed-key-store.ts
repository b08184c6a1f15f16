import { access, open } from 'node:fs/promises';
import { DomainError } from '../units/errors.ts';
import { checkedKey, withKey } from '../osdp/secure/key-store.ts';
import type { KeyStore, StoredKey } from '../osdp/secure/key-store.ts';
import type { DeviceKeys } from './key-file-text.ts';
import { sealKeys, unsealKeys } from './key-file-text.ts';
import { replaceFile } from './replace-file.ts';

export interface SealedKeyStoreOptions {
  /** Of the file, in a folder that exists. */
  readonly path: string;
  /** 32 bytes that are kept elsewhere; whoever has them and the file speaks to the devices. */
  readonly sealingKey: Uint8Array;
}

export type KeyFileErrorCode =
  | 'osdp-keys-missing'
  | 'osdp-keys-exist'
  | 'osdp-keys-unreadable'
  | 'osdp-keys-exposed'
  | 'osdp-keys-unwritable';

/** 127 entries take 17 kB. */
const FILE_BYTES_MAX = 65_536;
const OTHERS = 0o077;

/**
 * Makes a file without keys: once, where a panel is set up. Rejects with DomainError `osdp-keys-exist` if there is anything at the
 * path, `osdp-keys-unwritable` if the disk refuses.
 */
export async function createSealedKeyStore(options: SealedKeyStoreOptions): Promise<KeyStore> {
  if (await exists(options.path)) {
    throw fault('osdp-keys-exist', 'There are device keys already, and new ones would replace them.', options);
  }
  const store = new SealedKeyStore(options, new Map());
  await store.write(new Map());
  return store;
}

/**
 * The keys in a file. An empty store would mean that devices are spoken to in plain, so nothing but a whole, genuine file is one.
 * Rejects with DomainError `osdp-keys-missing` (no file), `osdp-keys-unreadable` (damaged, of something else, sealed with another
 * key, or refused by the disk), `osdp-keys-exposed` (others may read it and we cannot change that; where we can, we do).
 */
export async function openSealedKeyStore(options: SealedKeyStoreOptions): Promise<KeyStore> {
  return new SealedKeyStore(options, await readKeys(options));
}

class SealedKeyStore implements KeyStore {
  readonly #options: SealedKeyStoreOptions;
  #keys: DeviceKeys;
  /** Settles with the last of the writes that were asked for; they go one by one. */
  #written: Promise<unknown> = Promise.resolve();

  constructor(options: SealedKeyStoreOptions, keys: DeviceKeys) {
    this.#options = options;
    this.#keys = keys;
  }

  get(address: number): StoredKey | undefined {
    return this.#keys.get(address);
  }

  /** Seen by `get` when it is on the disk. Rejects with DomainError `osdp-key-invalid` or `osdp-keys-unwritable`. */
  async put(address: number, key: StoredKey): Promise<void> {
    const checked = checkedKey(address, key);
    const before = this.#written;
    const written = Promise.allSettled([before]).then(() => this.write(withKey(this.#keys, address, checked)));
    this.#written = written;
    await written;
  }

  async write(keys: DeviceKeys): Promise<void> {
    try {
      await replaceFile(this.#options.path, sealKeys(this.#options.sealingKey, keys));
    } catch (cause) {
      throw fault('osdp-keys-unwritable', 'The device keys cannot be written to the disk.', this.#options, cause);
    }
    this.#keys = keys;
  }
}

async function readKeys(options: SealedKeyStoreOptions): Promise<DeviceKeys> {
  try {
    return unsealKeys(options.sealingKey, await readPrivate(options));
  } catch (cause) {
    if (cause instanceof DomainError) {
      throw cause;
    }
    if (isMissing(cause)) {
      throw fault('osdp-keys-missing', 'There is no file with device keys.', options, cause);
    }
    const message = 'The device keys are damaged, of another installation, or cannot be read.';
    throw fault('osdp-keys-unreadable', message, options, cause);
  }
}

async function readPrivate(options: SealedKeyStoreOptions): Promise<Uint8Array> {
  const file = await open(options.path, 'r');
  try {
    const state = await file.stat();
    if (!state.isFile() || state.size > FILE_BYTES_MAX) {
      throw new RangeError(`not a file of at most ${FILE_BYTES_MAX} bytes`);
    }
    if ((state.mode & OTHERS) !== 0) {
      await file.chmod(0o600).catch((cause: unknown) => {
        throw fault('osdp-keys-exposed', 'Others may read the file with the device keys.', options, cause);
      });
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    if (isMissing(cause)) {
      return false;
    }
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function fault(
  code: KeyFileErrorCode,
  message: string,
  { path }: SealedKeyStoreOptions,
  cause?: unknown,
): DomainError<KeyFileErrorCode> {
  return new DomainError(code, message, { path }, { cause });
}
