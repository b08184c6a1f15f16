import { z } from 'zod';
import { batchBytesMax, batchRowsMax, journalRow, type JournalRow } from './journal.ts';
import { packedObjects, packObjects, unpackObjects } from './journal-columns.ts';

/**
 * The rows of a batch without what follows from the chain (`seq`, `prev`) or from the row itself (the hash of a private part that is there).
 * `heads`: kind `k`, wall clock `w`, wall less monotonic clock `m`, boot `b`, clock quality `q`.
 * `facts`: members of the body as `:name`, of the private part as `!name` with its salt as `s`; `h` is the hash of one that was erased.
 */
const packedRows = z.strictObject({
  count: z.int().positive().max(batchRowsMax),
  heads: packedObjects,
  facts: packedObjects,
});
export type PackedRows = z.infer<typeof packedRows>;

/** What the text of a batch's rows may come to, however short it travelled. */
const rowsCharsMax = 2 * batchBytesMax;

/** A row that does not know its place yet, and its private part's hash only if that part is gone. */
const unplacedRow = journalRow.omit({ seq: true, prev: true });
export type UnplacedRow = z.infer<typeof unplacedRow>;
const unplacedRows = z.array(unplacedRow).min(1);

export function packRows(rows: readonly Omit<JournalRow, 'seq' | 'prev'>[]): PackedRows {
  const heads = rows.map(({ kind, wallMs, monoMs, boot, clock }) => ({
    k: kind,
    w: wallMs,
    m: wallMs - monoMs,
    b: boot,
    q: clock,
  }));
  const facts = rows.map(({ body, privateHash, private: part }) => ({
    ...marked(':', body),
    ...(part ? { s: part.salt, ...marked('!', part.data) } : privateHash !== null && { h: privateHash }),
  }));
  return { count: rows.length, heads: packObjects(heads), facts: packObjects(facts) };
}

const marked = (mark: string, members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(members).map(([key, value]) => [mark + key, value]));

const unmarked = (mark: string, members: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(members).flatMap(([key, value]) => (key.startsWith(mark) ? [[key.slice(mark.length), value]] : [])),
  );

/** `privateHash` is null where the private part is there. Throws RangeError or ZodError for what is no batch of rows. */
export function unpackRows(packed: unknown): UnplacedRow[] {
  const { count, heads, facts } = packedRows.parse(packed);
  const times = unpackObjects(heads, count, rowsCharsMax);
  const said = unpackObjects(facts, count, rowsCharsMax);
  return unplacedRows.parse(
    times.map(({ k, w, m, b, q }, index) => {
      const members = said[index] ?? {};
      const { s, h } = members;
      return {
        kind: k,
        wallMs: w,
        monoMs: Number(w) - Number(m),
        boot: b,
        clock: q,
        body: unmarked(':', members),
        privateHash: h ?? null,
        ...(s !== undefined && { private: { salt: s, data: unmarked('!', members) } }),
      };
    }),
  );
}
