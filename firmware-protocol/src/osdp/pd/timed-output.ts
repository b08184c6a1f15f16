import type { OutputAction } from '../messages/commands.ts';

/** One output of a device: a permanent state, and over it a temporary one that the device itself ends (spec 6.11). */
export class TimedOutput {
  #permanent = false;
  #temporary: { readonly isOn: boolean; readonly untilMs: number } | undefined;

  get isOn(): boolean {
    return this.#temporary?.isOn ?? this.#permanent;
  }

  /** When the temporary state ends, if there is one. */
  get untilMs(): number | undefined {
    return this.#temporary?.untilMs;
  }

  apply(action: OutputAction, durationMs: number, nowMs: number): void {
    switch (action) {
      case 'none':
        return;
      case 'permanentOff':
      case 'permanentOn':
        this.#permanent = action === 'permanentOn';
        this.#temporary = undefined;
        return;
      case 'offAfterTimer':
      case 'onAfterTimer':
        this.#permanent = action === 'onAfterTimer';
        return;
      case 'pulseOn':
      case 'pulseOff':
        this.#temporary = { isOn: action === 'pulseOn', untilMs: nowMs + durationMs };
    }
  }

  advance(nowMs: number): void {
    if (this.#temporary !== undefined && nowMs >= this.#temporary.untilMs) {
      this.#temporary = undefined;
    }
  }
}
