import { randomBytes } from 'node:crypto';
import { DomainError } from '@gatecast/firmware-protocol';
import { screenshotBytesMax, type ScreenEvents, type ToneReport } from '@gatecast/firmware-protocol/messages';

/** What the screen shows and whether it can be heard, for somebody who is not there. */
export interface ScreenProbes {
  /** A JPEG of what the first page to answer shows. Rejects with `no-screen`, `screen-silent` or `busy`. */
  capture(): Promise<Uint8Array>;
  /** Resolves once a page can be heard. Rejects with `no-screen`, `screen-silent`, `sound-blocked` or `busy`. */
  tone(volumePercent: number): Promise<void>;
}

/** The pages' side. */
export interface ProbeAnswers {
  /** Throws `unknown-probe` for what nobody has asked for (any more), `not-a-picture` for what is no JPEG. */
  takeCapture(id: string, bytes: Uint8Array): void;
  /** Throws `unknown-probe`. */
  takeTone(report: ToneReport): void;
}

interface ProbeParts {
  /** How many pages are connected. */
  readonly pages: () => number;
  readonly send: <E extends keyof ScreenEvents>(event: E, data: ScreenEvents[E]) => void;
}

/** A page draws within a second; one that has not answered by then hangs. */
const answerMsMax = 5_000;

/** One question at a time of each kind, with the answers that it may get. */
class Asking<Answer> {
  readonly #busy: string;
  #waiting: { readonly id: string; readonly settle: (answer: Answer) => void } | undefined;

  constructor(busy: string) {
    this.#busy = busy;
  }

  /** Rejects with `screen-silent` when no answer has settled it in time. */
  ask(send: (id: string) => void): Promise<Answer> {
    if (this.#waiting) return Promise.reject(new DomainError('busy', this.#busy));
    const id = randomBytes(16).toString('base64url');
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      const timer = setTimeout(() => {
        end();
        reject(new DomainError('screen-silent', 'the screen page does not answer'));
      }, answerMsMax);
      this.#waiting = {
        id,
        settle: (answer) => {
          end();
          resolve(answer);
        },
      };
      send(id);
    });
  }

  /** Throws `unknown-probe`. */
  settler(id: string): (answer: Answer) => void {
    if (this.#waiting?.id !== id) throw new DomainError('unknown-probe', 'nobody has asked for that');
    return this.#waiting.settle;
  }
}

/** Asks the pages on the screen. They are guests: what they send is bounded and only taken once it was asked for. */
export function createScreenProbes({ pages, send }: ProbeParts): ScreenProbes & ProbeAnswers {
  const captures = new Asking<Uint8Array>('a picture is being taken already');
  const tones = new Asking<boolean>('a tone is being played already');
  /** Pages that have not yet said that they may not be heard. */
  let unheard = 0;

  const requirePage = (): void => {
    if (pages() === 0) throw new DomainError('no-screen', 'no screen page is connected');
  };

  return {
    async capture() {
      requirePage();
      return captures.ask((id) => send('capture', { id }));
    },
    async tone(volumePercent) {
      requirePage();
      const isHeard = await tones.ask((id) => {
        unheard = pages();
        send('tone', { id, volumePercent });
      });
      if (!isHeard) throw new DomainError('sound-blocked', 'the browser on the screen plays no sound');
    },
    takeCapture(id, bytes) {
      const settle = captures.settler(id);
      if (!isJpeg(bytes)) throw new DomainError('not-a-picture', 'this is no JPEG');
      settle(bytes);
    },
    takeTone({ id, started }) {
      const settle = tones.settler(id);
      // A preview on somebody's desk may be silent while the screen at the door is not.
      if (!started) unheard -= 1;
      if (started || unheard <= 0) settle(started);
    },
  };
}

/** Begins with SOI and a marker and ends with EOI (ITU-T T.81, table B.1). */
export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes.byteLength <= screenshotBytesMax &&
  bytes.byteLength > 4 &&
  bytes[0] === 0xff &&
  bytes[1] === 0xd8 &&
  bytes[2] === 0xff &&
  bytes.at(-2) === 0xff &&
  bytes.at(-1) === 0xd9;
