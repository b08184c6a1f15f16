import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { FrameTrace } from '../osdp/trace/frame-trace.ts';
import { dissectCapture, traceFrame } from '../osdp/trace/frame-trace.ts';
import { fromHex, toHex } from '../osdp/frame/hex.ts';
import { readCapture } from './osdpcap.ts';
import { UsageError } from './usage-error.ts';

const KEY_BYTES = 16;

/** What `decode` prints: one line a frame, and one line to standard error for bytes that are none. */
export interface DecodeOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * `decode [--json] [--key HEX] HEX… | FILE.osdpcap`. Resolves with the exit code: 1 when there were bytes that are no frame.
 * Rejects with UsageError.
 */
export async function decode(args: readonly string[], { out, err }: DecodeOutput): Promise<number> {
  const { values, positionals } = parseDecodeArgs(args);
  requireKey(values.key);
  if (positionals.length === 0) {
    throw new UsageError('decode needs frames in hexadecimal or a FILE.osdpcap.');
  }
  let exitCode = 0;
  for (const packet of await readPackets(positionals)) {
    for (const found of dissectCapture(packet)) {
      if ('fault' in found) {
        err(`no frame (${found.fault}): ${toHex(found.bytes)}`);
        exitCode = 1;
      } else {
        const trace = traceFrame(found);
        out(values.json ? JSON.stringify(trace) : printTrace(trace));
      }
    }
  }
  return exitCode;
}

function parseDecodeArgs(args: readonly string[]) {
  try {
    const options = { json: { type: 'boolean', default: false }, key: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The arguments cannot be read.', { cause: error });
  }
}

function requireKey(key: string | undefined): void {
  if (key !== undefined && fromHex(key)?.length !== KEY_BYTES) {
    throw new UsageError('--key is 32 hexadecimal digits.');
  }
}

/** An argument is a file when it is not hexadecimal. */
async function readPackets(sources: readonly string[]): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = [];
  for (const source of sources) {
    const bytes = fromHex(source);
    packets.push(...(bytes === undefined ? readCapture(await readText(source)) : [bytes]));
  }
  return packets;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} is neither hexadecimal nor a file that can be read.`, { cause: error });
  }
}

function printTrace({ direction, address, sequence, name, check, mac, data }: FrameTrace): string {
  const arrow = direction === 'command' ? '→' : '←';
  const fields = Object.keys(data).length === 0 ? '' : ` ${JSON.stringify(data)}`;
  const faults = `${check === 'ok' ? '' : ' BAD CHECK'}${mac === 'none' ? '' : ` mac ${mac}`}`;
  return `${arrow} ${String(address).padStart(3)} #${sequence} ${name.padEnd(8)}${fields}${faults}`;
}
