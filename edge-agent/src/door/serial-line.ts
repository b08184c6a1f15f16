import { DomainError, type ByteLink, type LinkFactory } from '@gatecast/firmware-protocol';
import { tcpLink, unixLink } from '@gatecast/firmware-protocol/node';
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
  if (tcp) return { connect: tcpLink(tcp['host'] ?? '', Number(tcp['port'])), baud };
  if (place.startsWith('unix:')) return { connect: unixLink(path ?? ''), baud };
  return { connect: givingUpWhenStale(() => openSerialPort(path ?? '', baud)), baud };
}

/** A new port object for each link: one that saw a disconnect opens again but carries nothing. */
async function openSerialPort(path: string, baudRate: number): Promise<ByteLink> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let failure: Error | undefined;
  let onClose: ((error: Error | undefined) => void) | undefined;
  const closed = (error: Error | undefined) => {
    onClose?.(error);
    onClose = undefined;
    if (port.isOpen) port.close(() => undefined);
  };
  port.on('error', (error: Error) => {
    failure = error;
    closed(error);
  });
  port.on('close', () => closed(failure));
  return {
    write: (bytes) => void port.write(bytes),
    onData: (listener) => void port.removeAllListeners('data').on('data', listener),
    onClose(listener) {
      onClose = listener;
    },
    close: () => closed(undefined),
  };
}
