import { aes128 } from '../node/aes.ts';
import { INTER_CHARACTER_MS } from '../osdp/frame/bus-timing.ts';
import { toHex } from '../osdp/frame/hex.ts';
import type { Cut } from '../osdp/trace/frame-cutter.ts';
import { FrameCutter } from '../osdp/trace/frame-cutter.ts';
import type { CaptureRecord } from '../osdp/trace/osdpcap.ts';
import { TraceSession } from '../osdp/trace/secure-trace.ts';
import { readSources } from './capture-source.ts';
import { readOptions } from './options.ts';
import { readTraceKeys } from './trace-keys.ts';
import { traceText } from './trace-text.ts';
import { UsageError } from './usage-error.ts';

/** What `decode` prints: one line a frame, and one line to standard error for what is none. */
export interface DecodeOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * `decode [--json] [--key HEX]… [--key-file FILE] HEX… | FILE.osdpcap`. Resolves with the exit code: 1 when there was something
 * that is no frame. Rejects with UsageError.
 */
export async function decode(args: readonly string[], { out, err }: DecodeOutput): Promise<number> {
  const { values, positionals } = readDecodeOptions(args);
  if (positionals.length === 0) {
    throw new UsageError('decode needs frames in hexadecimal or a FILE.osdpcap.');
  }
  const keys = await readTraceKeys(values.key, values['key-file']);
  const session = new TraceSession({ newCipher: aes128, keys });
  let exitCode = 0;
  for await (const part of readCuts(positionals)) {
    if (part.kind === 'frame') {
      const trace = session.trace(part.frame);
      out(values.json ? JSON.stringify(trace) : traceText(trace));
    } else {
      err(part.kind === 'noise' ? `no frame (${part.reason}): ${toHex(part.bytes)}` : part.message);
      exitCode = 1;
    }
  }
  return exitCode;
}

function readDecodeOptions(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      key: { type: 'string', multiple: true, default: [] },
      'key-file': { type: 'string' },
    },
  });
}

async function* readCuts(sources: readonly string[]): AsyncGenerator<Cut | { kind: 'bad-line'; message: string }> {
  const cutter = new FrameCutter();
  let previous: CaptureRecord['at'];
  for await (const record of readSources(sources)) {
    if ('line' in record) {
      yield { kind: 'bad-line', message: `line ${record.line} of ${record.file} is no OSDPCAP record` };
      continue;
    }
    if (previous !== undefined && record.at !== undefined && record.at - previous > INTER_CHARACTER_MS) {
      yield* cutter.endOfSilence();
    }
    previous = record.at;
    yield* cutter.push(record.bytes);
  }
  yield* cutter.endOfSilence();
}
