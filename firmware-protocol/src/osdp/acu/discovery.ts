import {
  BUSY_REPEAT_MS,
  INTER_CHARACTER_MS,
  PROBE_WINDOW_MS,
  idleBeforeCommandMs,
  wireTimeMs,
} from '../frame/bus-timing.ts';
import { CONFIGURATION_ADDRESS, encodeFrame } from '../frame/frame.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import { StreamParser } from '../frame/stream-parser.ts';
import type { StreamItem } from '../frame/stream-parser.ts';
import type { Command } from '../messages/commands.ts';
import { encodeCommand } from '../messages/commands.ts';
import type { Capability, DeviceIdentity } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';

/** Something answered at an address. */
export interface FoundDevice {
  readonly address: number;
  /** `unreadable`: bytes came, but never a frame. Two devices with one address, the wrong speed, or a disturbed line. */
  readonly answer: 'readable' | 'unreadable';
  /** Undefined when it would not say. */
  readonly identity: DeviceIdentity | undefined;
  readonly capabilities: readonly Capability[];
}

export interface DiscoveryOptions {
  /** Each 0x00..0x7E; asked in this order. */
  readonly addresses: readonly number[];
  /** Of the wire. Another speed is another sweep, on a line opened anew. */
  readonly baud: number;
  /** Called from inside `receive` and `nextTransmission`. */
  readonly onFound: (device: FoundDevice) => void;
}

/** All addresses that a device may have. */
export const ALL_ADDRESSES: readonly number[] = Array.from({ length: CONFIGURATION_ADDRESS }, (_, address) => address);

/** So often an address is asked that answers BUSY or in no readable way. */
const TRIES_MAX = 4;
/** PDID in a frame; a PDCAP may be longer, and then its own bytes extend the window. */
const REPLY_BYTES = 21;

type Asked = Extract<Command['kind'], 'id' | 'cap'>;

/** Where the sweep is. */
interface Visit {
  readonly address: number;
  asks: Asked;
  tries: number;
  identity: DeviceIdentity | undefined;
  /** Something came that was no frame. */
  isNoisy: boolean;
}

/**
 * Asks one address after the other who is there: ID, and CAP of those that answer. Without I/O: monotonic milliseconds and bytes in,
 * bytes out. No panel may talk on the line meanwhile. A device that is there starts anew with the next panel's sequence 0.
 */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #parser = new StreamParser();
  #next = 0;
  #visit: Visit | undefined;
  /** A question is on the wire until then; undefined when the next may be asked. */
  #deadlineMs: number | undefined;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.#visit === undefined && this.#next >= this.#options.addresses.length;
  }

  /** Addresses that are done with, and all of them. To end a sweep early, stop asking it. */
  get progress(): { readonly done: number; readonly total: number } {
    return { done: this.#next - (this.#visit === undefined ? 0 : 1), total: this.#options.addresses.length };
  }

  /** The bytes to put on the wire now, if any. */
  nextTransmission(nowMs: number): Uint8Array | undefined {
    if (this.#deadlineMs !== undefined && nowMs >= this.#deadlineMs) {
      this.#hear(this.#parser.endOfSilence(), nowMs);
      this.#giveUp(nowMs);
    }
    if (this.#deadlineMs !== undefined || nowMs < this.#notBeforeMs) {
      return undefined;
    }
    this.#visit ??= this.#visitNext();
    return this.#visit && this.#ask(this.#visit, nowMs);
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, nowMs + idleBeforeCommandMs(this.#options.baud));
    this.#hear(this.#parser.push(bytes), nowMs);
    if (this.#deadlineMs !== undefined && this.#parser.pendingBytes > 0) {
      this.#deadlineMs = Math.max(this.#deadlineMs, nowMs + INTER_CHARACTER_MS);
    }
  }

  /** When `nextTransmission` has something to do; undefined when all is done. */
  nextDeadlineMs(): number | undefined {
    return this.isDone ? undefined : (this.#deadlineMs ?? this.#notBeforeMs);
  }

  #visitNext(): Visit | undefined {
    const address = this.#options.addresses[this.#next];
    this.#next += address === undefined ? 0 : 1;
    return address === undefined ? undefined : { address, asks: 'id', tries: 0, identity: undefined, isNoisy: false };
  }

  #ask(visit: Visit, nowMs: number): Uint8Array {
    visit.tries += 1;
    const { baud } = this.#options;
    const { code, data } = encodeCommand({ kind: visit.asks });
    const bytes = encodeFrame({
      direction: 'command',
      address: visit.address,
      sequence: visit.asks === 'id' ? 0 : 1,
      check: 'crc',
      security: undefined,
      code,
      data,
      mac: undefined,
    });
    this.#deadlineMs = nowMs + wireTimeMs(bytes.length + REPLY_BYTES, baud) + PROBE_WINDOW_MS;
    return bytes;
  }

  #hear(items: readonly StreamItem[], nowMs: number): void {
    for (const item of items) {
      const visit = this.#visit;
      if (visit === undefined || this.#deadlineMs === undefined) {
        return;
      }
      if (item.kind === 'discarded') {
        visit.isNoisy = true;
      } else if (item.frame.direction === 'reply' && item.frame.address === visit.address) {
        this.#answered(visit, item.frame, nowMs);
      }
    }
  }

  #answered(visit: Visit, { code, data }: OsdpFrame, nowMs: number): void {
    const reply = decodeReply(code, data);
    const kind = typeof reply === 'string' ? reply : reply.kind;
    this.#deadlineMs = undefined;
    if (kind === 'busy' && visit.tries < TRIES_MAX) {
      this.#notBeforeMs = nowMs + BUSY_REPEAT_MS;
      return;
    }
    if (visit.asks === 'id') {
      visit.identity = typeof reply !== 'string' && reply.kind === 'pdid' ? reply.identity : undefined;
      visit.asks = 'cap';
      visit.tries = 0;
      return;
    }
    this.#tell(visit, typeof reply !== 'string' && reply.kind === 'pdcap' ? reply.capabilities : []);
  }

  /** The window is over. */
  #giveUp(nowMs: number): void {
    const visit = this.#visit;
    if (visit === undefined || this.#deadlineMs === undefined) {
      return;
    }
    this.#deadlineMs = undefined;
    this.#notBeforeMs = nowMs;
    const isThere = visit.isNoisy || visit.asks === 'cap';
    if (!isThere) {
      this.#visit = undefined;
    } else if (visit.tries >= TRIES_MAX) {
      this.#tell(visit, []);
    }
  }

  #tell({ address, asks, identity }: Visit, capabilities: readonly Capability[]): void {
    this.#visit = undefined;
    const answer = asks === 'cap' ? 'readable' : 'unreadable';
    this.#options.onFound({ address, answer, identity, capabilities });
  }
}
