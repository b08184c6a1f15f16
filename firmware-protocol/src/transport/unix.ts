import type { LinkFactory } from './link.ts';
import { connectSocket } from './socket-connect.ts';

const CONNECT_TIMEOUT_MS = 2_000;

/** Links to a unix socket: a door board on the same machine. A new connection each time. */
export function unixLink(path: string): LinkFactory {
  return () => connectSocket({ path }, CONNECT_TIMEOUT_MS);
}
