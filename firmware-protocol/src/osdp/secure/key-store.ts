import { DomainError } from '../../units/errors.ts';
import { CONFIGURATION_ADDRESS } from '../frame/frame.ts';
import { AES_BLOCK_BYTES } from './block-cipher.ts';

/**
 * Keys of one device, 16 bytes each. A rotation has two phases: `next` is stored before KEYSET carries it, and becomes `current`
 * only when a handshake has proven it, so that no power cut at either end loses the device.
 */
export interface StoredKey {
  readonly current: Uint8Array | undefined;
  /** Sent by KEYSET, not yet proven. */
  readonly next: Uint8Array | undefined;
  /** Of the device's PDID at pairing: another device at this address is not the one that holds the key. */
  readonly serial?: number;
}

/**
 * Where a panel keeps the keys of its devices. One with a `current` key is never spoken to in plain; one with only a `next` may be, as before
 * somebody began to pair it, while it does not prove that key.
 */
export interface KeyStore {
  get(address: number): StoredKey | undefined;
  /**
   * Resolves when it is on the disk. Without either key the device is forgotten, and may be spoken to in plain again. Rejects with
   * DomainError `osdp-key-invalid` what is no address or no key.
   */
  put(address: number, key: StoredKey): Promise<void>;
}

/** Keys that are forgotten with the process: for simulators and tests. */
export class MemoryKeyStore implements KeyStore {
  #keys: ReadonlyMap<number, StoredKey> = new Map();

  get(address: number): StoredKey | undefined {
    return this.#keys.get(address);
  }

  async put(address: number, key: StoredKey): Promise<void> {
    this.#keys = withKey(this.#keys, address, checkedKey(address, key));
  }
}

/** A copy of `key`, if it is one and `address` is that of a device. Throws DomainError `osdp-key-invalid`. */
export function checkedKey(address: number, { current, next, serial }: StoredKey): StoredKey {
  const isDevice = Number.isInteger(address) && address >= 0 && address < CONFIGURATION_ADDRESS;
  const areKeys = [current, next].every((key) => key === undefined || key.length === AES_BLOCK_BYTES);
  if (!isDevice || !areKeys) {
    throw new DomainError('osdp-key-invalid', 'A device key has 16 bytes and an address from 0 to 126.', { address });
  }
  return { current: current?.slice(), next: next?.slice(), ...(serial === undefined ? {} : { serial }) };
}

/** `keys` with that of one device replaced, or without it when `key` holds none. */
export function withKey(
  keys: ReadonlyMap<number, StoredKey>,
  address: number,
  key: StoredKey,
): ReadonlyMap<number, StoredKey> {
  const changed = new Map(keys);
  if (key.current === undefined && key.next === undefined) {
    changed.delete(address);
  } else {
    changed.set(address, key);
  }
  return changed;
}
