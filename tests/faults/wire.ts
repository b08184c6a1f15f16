import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** What a wire does with the bytes of one direction; made anew for each connection. */
export type Passage = () => Transform;

const straight: Passage = () =>
  new Transform({
    transform(bytes: Buffer, _encoding, done) {
      done(null, bytes);
    },
  });

/** Bytes that leave one at a time, as the worst of networks may cut them. */
const crumbled: Passage = () =>
  new Transform({
    transform(bytes: Buffer, _encoding, done) {
      for (const byte of bytes) this.push(Buffer.of(byte));
      done();
    },
  });

interface Joint {
  readonly near: Socket;
  readonly far: Socket;
  readonly up: Transform;
  readonly down: Transform;
}

/** A TCP wire between a terminal and what serves it, that can be cut, go silent without a word, or crumble. */
export class Wire {
  readonly #server = createServer((near) => this.#join(near));
  readonly #joints = new Set<Joint>();
  readonly #forgotten = new Set<Joint>();
  #target: URL | undefined;
  #isCut = false;
  #isSilent = false;
  readonly #usualDown: Passage;
  #up: Passage = straight;
  #down: Passage;

  /** `down`: what happens on the way to the terminal while nothing else does. */
  constructor({ down = straight }: { down?: Passage } = {}) {
    this.#usualDown = down;
    this.#down = down;
  }

  /** Resolves with the port to connect to. */
  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where the wire leads; may be said after the start. */
  leadTo(url: string): void {
    this.#target = new URL(url);
  }

  async stop(): Promise<void> {
    this.cut();
    for (const { near, far } of this.#forgotten) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Ends every connection with a reset and refuses new ones until `restore`. */
  cut(): void {
    this.#isCut = true;
    this.#resetAll();
  }

  /** No byte and no FIN goes either way from now on: half-open, as when a router loses its table. */
  silence(): void {
    this.#isSilent = true;
    for (const { near, far, up, down } of this.#joints) {
      near.unpipe(up);
      far.unpipe(down);
    }
  }

  /** Who is connected hears nothing any more, for ever and without a word; who connects anew gets through. */
  forget(): void {
    for (const joint of this.#joints) {
      joint.near.unpipe(joint.up);
      joint.far.unpipe(joint.down);
      this.#forgotten.add(joint);
    }
    this.#joints.clear();
  }

  crumble(): void {
    this.#down = crumbled;
    this.#up = crumbled;
    this.#resetAll();
  }

  /** Straight again. What was silent goes on where it stood. */
  restore(): void {
    this.#isCut = false;
    this.#down = this.#usualDown;
    this.#up = straight;
    if (!this.#isSilent) return;
    this.#isSilent = false;
    for (const { near, far, up, down } of this.#joints) {
      near.pipe(up);
      far.pipe(down);
    }
  }

  #resetAll(): void {
    for (const { near, far } of this.#joints) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  #join(near: Socket): void {
    if (this.#isCut || !this.#target) return void near.resetAndDestroy();
    const far = connect({ host: this.#target.hostname, port: Number(this.#target.port) });
    const joint = { near, far, up: this.#up(), down: this.#down() };
    this.#joints.add(joint);
    near.setNoDelay(true);
    far.setNoDelay(true);
    joint.up.pipe(far);
    joint.down.pipe(near);
    if (!this.#isSilent) {
      near.pipe(joint.up);
      far.pipe(joint.down);
    }
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => undefined); // its close follows
      socket.once('close', () => {
        this.#joints.delete(joint);
        if (this.#forgotten.has(joint)) return;
        other.destroy();
      });
    }
  }
}
