import { areKeys } from '../osdp/messages/keypad-digits.ts';
import type { Peripheral } from '../osdp/pd/peripheral.ts';
import { packBits } from '../sim/wiegand.ts';

const READER = 0;
const WIEGAND_FORMAT = 1;
const SYNTAX = 'a line is [ADDRESS:] and KEYS, "card BITS", "input N on|off", "tamper on|off" or "power fail|ok"';
const FULL = 'the device holds as many unread keys and cards as it can';

/**
 * Does to a device what one line of standard input says; the first device unless the line begins with an address and a colon.
 * Answers why it could not, in one sentence.
 */
export function actOnLine(devices: readonly Peripheral[], line: string): string | undefined {
  const [, address, action = ''] = /^(?:(\d{1,3})\s*:)?\s*(.*)$/.exec(line.trim()) ?? [];
  const device = address === undefined ? devices[0] : devices.find((each) => each.address === Number(address));
  if (device === undefined) {
    return `no device has address ${address}`;
  }
  return areKeys(action) ? typeKeys(device, action) : actOn(device, action.split(/\s+/));
}

function actOn(device: Peripheral, [word, ...rest]: readonly string[]): string | undefined {
  const [value = '', state] = rest;
  switch (word) {
    case 'card':
      return presentCard(device, value);
    case 'input':
      return setInput(device, Number(value), state);
    case 'tamper':
      return choose({ on: () => device.setTamper(true), off: () => device.setTamper(false) }, value);
    case 'power':
      return choose({ fail: () => device.setPower(true), ok: () => device.setPower(false) }, value);
    default:
      return SYNTAX;
  }
}

/** One KEYPAD message a key, as fingers are. */
function typeKeys(device: Peripheral, keys: string): string | undefined {
  const areTaken = Array.from(keys).every((key) => device.pressKeys({ reader: READER, keys: key }));
  return areTaken ? undefined : FULL;
}

function presentCard(device: Peripheral, bits: string): string | undefined {
  if (!/^[01]{1,256}$/.test(bits)) {
    return SYNTAX;
  }
  const card = { reader: READER, format: WIEGAND_FORMAT, bitCount: bits.length, bits: packBits(bits) };
  return device.presentCard(card) ? undefined : FULL;
}

function setInput(device: Peripheral, index: number, state: string | undefined): string | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= device.inputs.length) {
    return `the device has inputs 0 to ${device.inputs.length - 1}`;
  }
  const on = (): void => device.setInput(index, 'active');
  const off = (): void => device.setInput(index, 'inactive');
  return choose({ on, off }, state ?? '');
}

function choose(actions: Readonly<Record<string, () => void>>, word: string): string | undefined {
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  action?.();
  return action === undefined ? SYNTAX : undefined;
}
