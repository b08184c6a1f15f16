import { aes128 } from '../node/aes.ts';
import { BusRecording } from '../node/bus-recording.ts';
import { TraceSession } from '../osdp/trace/secure-trace.ts';
import type { ByteLink } from '../transport/link.ts';
import { systemClock } from '../units/time.ts';
import { LinePrinter } from './line-printer.ts';
import { readLink } from './link-argument.ts';
import { onlyArgument, readOptions } from './options.ts';
import { readTraceKeys } from './trace-keys.ts';
import { UsageError } from './usage-error.ts';

/** A capture that was forgotten does not fill the disk. */
const CAPTURE_BYTES_MAX = 512 * 1024 * 1024;

/**
 * `sniff LINK [--write FILE.osdpcap] [--key HEX]… [--key-file FILE] [--json]`: prints what goes over a line until it is interrupted.
 * It says nothing itself. Resolves with the exit code: 1 when the line ended by itself. Rejects with UsageError, or with the error
 * of a line that cannot be opened.
 */
export async function sniff(args: readonly string[]): Promise<number> {
  const { values, positionals } = readSniffOptions(args);
  const { connectAt, baud = 0, name } = readLink(onlyArgument(positionals, 'A link to listen to'));
  const keys = await readTraceKeys(values.key, values['key-file']);
  const recording = values.write === undefined ? undefined : await startRecording(values.write);
  try {
    const link = await connectAt(baud)();
    const printer = new LinePrinter({
      session: new TraceSession({ newCipher: aes128, keys }),
      clock: systemClock,
      isJson: values.json,
      record: recording && ((line) => recording.write(line)),
      print: (line) => console.log(line),
    });
    console.error(`listening to ${name}; interrupt to end`);
    const failure = await listen(link, printer);
    console.log(printer.summaryText());
    if (failure !== undefined) {
      console.error(failure);
    }
    return failure === undefined ? 0 : 1;
  } finally {
    await recording?.stop();
  }
}

function readSniffOptions(args: readonly string[]) {
  return readOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      write: { type: 'string' },
      key: { type: 'string', multiple: true, default: [] },
      'key-file': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
}

async function startRecording(path: string): Promise<BusRecording> {
  const onFault = (error: unknown): void => console.error(`the capture cannot be written: ${String(error)}`);
  const recording = new BusRecording({ path, bytesMax: CAPTURE_BYTES_MAX, onFault });
  try {
    await recording.start();
  } catch (error) {
    throw new UsageError(`${path} cannot be written.`, { cause: error });
  }
  return recording;
}

/** Resolves when the listener was interrupted, or with a sentence when the line has ended. */
function listen(link: ByteLink, printer: LinePrinter): Promise<string | undefined> {
  return new Promise((resolve) => {
    let isInterrupted = false;
    const interrupt = (): void => {
      isInterrupted = true;
      link.close();
    };
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    link.onData((bytes) => printer.hear(bytes));
    link.onClose((error) => {
      printer.end();
      resolve(isInterrupted ? undefined : `the link closed${error === undefined ? '' : `: ${error.message}`}`);
    });
  });
}
