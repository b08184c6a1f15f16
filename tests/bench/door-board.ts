import { Peripheral, StreamParser, type ByteLink, type OsdpFrame } from '@gatecast/firmware-protocol';
import { LinkServer } from '@gatecast/firmware-protocol/node';
import { waitUntil } from '../harness/wait-until.ts';

const poll = 0x60;
const out = 0x68;
const led = 0x69;
const keypadReply = 0x53;
const rawReply = 0x50;
const hash = 0x0d;
const answerWithinMs = 5_000;
/** Of the door itself. */
const liveAddress = 0;
const cardBits = 26;

const deviceAt = (address: number): Peripheral =>
  new Peripheral({
    address,
    identity: { vendor: '474343', model: 1, version: 1, serial: 1, firmware: { major: 1, minor: 0, build: 0 } },
    inputs: 3,
    outputs: 1,
    readers: 1,
    onChange: () => undefined,
  });

/** What a measurement waits for: the next command of this code to the live board. */
interface Awaited {
  readonly code: number;
  readonly resolve: (delayMs: number) => void;
}

/**
 * Door boards at the end of a TCP link. Notes when the last byte of a key or a card left the live one, when the order that it caused reached it, and
 * how long the live one went without being asked.
 */
export class DoorBoard {
  readonly #board = deviceAt(liveAddress);
  readonly #devices = [this.#board];
  readonly #server = new LinkServer({ port: 0 }, (link) => this.#attach(link));
  #parser = new StreamParser();
  #readSentMs = 0;
  #awaited: Awaited | undefined;
  #lastAskedMs: number | undefined;
  #gapsMs: number[] | undefined;
  #pluggedIn: { readonly address: number; readonly resolve: (atMs: number) => void } | undefined;
  /** Length of the newest OUT frame, its mark included. */
  outBytes = 0;

  start(): Promise<number> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async online(): Promise<void> {
    await waitUntil('the agent to speak to the board', () => this.#board.isOnlineAt(performance.now()));
  }

  /** Types as fast as the panel fetches. Resolves with the time from the last key to the order to release, in ms. */
  openBy(digits: string): Promise<number> {
    const delay = this.#await(out);
    for (const digit of digits) this.#board.pressKeys({ reader: 0, keys: digit });
    return delay;
  }

  /** Holds a card that nobody knows to the reader. Resolves with the time until the reader is told to show it, in ms. */
  refuseCard(number: number): Promise<number> {
    const delay = this.#await(led);
    const bits = Uint8Array.of(number >> 16, number >> 8, number, 0);
    this.#board.presentCard({ reader: 0, format: 1, bitCount: cardBits, bits });
    return delay;
  }

  /** How long the live board waited between two questions, in ms, over `durationMs`. */
  async gaps(durationMs: number): Promise<readonly number[]> {
    const gapsMs: number[] = [];
    this.#lastAskedMs = undefined;
    this.#gapsMs = gapsMs;
    const end = performance.now() + durationMs;
    await waitUntil('the line to have been watched', () => performance.now() >= end, {
      withinMs: durationMs + answerWithinMs,
    });
    this.#gapsMs = undefined;
    return gapsMs;
  }

  /** A device that was dead answers from now on. Resolves with the time until it is polled: online, in ms. */
  async plugIn(address: number): Promise<number> {
    this.#devices.push(deviceAt(address));
    const sinceMs = performance.now();
    const atMs = await new Promise<number>((resolve) => {
      this.#pluggedIn = { address, resolve };
    });
    return atMs - sinceMs;
  }

  #await(code: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no order came for what was read')), answerWithinMs);
      const done = (delayMs: number): void => {
        clearTimeout(timer);
        resolve(delayMs);
      };
      this.#awaited = { code, resolve: done };
    });
  }

  #attach(link: ByteLink): void {
    this.#parser = new StreamParser();
    link.onData((bytes) => {
      for (const item of this.#parser.push(bytes)) if (item.kind === 'frame') this.#watch(item.frame);
      for (const device of this.#devices) {
        for (const reply of device.receive(bytes, performance.now())) {
          // Before the write: once it returns, the other core may have answered already.
          if (endsRead(reply)) this.#readSentMs = performance.now();
          link.write(reply);
        }
      }
    });
  }

  #watch(frame: OsdpFrame): void {
    const nowMs = performance.now();
    if (frame.address === this.#pluggedIn?.address && frame.code === poll) {
      this.#pluggedIn.resolve(nowMs);
      this.#pluggedIn = undefined;
    }
    if (frame.address !== liveAddress) return;
    if (this.#lastAskedMs !== undefined) this.#gapsMs?.push(nowMs - this.#lastAskedMs);
    this.#lastAskedMs = nowMs;
    if (frame.code === out) this.outBytes = frame.raw.length + 1;
    if (frame.code !== this.#awaited?.code) return;
    const { resolve } = this.#awaited;
    this.#awaited = undefined;
    resolve(nowMs - this.#readSentMs);
  }
}

/** True for the reply that carries `#`, the end of a code, or a card. */
const endsRead = (reply: Uint8Array): boolean =>
  (reply.includes(keypadReply) && reply.at(-3) === hash) || reply.at(6) === rawReply || reply.at(5) === rawReply;
