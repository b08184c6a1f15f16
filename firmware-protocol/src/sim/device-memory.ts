import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { fromHex, toHex } from '../osdp/frame/hex.ts';
import type { BusSettings } from '../osdp/pd/command-executor.ts';

const device = z.strictObject({
  /** Secure channel base key, 32 hexadecimal digits. */
  key: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, 'is not 32 hexadecimal digits')
    .optional(),
  address: z.int().min(0).max(126).optional(),
  baud: z.int().positive().optional(),
});
const memoryFile = z.strictObject({ devices: z.record(z.string(), device) });
type Kept = z.infer<typeof device>;

/**
 * What devices keep without power: the key that a panel set and where COMSET moved them. In a file that only its owner reads, or
 * without one in this process. Written at once and whole: a device acknowledges only what is on the disk.
 */
export class DeviceMemory {
  readonly #path: string | undefined;
  #devices: Record<string, Kept> = {};

  constructor(path?: string) {
    this.#path = path;
  }

  /** Reads the file; a missing one is a box of new devices. Throws one Error that says what is wrong with it. */
  load(): void {
    const text = this.#path === undefined ? undefined : readIfThere(this.#path);
    if (this.#path !== undefined && text !== undefined) {
      this.#devices = parseMemory(text, this.#path);
    }
  }

  keyOf(name: string): Uint8Array | undefined {
    const key = this.#devices[name]?.key;
    return key === undefined ? undefined : fromHex(key);
  }

  settingsOf(name: string): Partial<BusSettings> {
    const { address, baud } = this.#devices[name] ?? {};
    return { ...(address !== undefined && { address }), ...(baud !== undefined && { baud }) };
  }

  /** Throws when the file cannot be written. */
  keepKey(name: string, key: Uint8Array): void {
    this.#keep(name, { key: toHex(key) });
  }

  /** Throws when the file cannot be written. */
  keepSettings(name: string, { address, baud }: BusSettings): void {
    this.#keep(name, { address, baud });
  }

  #keep(name: string, change: Kept): void {
    const devices = { ...this.#devices, [name]: { ...this.#devices[name], ...change } };
    if (this.#path !== undefined) {
      writeWhole(this.#path, `${JSON.stringify({ devices }, undefined, 2)}\n`);
    }
    this.#devices = devices;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parseMemory(text: string, path: string): Record<string, Kept> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON.`, { cause });
  }
  const memory = memoryFile.safeParse(parsed);
  if (!memory.success) {
    throw new Error(`${path} is not what devices keep:\n${z.prettifyError(memory.error)}`);
  }
  return memory.data.devices;
}

/** A power cut leaves the old file or the new one. */
function writeWhole(path: string, text: string): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    // A draft that a crash left keeps the mode that it had.
    fchmodSync(file, 0o600);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
