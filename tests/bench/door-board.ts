import { Peripheral, StreamParser, type ByteLink } from '@gatecast/firmware-protocol';
import { LinkServer } from '@gatecast/firmware-protocol/node';
import { waitUntil } from '../harness/wait-until.ts';

const out = 0x68;
const keypadReply = 0x53;
const hash = 0x0d;
const answerWithinMs = 5_000;

/** A door board at the end of a TCP link that notes when the last key left it and when the order to release reached it. */
export class DoorBoard {
  readonly #board = new Peripheral({
    address: 0,
    identity: { vendor: '474343', model: 1, version: 1, serial: 1, firmware: { major: 1, minor: 0, build: 0 } },
    inputs: 3,
    outputs: 1,
    readers: 1,
    onChange: () => undefined,
  });
  readonly #server = new LinkServer({ port: 0 }, (link) => this.#attach(link));
  #parser = new StreamParser();
  #keySentMs = 0;
  #released: ((delayMs: number) => void) | undefined;
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

  #attach(link: ByteLink): void {
    this.#parser = new StreamParser();
    link.onData((bytes) => {
      this.#watch(bytes);
      for (const reply of this.#board.receive(bytes, performance.now())) {
        // Before the write: once it returns, the other core may have answered already.
        if (isLastKey(reply)) this.#keySentMs = performance.now();
        link.write(reply);
      }
    });
  }

  #watch(bytes: Uint8Array): void {
    for (const item of this.#parser.push(bytes)) {
      if (item.kind !== 'frame' || item.frame.code !== out) continue;
      this.outBytes = item.frame.raw.length + 1;
      this.#released?.(performance.now() - this.#keySentMs);
      this.#released = undefined;
    }
  }

  /** Types as fast as the panel fetches. Resolves with the time from the last key to the order to release, in ms. */
  async openBy(digits: string): Promise<number> {
    const delay = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the door was not opened')), answerWithinMs);
      this.#released = (delayMs) => {
        clearTimeout(timer);
        resolve(delayMs);
      };
    });
    for (const digit of digits) this.#board.pressKeys({ reader: 0, keys: digit });
    return delay;
  }
}

/** True for the reply that carries `#`, the end of a code. */
function isLastKey(reply: Uint8Array): boolean {
  return reply.includes(keypadReply) && reply.at(-3) === hash;
}
