import { randomBytes } from 'node:crypto';
import { aes128 } from '../node/aes.ts';
import type { PeripheralOptions } from '../osdp/pd/peripheral.ts';
import type { DeviceMemory } from './device-memory.ts';

export interface DeviceServiceOptions {
  readonly memory: DeviceMemory;
  /** The device's name in its memory. */
  readonly name: string;
  /** Whether SCBK-D is accepted until a key is set. Default: while there is no key, as from the box. */
  readonly installMode?: boolean;
  /** Whether a device with a key answers commands in clear. Default: it does not. */
  readonly enforced?: boolean;
}

/** A secure channel and settings that a panel can move, both kept in the device's memory. */
export function deviceServices({
  memory,
  name,
  installMode,
  enforced = true,
}: DeviceServiceOptions): Required<Pick<PeripheralOptions, 'secure' | 'onComset'>> {
  const key = memory.keyOf(name);
  return {
    secure: {
      newCipher: aes128,
      random: (bytes) => randomBytes(bytes),
      key,
      installMode: installMode ?? key === undefined,
      onKeySet: (fresh) => memory.keepKey(name, fresh),
      enforced,
    },
    onComset: (wanted) => {
      memory.keepSettings(name, wanted);
      return wanted;
    },
  };
}
