import { renameSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { instant, localTime, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';

const dayMs = 86_400_000;

/**
 * The time of day in a neighbourhood: one file with an offset, which all its programs watch. It only ever moves forward,
 * because a door refuses time-limited codes when its clock turns back.
 */
export class TownClock {
  readonly file: string;
  #offsetMs: number;

  constructor(file: string) {
    this.file = file;
    this.#offsetMs = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    this.#write();
  }

  now(): InstantMs {
    return instant(Date.now() + this.#offsetMs);
  }

  moveTo(at: InstantMs): void {
    if (at < this.now()) throw new RangeError('the clock of a neighbourhood never goes back');
    this.#offsetMs = at - Date.now();
    this.#write();
  }

  /** On to the next time that a clock on the wall in `zone` shows `hhmm`, for instance `07:40`; at once if it shows it now. */
  moveToLocal(hhmm: string, zone: string): InstantMs {
    const [hour = 0, minute = 0] = hhmm.split(':').map(Number);
    const now = this.now();
    const wanted = hour * 60 + minute;
    const local = localTime(now, zone);
    if (local.minute === wanted) return now;
    const today = zonedInstant(local.date, wanted, zone);
    const tomorrow = zonedInstant(localTime(instant(now + dayMs), zone).date, wanted, zone);
    const to = today > now ? today : tomorrow;
    this.moveTo(to);
    return to;
  }

  /** Renamed into place, so that no program reads half a number. */
  #write(): void {
    const whole = `${this.file}.new`;
    writeFileSync(whole, `${Math.round(this.#offsetMs)}\n`);
    renameSync(whole, this.file);
  }
}
