import { INTER_CHARACTER_MS } from '../osdp/frame/bus-timing.ts';
import type { Cut } from '../osdp/trace/frame-cutter.ts';
import { FrameCutter } from '../osdp/trace/frame-cutter.ts';
import { withoutCredentials } from '../osdp/trace/hidden-credentials.ts';
import type { CaptureOrigin } from '../osdp/trace/osdpcap.ts';
import { captureLine } from '../osdp/trace/osdpcap.ts';
import type { Clock } from '../units/time.ts';
import type { ByteLink } from './link.ts';

/**
 * A link whose OSDP traffic is handed to `write` as OSDPCAP lines, one message a line, without their line ends. Digits, cards and
 * keys in clear are blanked. `write` is called while bytes are on their way: it must not wait and must not throw.
 */
export function recordedLink(link: ByteLink, write: (line: string) => void, clock: Clock): ByteLink {
  const heard = new DirectionRecorder('input', write, clock);
  const said = new DirectionRecorder('output', write, clock);
  return {
    write(bytes) {
      said.record(bytes);
      link.write(bytes);
    },
    onData: (listener) =>
      link.onData((bytes) => {
        heard.record(bytes);
        listener(bytes);
      }),
    onClose: (listener) =>
      link.onClose((error) => {
        heard.end();
        said.end();
        listener(error);
      }),
    close: () => link.close(),
  };
}

class DirectionRecorder {
  readonly #origin: CaptureOrigin;
  readonly #write: (line: string) => void;
  readonly #clock: Clock;
  readonly #cutter = new FrameCutter();
  #lastByteMs = 0;

  constructor(origin: CaptureOrigin, write: (line: string) => void, clock: Clock) {
    this.#origin = origin;
    this.#write = write;
    this.#clock = clock;
  }

  record(bytes: Uint8Array): void {
    const nowMs = this.#clock.mono();
    if (nowMs - this.#lastByteMs > INTER_CHARACTER_MS) {
      this.end();
    }
    this.#lastByteMs = nowMs;
    this.#writeAll(this.#cutter.push(bytes));
  }

  end(): void {
    this.#writeAll(this.#cutter.endOfSilence());
  }

  #writeAll(cuts: readonly Cut[]): void {
    for (const cut of cuts) {
      this.#write(captureLine(this.#clock.now(), this.#origin, withoutCredentials(cut)));
    }
  }
}
