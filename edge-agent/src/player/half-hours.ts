import {
  after,
  days,
  halfHourMs,
  halfHourOf,
  instant,
  seconds,
  type Clock,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { planDays, type Placement, type TouchEvent } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { PlayerMemory } from './player-memory.ts';

interface Place {
  readonly entrance: string;
  readonly placement: Placement;
  /** What people do there. */
  readonly event: TouchEvent;
}

export interface HalfHours {
  /** Counts a billable touch. */
  touched(place: Pick<Place, 'entrance'>, at: InstantMs): void;
  /** Closes what is over and settled. Call it every second; it never overlaps with itself. */
  close(): Promise<void>;
}

export interface HalfHoursParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly journal: JournalWriter;
  readonly memory: PlayerMemory;
  readonly places: () => readonly Place[];
  /** True while a touch or a play of this half-hour is not in the journal yet. */
  readonly isPending: (entrance: string, halfHour: InstantMs) => boolean;
  /** The count as it may leave the door. */
  readonly noised: (at: InstantMs, entrance: string, event: TouchEvent, count: number) => number | null;
}

/** An opening is told a moment after it happened; until then its half-hour stays open. */
const closingGraceMs = seconds(2);
/** A terminal that was off for longer than a plan holds closes no more than that. */
const backMsMax = days(planDays);
/** Half-hours with touches that wait for the journal: sixteen doors for a day. */
const countsMax = 768;
const memoryKey = 'player-half-hours';

const countOf = z.object({ at: z.int().transform(instant), entrance: z.string(), openings: z.int() });
const remembered = z.object({
  counts: z.array(countOf),
  /** The last half-hour closed at each entrance. */
  closed: z.record(z.string(), z.int().transform(instant)),
});
type Count = z.infer<typeof countOf>;

/**
 * Closes each half-hour of each entrance with one row, in order and after every play of it: whoever bills may rely on that.
 * Half-hours that passed while the terminal was off, or that a clock set forward jumped over, are closed like any other.
 * One that a clock set back brings again is closed again, with the touches since.
 */
export function createHalfHours(parts: HalfHoursParts): HalfHours {
  const { clock, journal, memory, log } = parts;
  const { counts, closed } = recall(memory, log);
  let closing = false;

  const save = () =>
    memory
      .set(memoryKey, JSON.stringify({ counts, closed }))
      .catch((err: unknown) => log.error({ err }, 'touch counts could not be kept'));

  function count(entrance: string, at: InstantMs, openings: number): void {
    const known = counts.find((c) => c.entrance === entrance && c.at === at);
    if (known) known.openings += openings;
    else counts.push({ entrance, at, openings });
    if (counts.length > countsMax) log.error({ dropped: counts.shift() }, 'too many half-hours wait for the journal');
  }

  function take(entrance: string, at: InstantMs): Count {
    const index = counts.findIndex((c) => c.entrance === entrance && c.at === at);
    return counts.splice(index, index < 0 ? 0 : 1)[0] ?? { entrance, at, openings: 0 };
  }

  /** Half-hours of an entrance that are over, oldest first. */
  function passed({ entrance }: Place, current: InstantMs): InstantMs[] {
    const before = instant(current - halfHourMs);
    const last = closed[entrance];
    // The first start, or a clock that was set back: what is closed next is the half-hour that runs now.
    if (last === undefined || last >= current) closed[entrance] = before;
    const due = new Set(counts.filter((c) => c.entrance === entrance && c.at < current).map((c) => c.at));
    const from = Math.max((closed[entrance] ?? before) + halfHourMs, current - backMsMax);
    for (let at = from; at < current; at += halfHourMs) due.add(instant(at));
    return [...due].sort((a, b) => a - b);
  }

  async function closeOne({ entrance, placement, event }: Place, at: InstantMs): Promise<void> {
    // Taken out first: a touch during the writing begins the half-hour anew.
    const { openings } = take(entrance, at);
    const touches = { [event]: parts.noised(at, entrance, event, openings) };
    try {
      await journal.append({ stream: 'play', kind: 'half-hour', body: { at, entrance, placement, touches } });
    } catch (error) {
      count(entrance, at, openings);
      throw error;
    }
    closed[entrance] = instant(Math.max(at, closed[entrance] ?? 0));
  }

  async function closePlace(place: Place, now: InstantMs): Promise<void> {
    for (const at of passed(place, halfHourOf(now))) {
      const isOver = now >= after(after(at, halfHourMs), closingGraceMs);
      if (!isOver || parts.isPending(place.entrance, at)) return;
      await closeOne(place, at);
    }
  }

  return {
    touched({ entrance }, at) {
      count(entrance, halfHourOf(at), 1);
      void save();
    },
    async close() {
      if (closing) return;
      closing = true;
      const before = JSON.stringify(closed);
      try {
        const now = clock.now();
        for (const place of parts.places()) await closePlace(place, now);
      } finally {
        if (JSON.stringify(closed) !== before) await save();
        closing = false;
      }
    },
  };
}

/** A memory that cannot be read begins anew: the screen must start. */
function recall(memory: PlayerMemory, log: Logger): z.infer<typeof remembered> {
  const text = memory.get(memoryKey);
  if (text === undefined) return { counts: [], closed: {} };
  try {
    return remembered.parse(JSON.parse(text));
  } catch (err) {
    log.error({ err }, 'the remembered half-hours are unreadable');
    return { counts: [], closed: {} };
  }
}
