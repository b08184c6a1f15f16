import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fromHex } from '../osdp/frame/hex.ts';
import type { CaptureRecord } from '../osdp/trace/osdpcap.ts';
import { readCaptureLine } from '../osdp/trace/osdpcap.ts';
import { UsageError } from './usage-error.ts';

/** A line of a capture that says nothing. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
}

/**
 * What `decode` was given, in order: an argument is bytes when it is hexadecimal, else a capture file. Rejects with UsageError for
 * a file that cannot be read or holds no record at all.
 */
export async function* readSources(sources: readonly string[]): AsyncGenerator<CaptureRecord | BadLine> {
  for (const source of sources) {
    const bytes = fromHex(source);
    if (bytes === undefined) {
      yield* readCapture(source);
    } else {
      yield { at: undefined, origin: 'trace', bytes };
    }
  }
}

async function* readCapture(path: string): AsyncGenerator<CaptureRecord | BadLine> {
  const file = await openCapture(path);
  let line = 0;
  let records = 0;
  for await (const text of file.readLines()) {
    line += 1;
    const record = text.trim() === '' ? undefined : readCaptureLine(text);
    if (record !== undefined) {
      records += 1;
      yield record;
    } else if (text.trim() !== '') {
      yield { file: path, line };
    }
  }
  if (records === 0) {
    throw new UsageError(`${path} holds no OSDPCAP record.`);
  }
}

async function openCapture(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw new UsageError(`${path} is neither hexadecimal nor a file that can be read.`, { cause: error });
  }
  if (!(await file.stat()).isDirectory()) {
    return file;
  }
  await file.close();
  throw new UsageError(`${path} is neither hexadecimal nor a file that can be read.`);
}
