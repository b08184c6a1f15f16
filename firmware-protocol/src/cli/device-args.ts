import { CONFIGURATION_ADDRESS } from '../osdp/frame/frame.ts';
import type { LinkPlace } from '../transport/link-server.ts';
import { readOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

/** How `pd` was asked to run. */
export interface DeviceArgs {
  readonly place: LinkPlace;
  /** One device each; at least one, none twice. */
  readonly addresses: readonly number[];
  readonly baud: number | undefined;
  readonly keyFile: string | undefined;
  /** SCBK-D is accepted until a key is set. */
  readonly isInstalling: boolean;
  readonly requiresSecure: boolean;
  /** File that says what the devices are. */
  readonly describe: string | undefined;
}

/** Throws UsageError. */
export function readDeviceArgs(args: readonly string[]): DeviceArgs {
  const values = parseDeviceArgs(args);
  const baud = values.baud === undefined ? undefined : Number(values.baud);
  if (baud !== undefined && !(baud >= 1_200 && baud <= 1_000_000)) {
    throw new UsageError('--baud is a number from 1200 to 1000000.');
  }
  return {
    place: readPlace(values.listen),
    addresses: readAddresses(values.address),
    baud,
    keyFile: values['key-file'],
    isInstalling: values.install,
    requiresSecure: values['require-secure'],
    describe: values.describe,
  };
}

function parseDeviceArgs(args: readonly string[]) {
  const options = {
    listen: { type: 'string', default: '0' },
    address: { type: 'string', default: '0' },
    baud: { type: 'string' },
    'key-file': { type: 'string' },
    install: { type: 'boolean', default: false },
    'require-secure': { type: 'boolean', default: false },
    describe: { type: 'string' },
  } as const;
  return readOptions({ args: [...args], options }).values;
}

function readAddresses(text: string): number[] {
  const addresses = text.split(',').map((part) => (/^\d{1,3}$/.test(part.trim()) ? Number(part) : -1));
  if (addresses.some((address) => address < 0 || address >= CONFIGURATION_ADDRESS)) {
    throw new UsageError('--address is a number from 0 to 126.');
  }
  if (new Set(addresses).size < addresses.length) {
    throw new UsageError('--address names a device twice.');
  }
  return addresses;
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
