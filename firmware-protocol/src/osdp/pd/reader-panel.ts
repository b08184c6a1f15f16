import type { BuzzerControl } from '../messages/commands.ts';
import type { LedColour, LedControl, LedPattern } from '../messages/led.ts';
import { steady } from '../messages/led.ts';

/** What a reader shows and sounds: one LED with a permanent and a temporary pattern, a buzzer, a line of text. */
export class ReaderPanel {
  #permanent: LedPattern = steady('off');
  #temporary: { readonly pattern: LedPattern; readonly sinceMs: number; readonly untilMs: number } | undefined;
  #permanentSinceMs = 0;
  #buzzer: { readonly control: BuzzerControl; readonly sinceMs: number } | undefined;
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** The pattern that is shown now. */
  get pattern(): LedPattern {
    return this.#temporary?.pattern ?? this.#permanent;
  }

  /** When the temporary pattern ends, if there is one. */
  get untilMs(): number | undefined {
    return this.#temporary?.untilMs;
  }

  /** The colour that a person sees at this moment. */
  colourAt(nowMs: number): LedColour {
    const { onMs, offMs, onColour, offColour } = this.pattern;
    const sinceMs = this.#temporary?.sinceMs ?? this.#permanentSinceMs;
    return (nowMs - sinceMs) % (onMs + offMs) < onMs ? onColour : offColour;
  }

  isSoundingAt(nowMs: number): boolean {
    if (this.#buzzer === undefined || this.#buzzer.control.tone <= 1) {
      return false;
    }
    const { onMs, offMs, count } = this.#buzzer.control;
    const cycleMs = Math.max(1, onMs + offMs);
    const cycles = (nowMs - this.#buzzer.sinceMs) / cycleMs;
    return (count === 0 || cycles < count) && (cycles % 1) * cycleMs < onMs;
  }

  setLed({ temporary, permanent }: LedControl, nowMs: number): void {
    if (permanent !== undefined) {
      this.#permanent = permanent;
      this.#permanentSinceMs = nowMs;
    }
    if (temporary === 'cancel') {
      this.#temporary = undefined;
    } else if (temporary !== undefined) {
      this.#temporary = { pattern: temporary, sinceMs: nowMs, untilMs: nowMs + temporary.durationMs };
    }
  }

  setBuzzer(control: BuzzerControl, nowMs: number): void {
    this.#buzzer = { control, sinceMs: nowMs };
  }

  setText(text: string): void {
    this.#text = text;
  }

  /** Dark and silent, as after power-up. */
  reset(): void {
    this.#permanent = steady('off');
    this.#temporary = undefined;
    this.#buzzer = undefined;
    this.#text = '';
  }

  advance(nowMs: number): void {
    if (this.#temporary !== undefined && nowMs >= this.#temporary.untilMs) {
      this.#temporary = undefined;
    }
  }
}
