import type { Socket } from 'node:net';
import type { ByteLink } from './link.ts';

/** A peer that reads nothing for so many bytes is gone, whatever TCP says. OSDP needs less than 2 KiB in flight. */
const UNREAD_BYTES_MAX = 64 * 1024;

/** A connected socket (TCP or unix) as a link. */
export class SocketLink implements ByteLink {
  readonly #socket: Socket;
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', (error) => {
      this.#error = error;
    });
  }

  write(bytes: Uint8Array): void {
    if (!this.#socket.writable) {
      return;
    }
    this.#socket.write(bytes);
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) {
      this.#socket.destroy(new Error(`the other end has not read ${UNREAD_BYTES_MAX} bytes`));
    }
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (bytes: Buffer) => listener(bytes));
  }

  onClose(listener: (error: Error | undefined) => void): void {
    this.#socket.removeAllListeners('close');
    this.#socket.once('close', () => listener(this.#error));
    // Node does not emit twice: a socket that broke before anybody listened has to be told here.
    if (this.#socket.closed) {
      queueMicrotask(() => listener(this.#error));
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
