import type { JournalSource } from './records.ts';

/** Writes a journal as JSON lines; resolves with its number of rows. `write` resolves when there is room for more. */
export async function exportJournal(source: JournalSource, write: (line: string) => Promise<void>): Promise<number> {
  const put = (value: object) => write(`${JSON.stringify(value)}\n`);
  let rows = 0;
  await put(source.header);
  for await (const { parts, ...stream } of source.streams()) {
    await put(stream);
    for await (const { type, ...part } of parts()) {
      if (type === 'row') rows += 1;
      // The reader counts rows by how their lines begin.
      await put({ type, ...part });
    }
  }
  await put({ type: 'end', rows });
  return rows;
}
