import { Transform, type TransformCallback } from 'node:stream';

/** PUBLISH, from MQTT 3.1.1 table 2.1. */
const publish = 3;
const lengthBytesMax = 4;
/** A wire that is asked to hold everything back for ever would fill the memory. */
const heldMax = 1_000;

/** What happens to a message on its way to the terminal. */
export type Mischief = 'double' | 'swap' | 'hold';

/**
 * Lets MQTT through packet by packet and does to every PUBLISH what `mischief` says at that moment: sends it twice, lets the next one overtake it, or
 * keeps it until `release()`. Other packets pass as they are.
 */
export class MqttMischief extends Transform {
  readonly #mischief: () => Mischief | undefined;
  readonly #held: Buffer[] = [];
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
