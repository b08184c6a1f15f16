import type { ReaderState, Reply } from '../messages/replies.ts';
import type { DeviceEvent } from './panel-events.ts';

/** Whether a reply tells something that must be told once, in order: a key or a card. */
export function isRead({ kind }: Reply): boolean {
  return kind === 'keypad' || kind === 'raw';
}

/** Whether a reply tells something about the door, rather than just answering. */
export function isReport({ kind }: Reply): boolean {
  return REPORTS.has(kind);
}

const REPORTS: ReadonlySet<Reply['kind']> = new Set(['keypad', 'raw', 'istatr', 'ostatr', 'lstatr', 'rstatr']);

/**
 * What replies tell about the door, whichever command they answer. Keys, cards, inputs and outputs are told as they come; tamper, power
 * and readers only when they change.
 */
export class ReplyEvents {
  #isTampered = false;
  #hasPowerFailed = false;
  #readers: readonly ReaderState[] = [];

  /** None for a mere acknowledgement. */
  of(reply: Reply): DeviceEvent[] {
    switch (reply.kind) {
      case 'keypad':
        return [{ type: 'keypad', reader: reply.reader, keys: reply.keys }];
      case 'raw': {
        const { reader, format, bitCount, bits } = reply;
        return [{ type: 'raw', reader, format, bitCount, bits }];
      }
      case 'istatr':
        return [{ type: 'input', inputs: reply.inputs }];
      case 'ostatr':
        return [{ type: 'output', outputs: reply.outputs }];
      case 'lstatr':
        return this.#localChanges(reply.tampered, reply.powerFailed);
      case 'rstatr':
        return this.#readerChanges(reply.readers);
      default:
        return [];
    }
  }

  #localChanges(tampered: boolean, powerFailed: boolean): DeviceEvent[] {
    const events: DeviceEvent[] = [];
    if (tampered !== this.#isTampered) {
      events.push({ type: 'tamper', tampered });
    }
    if (powerFailed !== this.#hasPowerFailed) {
      events.push({ type: 'power', powerFailed });
    }
    this.#isTampered = tampered;
    this.#hasPowerFailed = powerFailed;
    return events;
  }

  #readerChanges(readers: readonly ReaderState[]): DeviceEvent[] {
    const before = this.#readers;
    this.#readers = readers;
    return readers.some((state, index) => state !== (before[index] ?? 'normal')) ? [{ type: 'reader', readers }] : [];
  }
}
