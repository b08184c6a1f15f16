import type { NewBlockCipher } from '../secure/block-cipher.ts';
import type { KeyStore } from '../secure/key-store.ts';
import type { DeviceEvent, DeviceMetrics } from './panel-events.ts';

/** What the secure channels of a panel are made of. */
export interface SecureOptions {
  /** Such as `aes128` of `@gatecast/firmware-protocol/node`. */
  readonly newCipher: NewBlockCipher;
  /** So many bytes that nobody can guess; keys are made of them. */
  readonly random: (bytes: number) => Uint8Array;
  readonly keys: KeyStore;
}

/**
 * `plain`: without a channel. `securing`: a channel is being made. `pairing`: the device is being given a key. `secured`: everything is
 * sealed with the device's own key. `refused`: the device could not prove it, and is not spoken to until it can.
 */
export type ChannelStatus = 'plain' | 'securing' | 'pairing' | 'secured' | 'refused';

/** What follows for the device: go on asking, it is usable sealed or plain, or it must not be used. */
export type Verdict = 'going-on' | 'secured' | 'plain' | 'insecure';

export interface DeviceChannelOptions {
  readonly secure: SecureOptions | undefined;
  /** The device is not used without a channel of its own. */
  readonly isRequired: boolean;
  readonly address: () => number;
  /** PDID serial number, kept with the key for people to compare. */
  readonly serial: () => number | undefined;
  readonly metrics: DeviceMetrics;
  readonly emit: (event: DeviceEvent) => void;
  /** A key has been written; the panel should be asked for its next transmission. */
  readonly onStored: () => void;
}
