import { brotliDecompressSync } from 'node:zlib';
import {
  batchBytesMax,
  journalBatch,
  packedBatch,
  unpackRows,
  type JournalBatch,
} from '@gatecast/firmware-protocol/messages';
import { checkChain, placeRows } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';

/** A full batch of rows; the limit counts the rows' text, the envelope comes on top. For what travels and for what it unfolds to. */
export const batchBodyBytesMax = batchBytesMax + 65_536;

/** How a batch travels: as text (terminals older than version 4) or in Brotli. */
export type BatchEncoding = 'identity' | 'br';

/** Where a text is not a batch, in the form of zod's issues. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a batch is by itself, whatever stands before it. */
export type CheckedBatch =
  | { readonly batch: JournalBatch; readonly hashes: readonly string[] }
  | { readonly chainFault: { readonly seq: number; readonly fault: string }; readonly batch: JournalBatch }
  | { readonly misfits: readonly Misfit[] };

const misfitsMax = 20;

/** PostgreSQL's texts cannot hold it. */
const nul = String.raw`\u0000`;

/** Parses a batch and follows its own chain from its first row to its head: all that needs no database, and most of the work. */
export function checkBatch(terminal: string, body: Uint8Array, encoding: BatchEncoding): CheckedBatch {
  try {
    const value = parseJson(textOf(body, encoding));
    return z.looseObject({ v: z.literal(2) }).safeParse(value).success
      ? checkPacked(terminal, value)
      : checkPlain(terminal, value);
  } catch (error) {
    return { misfits: misfitsOf(error) };
  }
}

/** The rest is a bug, and ends the thread. */
function misfitsOf(error: unknown): readonly Misfit[] {
  if (error instanceof z.ZodError) {
    return error.issues.slice(0, misfitsMax).map(({ path, message }) => ({ path: path.map(pathPart), message }));
  }
  // Columns that do not fit together, and lists in lists until the stack ends.
  if (error instanceof RangeError || error instanceof UnreadableBatch) return [{ path: [], message: error.message }];
  throw error;
}

const pathPart = (part: PropertyKey): string | number => (typeof part === 'symbol' ? String(part) : part);

function checkPlain(terminal: string, value: unknown): CheckedBatch {
  const batch = journalBatch.parse(value);
  const [first] = batch.rows;
  const before = { seq: (first?.seq ?? 1) - 1, hash: first?.prev ?? '' };
  const key = { terminal, epoch: batch.epoch, stream: batch.stream };
  const checked = checkChain(key, before, batch.rows, batch.head);
  return 'fault' in checked ? { batch, chainFault: checked.fault } : { batch, hashes: checked.hashes };
}

function checkPacked(terminal: string, value: unknown): CheckedBatch {
  const { rows: packed, seq, prev, ...envelope } = packedBatch.parse(value);
  const key = { terminal, epoch: envelope.epoch, stream: envelope.stream };
  const { rows, hashes } = placeRows(key, { seq: seq - 1, hash: prev }, unpackRows(packed));
  const batch: JournalBatch = { ...envelope, v: 1, rows: [...rows] };
  if (hashes.at(-1) === envelope.head) return { batch, hashes };
  return { batch, chainFault: { seq: seq + rows.length - 1, fault: 'head-hash' } };
}

class UnreadableBatch extends Error {}

/** Never unfolds more than a batch may hold, so that a small body cannot fill the memory. */
function textOf(body: Uint8Array, encoding: BatchEncoding): string {
  if (encoding === 'identity') return Buffer.from(body).toString('utf8');
  try {
    return brotliDecompressSync(body, { maxOutputLength: batchBodyBytesMax }).toString('utf8');
  } catch {
    throw new UnreadableBatch('the body is not Brotli, or unfolds to too much');
  }
}

function parseJson(text: string): unknown {
  if (text.includes(nul)) throw new UnreadableBatch('a text may hold no NUL character');
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableBatch('the body is not JSON');
  }
}
