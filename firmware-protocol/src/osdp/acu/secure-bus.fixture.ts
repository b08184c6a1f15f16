import { aes128 } from '../../node/aes.ts';
import type { KeyStore } from '../secure/key-store.ts';
import { MemoryKeyStore } from '../secure/key-store.ts';
import { decodeFrame } from '../frame/frame.ts';
import { messageName } from '../messages/codes.ts';
import type { SecureOptions } from './channel-options.ts';
import { VirtualBus, seededRandom } from './virtual-bus.fixture.ts';
import type { VirtualBusOptions } from './virtual-bus.fixture.ts';

/** A key of sixteen times the same byte. */
export function keyOf(byte: number): Uint8Array {
  return new Uint8Array(16).fill(byte);
}

export const OWN_KEY: Uint8Array = keyOf(0x42);

/** Keys that a panel remembers, and random that can be repeated. */
export function security(keys: KeyStore, seed = 1): SecureOptions {
  const random = seededRandom(seed);
  return { newCipher: aes128, keys, random: (bytes) => Uint8Array.from({ length: bytes }, () => random() * 256) };
}

/** A store in which the devices at these addresses have {@link OWN_KEY}. */
export async function storeWithKeys(...addresses: number[]): Promise<MemoryKeyStore> {
  const keys = new MemoryKeyStore();
  for (const address of addresses) {
    await keys.put(address, { current: OWN_KEY, next: undefined });
  }
  return keys;
}

export function secureBus(
  keys: KeyStore,
  options: Partial<VirtualBusOptions> & Pick<VirtualBusOptions, 'peripherals'>,
): VirtualBus {
  return new VirtualBus({ devices: [{ address: 0 }], secure: security(keys), ...options });
}

/** Name and sequence of what the panel sent, such as `POLL#1`, with `*` for what was sealed. */
export function spokenNames(bus: VirtualBus): string[] {
  return bus.sent.map(({ bytes }) => {
    const frame = decodeFrame(bytes);
    if (typeof frame === 'string') {
      throw new Error(`the panel sent no frame: ${frame}`);
    }
    return `${messageName('command', frame.code)}#${frame.sequence}${frame.mac === undefined ? '' : '*'}`;
  });
}

/** Types of the events so far. */
export function eventTypes(bus: VirtualBus): string[] {
  return bus.events.map(({ type }) => type);
}
