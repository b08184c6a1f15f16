import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { areKeys } from '../osdp/messages/keypad-digits.ts';
import { DoorStation } from '../sim/door-station.ts';
import type { LinkPlace } from '../transport/link-server.ts';
import { systemClock } from '../units/time.ts';
import { UsageError } from './usage-error.ts';

const CARD = 'D41B81';

/**
 * `pd --listen PORT|unix:/PATH [--address N] [--baud N]`: a door board that answers on a link. Each line on standard input is
 * typed on its keypad; each change of its state is a JSON line on standard output. Ends with its input, SIGINT or SIGTERM.
 */
export async function runDevice(args: readonly string[]): Promise<number> {
  const { place, address, baud } = readDeviceArgs(args);
  const options = { name: 'pd', card: CARD, autoWalk: false, clock: systemClock, place, address };
  const station = new DoorStation({ ...options, ...(baud !== undefined && { baud }) });
  const linkPort = await station.start();
  console.log(JSON.stringify({ ready: true, linkPort, address }));
  station.watch((state) => console.log(JSON.stringify(state)));
  const lines = createInterface(process.stdin);
  lines.on('line', (line) => typeLine(station, line.trim()));
  process.once('SIGINT', () => lines.close());
  process.once('SIGTERM', () => lines.close());
  await once(lines, 'close');
  await station.stop();
  return 0;
}

function typeLine(station: DoorStation, keys: string): void {
  if (!areKeys(keys)) {
    console.error('keys are 0-9, *, # and A-D');
  } else if (!station.act((door, nowMs) => door.typeKeys(keys, nowMs))) {
    console.error('the board holds as many unread keys as it can');
  }
}

function readDeviceArgs(args: readonly string[]): { place: LinkPlace; address: number; baud: number | undefined } {
  const values = parseDeviceArgs(args);
  const address = Number(values.address);
  if (!Number.isInteger(address) || address < 0 || address > 0x7e) {
    throw new UsageError('--address is a number from 0 to 126.');
  }
  const baud = values.baud === undefined ? undefined : Number(values.baud);
  if (baud !== undefined && !(baud >= 1_200 && baud <= 1_000_000)) {
    throw new UsageError('--baud is a number from 1200 to 1000000.');
  }
  return { place: readPlace(values.listen), address, baud };
}

function parseDeviceArgs(args: readonly string[]) {
  try {
    const options = {
      listen: { type: 'string', default: '0' },
      address: { type: 'string', default: '0' },
      baud: { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The arguments cannot be read.', { cause: error });
  }
}

function readPlace(listen: string): LinkPlace {
  if (listen.startsWith('unix:')) {
    return { path: listen.slice('unix:'.length) };
  }
  const port = Number(listen);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError('--listen is a port or unix:/path.');
  }
  return { port };
}
