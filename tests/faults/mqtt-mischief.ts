import { Transform, type TransformCallback } from 'node:stream';

/** PUBLISH, from MQTT 3.1.1 table 2.1. */
const publish = 3;
const lengthBytesMax = 4;
/** A wire that is asked to hold everything back for ever would fill the memory. */
const heldMax = 1_000;
const pastMax = 100;

/** What happens to a message on its way to the terminal. */
export type Mischief = 'double' | 'swap' | 'hold' | 'forge' | 'replay';

/**
 * Lets MQTT through packet by packet and does to every PUBLISH what `mischief` says at that moment: sends it twice, lets the next one overtake it, or
 * keeps it until `release()`; or sends it with one bit turned before it, or everything that came before it once more. Other packets pass as they are.
 */
export class MqttMischief extends Transform {
  readonly #mischief: () => Mischief | undefined;
  readonly #held: Buffer[] = [];
  /** The newest last. */
  readonly #past: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);

  constructor(mischief: () => Mischief | undefined) {
    super();
    this.#mischief = mischief;
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (let packet = this.#take(); packet; packet = this.#take()) this.#pass(packet);
    done();
  }

  get held(): number {
    return this.#held.length;
  }

  /** Everything that was held goes out now, in its order. */
  release(): void {
    for (const packet of this.#held.splice(0)) this.push(packet);
  }

  #pass(packet: Buffer): void {
    if ((packet[0] ?? 0) >> 4 !== publish || this.#held.length >= heldMax) return void this.push(packet);
    this.#past.push(packet);
    if (this.#past.length > pastMax) this.#past.shift();
    switch (this.#mischief()) {
      case undefined:
        return void this.push(packet);
      case 'double':
        this.push(packet);
        return void this.push(packet);
      case 'swap':
        if (this.#held.length === 0) return void this.#held.push(packet);
        this.push(packet);
        return this.release();
      case 'hold':
        return void this.#held.push(packet);
      case 'forge':
        this.push(forged(packet));
        return void this.push(packet);
      case 'replay':
        for (const past of this.#past) this.push(past);
    }
  }

  /** The next whole packet, if it is there. */
  #take(): Buffer | undefined {
    let length = 0;
    for (let i = 1; i <= lengthBytesMax; i += 1) {
      const byte = this.#rest[i];
      if (byte === undefined) return undefined;
      length += (byte & 0x7f) * 128 ** (i - 1);
      if (byte < 0x80) {
        const end = 1 + i + length;
        if (this.#rest.length < end) return undefined;
        const packet = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end);
        return packet;
      }
    }
    throw new RangeError('no MQTT packet is that long');
  }
}

/** One bit of the payload's second half is another: in a command, of its signature or of what was signed. */
function forged(packet: Buffer): Buffer {
  const copy = Buffer.from(packet);
  const at = copy.length - 1 - Math.floor(copy.length / 4);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
