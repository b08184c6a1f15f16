import type { OsdpFrame, Sequence } from '../frame/frame.ts';
import { NO_DATA, nextSequence } from '../frame/frame.ts';

/**
 * Where a command stands in the numbering (spec 5.9.4): `next` is to be carried out, `repeat` gets the last reply again, bit for bit,
 * because the panel has not heard it, and `wrong` is neither. A repeat is the same bytes: another command with the last number means that a
 * late copy has taken its place, and to acknowledge it unseen would lose an order.
 */
export type SequencePlace = 'next' | 'repeat' | 'wrong';

/** The last command that a device carried out and the reply it sent. */
export class LastExchange {
  #sequence: Sequence | undefined;
  #command: Uint8Array = NO_DATA;
  #reply: Uint8Array = NO_DATA;

  get reply(): Uint8Array {
    return this.#reply;
  }

  placeOf({ sequence, raw }: OsdpFrame): SequencePlace {
    if (sequence === this.#sequence && isSame(raw, this.#command)) {
      return 'repeat';
    }
    const isNext = sequence === 0 || (this.#sequence !== undefined && sequence === nextSequence(this.#sequence));
    return isNext ? 'next' : 'wrong';
  }

  remember({ sequence, raw }: OsdpFrame, reply: Uint8Array): void {
    this.#sequence = sequence;
    this.#command = raw;
    this.#reply = reply;
  }

  /** Power was cut. */
  forget(): void {
    this.#sequence = undefined;
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
