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
  /** Those that are on their way to the disk, or that it has not taken. */
  readonly #added = new Set<number>();

  constructor(store: Pick<Store, 'snapshot' | 'setValue'>) {
    this.#store = store;
  }

  /** What cannot be read any more is every address: it cannot be known which of them are safe in plain. */
  has(address: number): boolean {
    return this.#added.has(address) || this.#isKept(address);
  }

  /** Rejects as the store does. */
  async add(address: number): Promise<void> {
    if (this.#isKept(address)) return;
    this.#added.add(address);
    const known = read(this.#store.snapshot.values.get(valueKeys.pairedDevices) ?? '[]') ?? [];
    const all = [...new Set([...known, ...this.#added])];
    await this.#store.setValue(valueKeys.pairedDevices, JSON.stringify(all));
  }

  #isKept(address: number): boolean {
    const text = this.#store.snapshot.values.get(valueKeys.pairedDevices);
    return text !== undefined && (read(text)?.includes(address) ?? true);
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
