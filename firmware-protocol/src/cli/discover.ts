import { CONFIGURATION_ADDRESS } from '../osdp/frame/frame.ts';
import type { Capability } from '../osdp/messages/replies.ts';
import type { FoundDevice } from '../osdp/acu/discovery.ts';
import { ALL_ADDRESSES, Discovery } from '../osdp/acu/discovery.ts';
import { sweepLine } from '../transport/sweep-line.ts';
import { systemClock } from '../units/time.ts';
import type { LinkArgument } from './link-argument.ts';
import { readBaud, readLink } from './link-argument.ts';
import { onlyArgument, readOptions } from './options.ts';
import { UsageError } from './usage-error.ts';

/** How fast the wire behind a network link is nobody tells; at this speed the windows suit most of them. */
const NETWORK_BAUD = 9600;

/**
 * `discover LINK [--baud LIST] [--addresses A-B] [--json]`: asks each address at each speed who is there. Resolves with the exit
 * code: 1 when nobody answered. Rejects with UsageError, or with the error of a line that cannot be opened or broke.
 */
export async function discover(args: readonly string[]): Promise<number> {
  const { values, positionals } = readDiscoverOptions(args);
  const link = readLink(onlyArgument(positionals, 'A link to search'));
  const addresses = readAddresses(values.addresses);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  let found = 0;
  for (const baud of readBauds(values.baud, link)) {
    const onFound = (device: FoundDevice): void => {
      found += 1;
      console.log(
        values.json
          ? JSON.stringify({ ...(link.baud !== undefined && { baud }), ...device })
          : deviceText(device, link, baud),
      );
    };
    if (!interrupt.signal.aborted) {
      console.error(
        `asking ${addresses.length} addresses on ${link.name}${link.baud === undefined ? '' : ` at ${baud}`}`,
      );
      const engine = new Discovery({ addresses, baud, onFound });
      await sweepLine(await link.connectAt(baud)(), engine, systemClock, interrupt.signal);
    }
  }
  if (found === 0) {
    console.error('nobody answered');
  }
  return found === 0 ? 1 : 0;
}

function readDiscoverOptions(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      baud: { type: 'string' },
      addresses: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
}

function readBauds(list: string | undefined, { baud }: LinkArgument): number[] {
  if (list === undefined) {
    return [baud ?? NETWORK_BAUD];
  }
  if (baud === undefined) {
    throw new UsageError('--baud is for serial ports: a network link has the speed of its other end.');
  }
  return list.split(',').map((part) => readBaud(part.trim()));
}

/** `A-B`, or one address. */
function readAddresses(range: string | undefined): readonly number[] {
  if (range === undefined) {
    return ALL_ADDRESSES;
  }
  const { from = '', to } = /^(?<from>\d{1,3})(?:-(?<to>\d{1,3}))?$/.exec(range)?.groups ?? {};
  const [first, last] = [Number(from || Number.NaN), Number(to ?? (from || Number.NaN))];
  if (!(first <= last && last < CONFIGURATION_ADDRESS)) {
    throw new UsageError(`--addresses is A-B with 0 ≤ A ≤ B ≤ ${CONFIGURATION_ADDRESS - 1}.`);
  }
  return ALL_ADDRESSES.slice(first, last + 1);
}

function deviceText(
  { address, answer, identity, capabilities }: FoundDevice,
  link: LinkArgument,
  baud: number,
): string {
  const place = `address ${address}${link.baud === undefined ? '' : ` at ${baud}`}`;
  if (answer === 'unreadable') {
    return `${place}: answers, but cannot be read (two devices with one address, or another speed)`;
  }
  const security = `secure channel: ${securityText(capabilities)}`;
  if (identity === undefined) {
    return `${place}: will not say what it is, ${security}`;
  }
  const { vendor, model, version, serial, firmware } = identity;
  const { major, minor, build } = firmware;
  const who = `vendor ${vendor} model ${model}.${version} serial ${serial} firmware ${major}.${minor}.${build}`;
  return `${place}: ${who}, ${security}`;
}

/** Function code of PDCAP: bit 0 of its compliance says AES-128, bit 0 of its count that the default key is still in use. */
const SECURITY_FUNCTION = 9;

function securityText(capabilities: readonly Capability[]): string {
  const security = capabilities.find(({ functionCode }) => functionCode === SECURITY_FUNCTION);
  if (security === undefined || (security.compliance & 1) === 0) {
    return 'none';
  }
  return (security.count & 1) === 0 ? 'own key' : 'default key';
}
