import { journalBatch, type JournalBatch } from '@gatecast/firmware-protocol/messages';
import { checkChain } from '@gatecast/firmware-protocol/node';

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
export function checkBatch(terminal: string, text: string): CheckedBatch {
  const parsed = journalBatch.safeParse(parseJson(text));
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, misfitsMax);
    return { misfits: issues.map(({ path, message }) => ({ path: path.map(pathPart), message })) };
  }
  const batch = parsed.data;
  const [first] = batch.rows;
  const before = { seq: (first?.seq ?? 1) - 1, hash: first?.prev ?? '' };
  const key = { terminal, epoch: batch.epoch, stream: batch.stream };
  const checked = checkChain(key, before, batch.rows, batch.head);
  return 'fault' in checked ? { batch, chainFault: checked.fault } : { batch, hashes: checked.hashes };
}

const pathPart = (part: PropertyKey): string | number => (typeof part === 'symbol' ? String(part) : part);

/** Undefined, which is no batch, for what is not JSON or could not be stored. */
function parseJson(text: string): unknown {
  if (text.includes(nul)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
