import { z } from 'zod';
import { fromHex } from '../osdp/frame/hex.ts';
import { UsageError } from './usage-error.ts';

/** OSDPCAP: one JSON object a line; `data` is one packet as hexadecimal, mostly with dashes. The times beside it are not needed. */
const record = z.object({ data: z.string() });

/** The packets of a capture in their order. Rejects with UsageError, which names the first line that is no packet. */
export function readCapture(text: string): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') {
      packets.push(readLine(line, index + 1));
    }
  }
  return packets;
}

function readLine(line: string, number: number): Uint8Array {
  const parsed = record.safeParse(parseJson(line));
  const bytes = parsed.success ? fromHex(parsed.data.data) : undefined;
  if (bytes === undefined) {
    throw new UsageError(`Line ${number} of the capture is no OSDPCAP packet.`);
  }
  return bytes;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
