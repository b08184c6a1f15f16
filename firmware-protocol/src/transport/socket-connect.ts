import { createConnection } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';
import type { ByteLink } from './link.ts';
import { SocketLink } from './socket-link.ts';

/** Rejects with the socket's own error, or when nobody has answered within `timeoutMs`. */
export function connectSocket(where: NetConnectOpts, timeoutMs: number): Promise<ByteLink> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection(where);
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(new SocketLink(socket));
    });
  });
}
