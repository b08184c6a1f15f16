import type { LinkFactory } from './link.ts';
import { connectSocket } from './socket-connect.ts';

const CONNECT_TIMEOUT_MS = 2_000;

/** Links to a door board (or a serial device server) that listens on TCP. A new connection each time. */
export function tcpLink(host: string, port: number): LinkFactory {
  return () => connectSocket({ host, port }, CONNECT_TIMEOUT_MS);
}
