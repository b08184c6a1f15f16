import type { LedColour, LedPattern } from '../osdp/messages/led.ts';
import type { Peripheral } from '../osdp/pd/peripheral.ts';
import type { SecureState } from '../osdp/pd/peripheral-security.ts';
import { packBits } from './wiegand.ts';

const READER = 0;
const RAW_FORMAT = 0;
const WIEGAND_FORMAT = 1;
/** Dots on the page are forgotten after this, as the typed code is. */
const TYPED_FORGOTTEN_MS = 10_000;

/** What anybody can see who stands before a reader. */
export interface ReaderView {
  /** Colour of the reader's LED at this moment, and the pattern behind it. */
  readonly led: LedColour;
  readonly ledPattern: LedPattern;
  readonly buzzer: boolean;
  readonly text: string;
  /** Keys pressed since the last `#` or `*`; which ones is nobody's business. */
  readonly keysTyped: number;
  /** Whether a controller has spoken to the device within the last 8 s. */
  readonly linkOnline: boolean;
  /** How the controller speaks to it. */
  readonly secure: SecureState;
}

/** The reader and keypad of a device, as people use it. */
export class DoorReader {
  readonly #device: Peripheral;
  #keysTyped = 0;
  #lastKeyMs = Number.NEGATIVE_INFINITY;

  constructor(device: Peripheral) {
    this.#device = device;
  }

  /** One KEYPAD message a key, as fingers are. False when the device's queue is full. */
  typeKeys(keys: string, nowMs: number): boolean {
    for (const key of keys) {
      if (!this.#device.pressKeys({ reader: READER, keys: key })) {
        return false;
      }
      const isFresh = nowMs - this.#lastKeyMs < TYPED_FORGOTTEN_MS;
      this.#keysTyped = key === '#' || key === '*' ? 0 : (isFresh ? this.#keysTyped : 0) + 1;
      this.#lastKeyMs = nowMs;
    }
    return true;
  }

  /** `bits` as text of 0 and 1, parity included. */
  presentCard(bits: string): boolean {
    const card = { reader: READER, format: WIEGAND_FORMAT, bitCount: bits.length, bits: packBits(bits) };
    return this.#device.presentCard(card);
  }

  /** What an optical reader sends: the text's bytes, in one message. */
  presentCode(bytes: Uint8Array): boolean {
    return this.#device.presentCard({ reader: READER, format: RAW_FORMAT, bitCount: bytes.length * 8, bits: bytes });
  }

  /** Power was cut. */
  forget(): void {
    this.#keysTyped = 0;
  }

  view(nowMs: number): ReaderView {
    const panel = this.#device.readers[READER];
    return {
      led: panel?.colourAt(nowMs) ?? 'off',
      ledPattern: panel?.pattern ?? { onMs: 100, offMs: 0, onColour: 'off', offColour: 'off' },
      buzzer: panel?.isSoundingAt(nowMs) ?? false,
      text: panel?.text ?? '',
      keysTyped: nowMs - this.#lastKeyMs < TYPED_FORGOTTEN_MS ? this.#keysTyped : 0,
      linkOnline: this.#device.isOnlineAt(nowMs),
      secure: this.#device.secureStateAt(nowMs),
    };
  }
}
