import { z } from 'zod';
import type { Store } from './store.ts';
import { valueKeys } from './snapshot.ts';

const addresses = z.array(z.int().min(0).max(126)).max(127);

/**
 * Addresses on the OSDP bus whose device once had a secure channel. Kept apart from the keys: a device whose key is lost is not spoken to in plain but
 * paired again.
 */
export class PairedDevices {
  readonly #store: Pick<Store, 'snapshot' | 'setValue'>;

  constructor(store: Pick<Store, 'snapshot' | 'setValue'>) {
    this.#store = store;
  }

  /** What cannot be read any more is every address: it cannot be known which of them are safe in plain. */
  has(address: number): boolean {
    const text = this.#store.snapshot.values.get(valueKeys.pairedDevices);
    return text !== undefined && (read(text)?.includes(address) ?? true);
  }

  /** Rejects as the store does. */
  async add(address: number): Promise<void> {
    if (this.has(address)) return;
    const known = read(this.#store.snapshot.values.get(valueKeys.pairedDevices) ?? '[]') ?? [];
    await this.#store.setValue(valueKeys.pairedDevices, JSON.stringify([...known, address]));
  }
}

function read(text: string): readonly number[] | undefined {
  try {
    return addresses.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
