import type { JournalSource } from './records.ts';

/** A journal as JSON lines, each with its line end. */
export async function* exportLines(source: JournalSource): AsyncGenerator<string, number> {
  const text = (value: object) => `${JSON.stringify(value)}\n`;
  let rows = 0;
  yield text(source.header);
  for await (const { parts, ...stream } of source.streams()) {
    yield text(stream);
    for await (const { type, ...part } of parts()) {
      if (type === 'row') rows += 1;
      // The reader counts rows by how their lines begin.
      yield text({ type, ...part });
    }
  }
  yield text({ type: 'end', rows });
  return rows;
}

/** Writes a journal as JSON lines; resolves with its number of rows. `write` resolves when there is room for more. */
export async function exportJournal(source: JournalSource, write: (line: string) => Promise<void>): Promise<number> {
  const lines = exportLines(source);
  for (;;) {
    const { done, value } = await lines.next();
    if (done) return value;
    await write(value);
  }
}
