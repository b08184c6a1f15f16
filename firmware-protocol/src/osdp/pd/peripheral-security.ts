import type { NewBlockCipher } from '../secure/block-cipher.ts';

/** What a device needs for a secure channel. */
export interface PeripheralSecurity {
  readonly newCipher: NewBlockCipher;
  /** So many unpredictable bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** The device's own key (SCBK), 16 bytes; undefined as from the box. */
  readonly key: Uint8Array | undefined;
  /** The panel may use SCBK-D until it has set a key. For a device without a key, and with one when its installer's switch is on. */
  readonly installMode: boolean;
  /** A panel set a new key. It is acknowledged when this returns, so it has to be on the disk by then. */
  readonly onKeySet: (key: Uint8Array) => void;
  /** With a key of its own, the device answers in clear only ID, CAP and the handshake. Default: false. */
  readonly enforced?: boolean;
}

/** How a device is spoken to: in clear, in a channel of the key that everybody knows, in a channel of its own key. */
export type SecureState = 'plain' | 'default-key' | 'secured';
