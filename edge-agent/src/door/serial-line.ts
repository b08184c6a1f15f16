import { DomainError, type LinkFactory } from '@gatecast/firmware-protocol';
import { serialLink, tcpLink, unixLink } from '@gatecast/firmware-protocol/node';
import { givingUpWhenStale } from './stale-link.ts';

export interface DoorLink {
  readonly connect: LinkFactory;
  /** Of the wire itself, also behind a converter. */
  readonly baud: number;
}

const networkBaud = 115_200;
const serialBaud = 9_600;

/**
 * The way to the door hardware: `tcp://host:port`, `unix:/path` or `serial:/dev/ttyUSB0?baud=9600`.
 * Throws DomainError `bad-door-link` for anything else.
 */
export function doorLink(url: string): DoorLink {
  const [place = '', query] = url.split('?');
  const baud = Number(
    new URLSearchParams(query).get('baud') ?? (place.startsWith('serial:') ? serialBaud : networkBaud),
  );
  const tcp = /^tcp:\/\/(?<host>[\w.-]+):(?<port>\d{1,5})$/.exec(place)?.groups;
  const path = /^(?:unix|serial):(?<path>\/.+)$/.exec(place)?.groups?.['path'];
  if (!Number.isInteger(baud) || baud < 1 || (!tcp && !path)) {
    throw new DomainError('bad-door-link', 'a door link is tcp://host:port, unix:/path or serial:/dev/tty…?baud=9600');
  }
  if (tcp) return { connect: givingUpWhenStale(tcpLink(tcp['host'] ?? '', Number(tcp['port']))), baud };
  if (place.startsWith('unix:')) return { connect: unixLink(path ?? ''), baud };
  return { connect: givingUpWhenStale(serialLink(path ?? '', baud)), baud };
}
