import { once } from 'node:events';
import { lstat, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { ByteLink } from './link.ts';
import { SocketLink } from './socket-link.ts';

/** Where the hardware's end of the line is: a TCP port on this machine (0 = any free one) or a unix socket. */
export type LinkPlace = { readonly port: number } | { readonly path: string };

/**
 * The hardware's end of a byte link. A wire has one panel at its end: a new connection takes the line over and the old
 * one is closed, as after a panel's restart whose old socket is not yet noticed dead.
 */
export class LinkServer {
  readonly #place: LinkPlace;
  readonly #onLink: (link: ByteLink) => void;
  readonly #server: Server;
  #current: ByteLink | undefined;

  constructor(place: LinkPlace, onLink: (link: ByteLink) => void) {
    this.#place = place;
    this.#onLink = onLink;
    this.#server = createServer((socket) => this.#takeOver(new SocketLink(socket)));
  }

  /** The port that was taken; 0 for a unix socket. Rejects when the place is taken. */
  async start(): Promise<number> {
    if ('path' in this.#place) {
      await removeStaleSocket(this.#place.path);
      this.#server.listen(this.#place.path);
    } else {
      this.#server.listen(this.#place.port, '127.0.0.1');
    }
    await once(this.#server, 'listening');
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#current?.close();
    if (this.#server.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      await closed;
    }
  }

  #takeOver(link: ByteLink): void {
    const old = this.#current;
    this.#current = link;
    old?.close();
    this.#onLink(link);
  }
}

/** A killed process leaves its socket behind, and then nobody can listen there. Anything else at that path is left alone. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() === true) {
    await rm(path);
  }
}
