import { open } from 'node:fs/promises';
import { exportHeader, exportLine, type AuditedStream, type JournalSource, type StreamPart } from './records.ts';

/** No line of an export comes near it. */
const lineBytesMax = 4_194_304;
const chunkBytes = 262_144;

/** A file is no export, or not a whole one. */
export class UnreadableExport extends Error {}

interface Line {
  readonly text: string;
  readonly no: number;
  /** Where the line after it begins. */
  readonly next: number;
}

/** An exported journal. Rejects with UnreadableExport for what is none, or was cut off. */
export async function fileSource(path: string, terminal?: string): Promise<JournalSource> {
  const { header, streams } = await survey(path);
  return {
    header,
    async *streams() {
      for (const stream of streams) if (terminal === undefined || stream.terminal === terminal) yield stream;
    },
    close: async () => undefined,
  };
}

/** Reads the file once to find its streams and its end; the rows are read when they are asked for. */
async function survey(path: string): Promise<{ header: JournalSource['header']; streams: readonly AuditedStream[] }> {
  let header: JournalSource['header'] | undefined;
  let rows = 0;
  let isWhole = false;
  const streams: AuditedStream[] = [];
  for await (const line of linesOf(path, 0, 1)) {
    if (isWhole) throw fault(line.no, 'stands behind the end');
    if (!header) header = parseLine(line, exportHeader);
    else if (line.text.startsWith('{"type":"row"')) rows += 1;
    else {
      const one = parseLine(line, exportLine);
      if (one.type === 'stream') streams.push({ ...one, parts: () => partsFrom(path, line) });
      if (one.type === 'end') isWhole = one.rows === rows;
    }
  }
  if (!header) throw new UnreadableExport('the file is empty');
  if (!isWhole)
    throw new UnreadableExport('the file was cut off, or rows were taken out of it: its last line does not fit');
  return { header, streams };
}

async function* partsFrom(path: string, { next, no }: Line): AsyncIterable<StreamPart> {
  for await (const line of linesOf(path, next, no + 1)) {
    const one = parseLine(line, exportLine);
    if (one.type === 'row' || one.type === 'checkpoint' || one.type === 'dispute') yield one;
    else return;
  }
}

function parseLine<T>(
  { text, no }: Line,
  schema: {
    safeParse(
      value: unknown,
    ): { success: true; data: T } | { success: false; error: { issues: readonly { message: string }[] } };
  },
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault(no, 'is no JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fault(no, `is not as an export has it: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}

const fault = (no: number, what: string) => new UnreadableExport(`line ${no} ${what}`);

/** Lines from a place in the file on, one at a time. */
async function* linesOf(path: string, start: number, firstNo: number): AsyncIterable<Line> {
  const file = await open(path);
  try {
    let rest = Buffer.alloc(0);
    let at = start;
    let no = firstNo;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at + rest.length);
      if (bytesRead === 0) break;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let from = 0;
      for (let to = rest.indexOf(10); to >= 0; to = rest.indexOf(10, from)) {
        yield { text: rest.toString('utf8', from, to), no, next: at + to + 1 };
        from = to + 1;
        no += 1;
      }
      rest = rest.subarray(from);
      at += from;
      if (rest.length > lineBytesMax) throw fault(no, 'is too long');
    }
    if (rest.length > 0) throw fault(no, 'has no end');
  } finally {
    await file.close();
  }
}
