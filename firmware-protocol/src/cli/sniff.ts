import { aes128 } from '../node/aes.ts';
import { BusRecording } from '../node/bus-recording.ts';
import { INTER_CHARACTER_MS } from '../osdp/frame/bus-timing.ts';
import { toHex } from '../osdp/frame/hex.ts';
import type { Cut } from '../osdp/trace/frame-cutter.ts';
import { FrameCutter } from '../osdp/trace/frame-cutter.ts';
import { captureLine } from '../osdp/trace/osdpcap.ts';
import { TraceSession } from '../osdp/trace/secure-trace.ts';
import type { ByteLink } from '../transport/link.ts';
import type { Clock } from '../units/time.ts';
import { systemClock } from '../units/time.ts';
import { LineStatistics } from './line-statistics.ts';
import { readLink } from './link-argument.ts';
import { onlyArgument, readOptions } from './options.ts';
import { readTraceKeys } from './trace-keys.ts';
import { traceText } from './trace-text.ts';
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
  const link = await connectAt(baud)();
  const ear = new Ear(new TraceSession({ newCipher: aes128, keys }), systemClock, values.json, recording);
  console.error(`listening to ${name}; interrupt to end`);
  const failure = await listen(link, ear);
  await recording?.stop();
  console.log(ear.summaryText());
  if (failure !== undefined) {
    console.error(failure);
  }
  return failure === undefined ? 0 : 1;
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
function listen(link: ByteLink, ear: Ear): Promise<string | undefined> {
  return new Promise((resolve) => {
    let isInterrupted = false;
    const interrupt = (): void => {
      isInterrupted = true;
      link.close();
    };
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    link.onData((bytes) => ear.hear(bytes));
    link.onClose((error) => {
      ear.end();
      resolve(isInterrupted ? undefined : `the link closed${error === undefined ? '' : `: ${error.message}`}`);
    });
  });
}

/** Prints what it hears. */
class Ear {
  readonly #session: TraceSession;
  readonly #clock: Clock;
  readonly #isJson: boolean;
  readonly #recording: BusRecording | undefined;
  readonly #cutter = new FrameCutter();
  readonly #statistics = new LineStatistics();
  #silence: NodeJS.Timeout | undefined;
  #lastMs: number | undefined;

  constructor(session: TraceSession, clock: Clock, isJson: boolean, recording: BusRecording | undefined) {
    this.#session = session;
    this.#clock = clock;
    this.#isJson = isJson;
    this.#recording = recording;
  }

  hear(bytes: Uint8Array): void {
    clearTimeout(this.#silence);
    this.#tellAll(this.#cutter.push(bytes));
    if (this.#cutter.pendingBytes > 0) {
      this.#silence = setTimeout(() => this.end(), INTER_CHARACTER_MS);
    }
  }

  /** Whatever is unfinished never will be. */
  end(): void {
    clearTimeout(this.#silence);
    this.#tellAll(this.#cutter.endOfSilence());
  }

  summaryText(): string {
    const summary = this.#statistics.summary();
    if (this.#isJson) {
      return JSON.stringify({ summary });
    }
    const devices = summary.devices.map(({ address, ...counts }) => {
      const told = Object.entries(counts).filter(([, count]) => count > 0);
      return `address ${address}: ${told.map(([what, count]) => `${what} ${count}`).join(', ')}`;
    });
    return [...devices, `bytes that were no frame: ${summary.noiseBytes}`].join('\n');
  }

  #tellAll(cuts: readonly Cut[]): void {
    for (const cut of cuts) {
      this.#tell(cut);
    }
  }

  #tell(cut: Cut): void {
    const at = this.#clock.now();
    const nowMs = this.#clock.mono();
    const gapMs = Math.round(10 * (nowMs - (this.#lastMs ?? nowMs))) / 10;
    this.#lastMs = nowMs;
    this.#recording?.write(captureLine(at, 'trace', cut.kind === 'frame' ? cut.frame.raw : cut.bytes));
    const when = { at: new Date(at).toISOString(), gapMs };
    const told = this.#describe(cut);
    const prefix = `${when.at.slice(11, 23)} ${`+${gapMs.toFixed(1)}`.padStart(8)}`;
    console.log(this.#isJson ? JSON.stringify({ ...when, ...told.fields }) : `${prefix} ${told.text}`);
  }

  #describe(cut: Cut): { readonly fields: object; readonly text: string } {
    if (cut.kind === 'noise') {
      this.#statistics.addNoise(cut.bytes.length);
      const noise = toHex(cut.bytes);
      return { fields: { noise, reason: cut.reason }, text: `? no frame (${cut.reason}): ${noise}` };
    }
    const trace = this.#session.trace(cut.frame);
    this.#statistics.add(trace);
    return { fields: trace, text: traceText(trace) };
  }
}
