import { readFile } from 'node:fs/promises';
import { fromHex } from '../osdp/frame/hex.ts';
import { CONFIGURATION_ADDRESS } from '../osdp/frame/frame.ts';
import type { TraceKey } from '../osdp/trace/secure-trace.ts';
import { UsageError } from './usage-error.ts';

const KEY_BYTES = 16;

/**
 * Keys of secure channels from `--key` (as often as needed) and `--key-file`, which has one a line; empty lines and those that begin
 * with `#` are skipped. A key is 32 hexadecimal digits, or `address=` and these for one device alone. Rejects with UsageError,
 * which never repeats what it could not read: it may be most of a key.
 */
export async function readTraceKeys(given: readonly string[], keyFile: string | undefined): Promise<TraceKey[]> {
  const keys = given.map((text) => readKey(text, '--key'));
  if (keyFile === undefined) {
    return keys;
  }
  const lines = (await readKeyFile(keyFile)).split('\n').map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    if (line !== '' && !line.startsWith('#')) {
      keys.push(readKey(line, `Line ${index + 1} of ${keyFile}`));
    }
  }
  return keys;
}

function readKey(text: string, where: string): TraceKey {
  const { address, digits } = /^(?:(?<address>\d{1,3})=)?(?<digits>[0-9a-fA-F]+)$/.exec(text)?.groups ?? {};
  const key = digits === undefined ? undefined : fromHex(digits);
  if (key?.length !== KEY_BYTES || Number(address ?? 0) >= CONFIGURATION_ADDRESS) {
    throw new UsageError(`${where} is 32 hexadecimal digits, or ADDRESS= and these.`);
  }
  return address === undefined ? { key } : { key, address: Number(address) };
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The key file ${path} cannot be read.`, { cause: error });
  }
}
