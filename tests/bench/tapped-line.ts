import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface LineTap {
  /** Where the line leads, asked for at each connection. */
  readonly to: () => { readonly host: string; readonly port: number };
  /** Bytes on their way there, before they are passed on. */
  readonly onSent?: (bytes: Buffer) => void;
  /** Bytes on their way back. */
  readonly onAnswer?: (bytes: Buffer) => void;
}

/** A TCP line with somebody in the middle, who listens, and holds back what comes back, and says it again. */
export class TappedLine {
  readonly #tap: LineTap;
  readonly #server = createServer((socket) => this.#join(socket));
  readonly #sockets = new Set<Socket>();
  #newest: Socket | undefined;
  #held: { readonly to: Socket; readonly bytes: Buffer }[] | undefined;

  constructor(tap: LineTap) {
    this.#tap = tap;
  }

  /** Resolves with the port of the near end. */
  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** From now on nothing comes back. */
  hold(): void {
    this.#held ??= [];
  }

  /** What was held back comes now, and everything after it at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { to, bytes } of held) if (!to.destroyed) to.write(bytes);
  }

  /** Says something to whoever joined last, as if it came from the far end. */
  say(bytes: Buffer): void {
    this.#newest?.write(bytes);
  }

  #join(near: Socket): void {
    const far = connect(this.#tap.to());
    this.#newest = near;
    near.setNoDelay(true);
    far.setNoDelay(true);
    near.on('data', (bytes) => {
      this.#tap.onSent?.(bytes);
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      this.#tap.onAnswer?.(bytes);
      if (this.#held) this.#held.push({ to: near, bytes });
      else near.write(bytes);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // its close follows
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
