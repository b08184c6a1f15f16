import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DeviceDescription } from '../osdp/pd/device-description.ts';
import { UsageError } from './usage-error.ts';

const byte = z.int().min(0).max(255);
/** As many as the one-byte number of a PDCAP line can tell, and a panel can show. */
const parts = z.int().min(0).max(64);

/** `--describe FILE.json`: what the device says that it is and has. */
const deviceFile = z.strictObject({
  identity: z.strictObject({
    vendor: z
      .string()
      .regex(/^[0-9a-fA-F]{6}$/, 'is not six hexadecimal digits')
      .transform((oui) => oui.toUpperCase()),
    model: byte,
    version: byte,
    serial: z.int().min(0).max(0xff_ff_ff_ff),
    firmware: z.strictObject({ major: byte, minor: byte, build: byte }),
  }),
  inputs: parts,
  outputs: parts,
  readers: parts,
  /** Longest command that it takes. */
  receiveBytes: z.int().min(128).max(1_440).default(1_440),
});

/** A door board: contact, exit button and fire line, a strike, a reader with keypad. */
export const DOOR_BOARD: DeviceDescription = {
  identity: { vendor: '474354', model: 1, version: 1, serial: 1, firmware: { major: 1, minor: 0, build: 0 } },
  inputs: 3,
  outputs: 1,
  readers: 1,
};

/** Rejects with UsageError that names every fault of the file. */
export async function readDeviceFile(path: string): Promise<DeviceDescription> {
  const parsed = deviceFile.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new UsageError(`${path} does not describe a device:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const isThere = error instanceof SyntaxError;
    throw new UsageError(`${path} ${isThere ? 'is not JSON' : 'cannot be read'}.`, { cause: error });
  }
}
