import { serialLink } from '../transport/serial.ts';
import { tcpLink } from '../transport/tcp.ts';
import { unixLink } from '../transport/unix.ts';
import type { LinkFactory } from '../transport/link.ts';
import { UsageError } from './usage-error.ts';

/** A line as it was named on the command line. */
export interface LinkArgument {
  readonly name: string;
  /** Speed of the wire as far as it is known: of a network link it is not. */
  readonly baud: number | undefined;
  /** At `baud` when it is a serial port; a network link has the speed that its other end has. */
  readonly connectAt: (baud: number) => LinkFactory;
}

const DEFAULT_BAUD = 9600;
const BAUD_MIN = 300;
const BAUD_MAX = 4_000_000;

/** `tcp://host:port`, `unix:/path` or `serial:/dev/tty…?baud=N`. Throws UsageError for anything else. */
export function readLink(name: string): LinkArgument {
  const { scheme, host, port, path, baud } = LINK.exec(name)?.groups ?? {};
  if (scheme === 'serial:' && path !== undefined) {
    return { name, baud: readBaud(baud ?? String(DEFAULT_BAUD)), connectAt: (speed) => serialLink(path, speed) };
  }
  if (host !== undefined && Number(port) <= 65_535) {
    return { name, baud: undefined, connectAt: () => tcpLink(host, Number(port)) };
  }
  if (scheme === 'unix:' && path !== undefined && baud === undefined) {
    return { name, baud: undefined, connectAt: () => unixLink(path) };
  }
  throw new UsageError('A link is tcp://host:port, unix:/path or serial:/dev/tty…?baud=9600.');
}

const LINK =
  /^(?:tcp:\/\/(?<host>[\w.-]+|\[[\da-fA-F:.]+\]):(?<port>\d{1,5})|(?<scheme>unix:|serial:)(?<path>[^?]+)(?:\?baud=(?<baud>\d+))?)$/;

/** Throws UsageError for a speed that no adapter has. */
export function readBaud(text: string): number {
  const baud = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(baud >= BAUD_MIN && baud <= BAUD_MAX)) {
    throw new UsageError(`A baud is a number from ${BAUD_MIN} to ${BAUD_MAX}.`);
  }
  return baud;
}
