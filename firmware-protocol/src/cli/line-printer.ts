import { INTER_CHARACTER_MS } from '../osdp/frame/bus-timing.ts';
import { toHex } from '../osdp/frame/hex.ts';
import type { Cut } from '../osdp/trace/frame-cutter.ts';
import { FrameCutter } from '../osdp/trace/frame-cutter.ts';
import { captureLine } from '../osdp/trace/osdpcap.ts';
import type { TraceSession } from '../osdp/trace/secure-trace.ts';
import type { Clock } from '../units/time.ts';
import { LineStatistics } from './line-statistics.ts';
import { traceText } from './trace-text.ts';

export interface LinePrinterOptions {
  readonly session: TraceSession;
  readonly clock: Clock;
  /** One JSON object a frame instead of a line for people. */
  readonly isJson: boolean;
  /** Takes each frame as an OSDPCAP line too. */
  readonly record: ((line: string) => void) | undefined;
  readonly print: (line: string) => void;
}

/** Prints what is heard on a line: time, pause since the frame before, and what the frame says. */
export class LinePrinter {
  readonly #options: LinePrinterOptions;
  readonly #cutter = new FrameCutter();
  readonly #statistics = new LineStatistics();
  #silence: NodeJS.Timeout | undefined;
  #lastMs: number | undefined;

  constructor(options: LinePrinterOptions) {
    this.#options = options;
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
    if (this.#options.isJson) {
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
    const { clock, isJson, record, print } = this.#options;
    const at = clock.now();
    const nowMs = clock.mono();
    const gapMs = Math.round(10 * (nowMs - (this.#lastMs ?? nowMs))) / 10;
    this.#lastMs = nowMs;
    record?.(captureLine(at, 'trace', cut.kind === 'frame' ? cut.frame.raw : cut.bytes));
    const when = { at: new Date(at).toISOString(), gapMs };
    const told = this.#describe(cut);
    const prefix = `${when.at.slice(11, 23)} ${`+${gapMs.toFixed(1)}`.padStart(8)}`;
    print(isJson ? JSON.stringify({ ...when, ...told.fields }) : `${prefix} ${told.text}`);
  }

  #describe(cut: Cut): { readonly fields: object; readonly text: string } {
    if (cut.kind === 'noise') {
      this.#statistics.addNoise(cut.bytes.length);
      const noise = toHex(cut.bytes);
      return { fields: { noise, reason: cut.reason }, text: `? no frame (${cut.reason}): ${noise}` };
    }
    const trace = this.#options.session.trace(cut.frame);
    this.#statistics.add(trace);
    return { fields: trace, text: traceText(trace) };
  }
}
