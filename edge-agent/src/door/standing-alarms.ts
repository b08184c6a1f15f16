import { doorAlarm, type DoorAlarm } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { alarmEntry } from './door-entries.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';

export interface StandingAlarmsParts {
  readonly write: (entry: JournalEntry) => void;
  /** What stands now, for {@link StandingAlarms.endLeftOver} after a restart. */
  readonly keep: (text: string) => void;
}

const kept = z.array(z.tuple([z.string(), doorAlarm]));

/** Alarms that last: each is told when its first cause comes, and over when its last has gone. Doors and devices bound their number. */
export class StandingAlarms {
  readonly #parts: StandingAlarmsParts;
  /** By entrance and alarm. */
  readonly #causes = new Map<string, Map<DoorAlarm, Set<string>>>();

  constructor(parts: StandingAlarmsParts) {
    this.#parts = parts;
  }

  /** `cause` tells two reasons for one alarm apart, such as the lids of two devices. */
  set(entrance: string, alarm: DoorAlarm, active: boolean, cause: string = alarm): void {
    const alarms = this.#causes.get(entrance) ?? new Map<DoorAlarm, Set<string>>();
    this.#causes.set(entrance, alarms);
    const causes = alarms.get(alarm) ?? new Set<string>();
    const stood = causes.size > 0;
    if (active) causes.add(cause);
    else causes.delete(cause);
    if (stood === causes.size > 0) return;
    if (active) alarms.set(alarm, causes);
    else alarms.delete(alarm);
    this.#tell(entrance, alarm, active);
    this.#keep();
  }

  /** What the wires of an entrance have told holds no longer. */
  endAll(entrance: string): void {
    const alarms = this.#causes.get(entrance);
    this.#causes.delete(entrance);
    if (!alarms || alarms.size === 0) return;
    for (const alarm of alarms.keys()) this.#tell(entrance, alarm, false);
    this.#keep();
  }

  /** An alarm that stood when the program ended is over, or is raised anew by what the hardware tells now. */
  endLeftOver(text: string): void {
    for (const [entrance, alarm] of read(text)) this.#tell(entrance, alarm, false);
    this.#keep();
  }

  #tell(entrance: string, alarm: DoorAlarm, active: boolean): void {
    this.#parts.write(alarmEntry({ entrance, alarm, active }));
  }

  #keep(): void {
    const standing = [...this.#causes].flatMap(([entrance, alarms]) => [...alarms.keys()].map((a) => [entrance, a]));
    this.#parts.keep(JSON.stringify(standing));
  }
}

/** What cannot be read any more is nothing: the door must start. */
function read(text: string): z.infer<typeof kept> {
  try {
    return kept.safeParse(JSON.parse(text)).data ?? [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
