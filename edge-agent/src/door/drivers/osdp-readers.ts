import {
  steady,
  type ControlPanelLine,
  type LedColour,
  type LedPattern,
  type ReaderState,
} from '@gatecast/firmware-protocol';
import type { DoorMode } from '@gatecast/firmware-protocol/messages';
import type { Feedback, ReaderEvent, Readers } from '../door-controller.ts';
import type { OsdpWiring, WiredReader } from './osdp-wiring.ts';

/** Above this many bits a read is a text, not a card (Wiegand formats end at 64). */
const cardBitsMax = 64;
const led = 0;
/** Tone 2 is the reader's own default (clause 6.13). */
const defaultTone = 2;

const blinking = (onColour: LedColour): LedPattern => ({ onMs: 500, offMs: 500, onColour, offColour: 'off' });
const modeLight: Record<DoorMode, LedPattern> = {
  normal: steady('red'),
  lockdown: blinking('red'),
  'free-passage': steady('green'),
};
const answer: Record<Feedback, { readonly light: LedPattern; readonly beeps: number }> = {
  granted: { light: steady('green'), beeps: 1 },
  refused: { light: steady('red'), beeps: 3 },
  'locked-down': { light: blinking('magenta'), beeps: 3 },
  'awaiting-card': { light: blinking('blue'), beeps: 1 },
  noted: { light: steady('blue'), beeps: 2 },
};

export interface OsdpReadersParts {
  readonly line: Pick<ControlPanelLine, 'send'>;
  readonly wiring: OsdpWiring;
  readonly onReader: (event: ReaderEvent) => void;
}

/** Keys, cards, codes, lights and sounds of the readers on one OSDP bus. */
export class OsdpReaders implements Pick<Readers, 'feedback' | 'showMode'> {
  readonly #parts: OsdpReadersParts;
  readonly #modes = new Map<string, DoorMode>();
  /** Why a reader counts as tampered with, `address.reader cause`. */
  readonly #tampered = new Set<string>();
  readonly #offline = new Set<number>();

  constructor(parts: OsdpReadersParts) {
    this.#parts = parts;
  }

  feedback(entrance: string, feedback: Feedback, durationMs: number): void {
    const { light, beeps } = answer[feedback];
    for (const { address, reader } of this.#parts.wiring.readersOf(entrance)) {
      const temporary = { ...light, durationMs };
      void this.#parts.line.send(address, { kind: 'led', leds: [{ reader, led, temporary }] });
      const sound = { tone: defaultTone, onMs: 100, offMs: 100, count: beeps };
      void this.#parts.line.send(address, { kind: 'buz', reader, ...sound });
    }
  }

  showMode(entrance: string, mode: DoorMode): void {
    this.#modes.set(entrance, mode);
    for (const reader of this.#parts.wiring.readersOf(entrance)) this.#showMode(reader);
  }

  /** A reader that has just come up is dark. */
  greet(address: number): void {
    const { line, wiring } = this.#parts;
    const readers = wiring.readersAt(address);
    if (readers.length === 0) return;
    for (const reader of readers) this.#showMode(reader);
    void line.send(address, { kind: 'rstat' });
    // A board is asked by whoever watches its wires.
    if (wiring.doorsAt(address).length === 0) void line.send(address, { kind: 'lstat' });
  }

  hearKeys(address: number, reader: number, keys: string): void {
    for (const { entrance, side } of this.#at(address, reader)) this.#tell({ type: 'keys', entrance, side, keys });
  }

  /** Card bits, or the bytes that an optical reader has read. */
  hearRead(address: number, reader: number, bitCount: number, bits: Uint8Array): void {
    for (const { entrance, side } of this.#at(address, reader)) {
      if (bitCount > cardBitsMax) this.#tell({ type: 'qr', entrance, side, text: textOf(bits) });
      else this.#tell({ type: 'card', entrance, side, bitCount, bits });
    }
  }

  /** One that has lost its cable was torn off, as far as anybody can tell. */
  hearReaders(address: number, states: readonly ReaderState[]): void {
    for (const reader of this.#parts.wiring.readersAt(address)) {
      const state = states[reader.reader];
      if (state !== undefined) this.#noteTamper(reader, 'reader', state !== 'normal');
    }
  }

  /** The case of a reader that is a device by itself; the one of a board is told by its doors. */
  hearTamper(address: number, tampered: boolean): void {
    for (const reader of this.#alone(address)) this.#noteTamper(reader, 'case', tampered);
  }

  /** A reader is taken to be there until it is not. */
  hearOnline(address: number, online: boolean): void {
    if (online === !this.#offline.has(address)) return;
    if (online) this.#offline.delete(address);
    else this.#offline.add(address);
    for (const { entrance, side } of this.#alone(address)) {
      this.#tell({ type: 'online', entrance, side, address, online });
    }
  }

  /** The readers of a device that is no door's board. */
  #alone(address: number): readonly WiredReader[] {
    const { wiring } = this.#parts;
    return wiring.doorsAt(address).length > 0 ? [] : wiring.readersAt(address);
  }

  #noteTamper(wired: WiredReader, cause: 'case' | 'reader', active: boolean): void {
    const { entrance, side, address, reader } = wired;
    const causes = ['case', 'reader'].map((each) => `${address}.${reader} ${each}`);
    const isTampered = () => causes.some((each) => this.#tampered.has(each));
    const before = isTampered();
    const key = `${address}.${reader} ${cause}`;
    if (active) this.#tampered.add(key);
    else this.#tampered.delete(key);
    if (isTampered() !== before) this.#tell({ type: 'tamper', entrance, side, active });
  }

  #showMode({ entrance, address, reader }: WiredReader): void {
    const permanent = modeLight[this.#modes.get(entrance) ?? 'normal'];
    void this.#parts.line.send(address, { kind: 'led', leds: [{ reader, led, permanent }] });
  }

  #at(address: number, reader: number): readonly WiredReader[] {
    return this.#parts.wiring.readersAt(address).filter((wired) => wired.reader === reader);
  }

  #tell(event: ReaderEvent): void {
    this.#parts.onReader(event);
  }
}

/** Optical readers end a code as keyboards do. */
function textOf(bits: Uint8Array): string {
  return new TextDecoder().decode(bits).replace(/[\0\r\n]+$/, '');
}
