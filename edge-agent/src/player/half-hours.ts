import {
  after,
  halfHourMs,
  halfHourOf,
  instant,
  seconds,
  type Clock,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { Placement, TouchEvent } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { JournalWriter } from '../journal/journal-writer.ts';
import type { PlayerMemory } from './player-memory.ts';

export interface Place {
  readonly entrance: string;
  readonly placement: Placement;
}

export interface HalfHours {
  /** Counts a billable touch. */
  touched(place: Place, at: InstantMs): void;
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
/** Sixteen doors for a day; older ones are given up when the journal takes nothing for so long. */
const openMax = 768;
const memoryKey = 'player-half-hours';

const openHalfHour = z.object({
  at: z.int().transform(instant),
  entrance: z.string(),
  placement: z.enum(['gate', 'unit-door', 'lift']),
  openings: z.int(),
});
const remembered = z.object({
  open: z.array(openHalfHour),
  /** The last half-hour closed at each entrance. */
  closed: z.record(z.string(), z.int()),
});
type OpenHalfHour = z.infer<typeof openHalfHour>;

/**
 * Closes each half-hour of each entrance with one row, after every play of it: whoever bills may rely on the order.
 * Half-hours that passed while the terminal was off, or that a changed clock jumped over, are closed if they had touches or are the last.
 */
export function createHalfHours(parts: HalfHoursParts): HalfHours {
  const { clock, journal, memory, log } = parts;
  const stored = memory.get(memoryKey);
  const { open, closed } = stored ? remembered.parse(JSON.parse(stored)) : { open: [], closed: {} };
  let closing = false;

  const find = ({ entrance }: Place, at: InstantMs) => open.find((h) => h.entrance === entrance && h.at === at);

  function begin(place: Place, at: InstantMs): OpenHalfHour {
    const known = find(place, at);
    if (known) return known;
    const made: OpenHalfHour = { at, entrance: place.entrance, placement: place.placement, openings: 0 };
    open.push(made);
    if (open.length > openMax) log.error({ dropped: open.shift() }, 'too many half-hours wait for the journal');
    return made;
  }

  const save = () => memory.set(memoryKey, JSON.stringify({ open, closed }));
  const saveSoon = () => void save().catch((err: unknown) => log.error({ err }, 'touch counts could not be kept'));

  /** The running half-hour is always open; the one before it too, if it was never closed and the terminal was in use by then. */
  function beginCurrent(now: InstantMs): void {
    const current = halfHourOf(now);
    const openBefore = open.length;
    const before = instant(current - halfHourMs);
    for (const place of parts.places()) {
      begin(place, current);
      const last = closed[place.entrance];
      if (last !== undefined && last < before) begin(place, before);
    }
    if (open.length !== openBefore) saveSoon();
  }

  async function closeOne(halfHour: OpenHalfHour): Promise<void> {
    const { at, entrance, placement, openings } = halfHour;
    const touches = { opening: parts.noised(at, entrance, 'opening', openings) };
    // Taken out first: a touch during the writing, after a clock was set back, begins the half-hour anew.
    open.splice(open.indexOf(halfHour), 1);
    try {
      await journal.append({ stream: 'play', kind: 'half-hour', body: { at, entrance, placement, touches } });
    } catch (error) {
      begin(halfHour, at).openings += openings;
      throw error;
    }
    closed[entrance] = Math.max(at, closed[entrance] ?? 0);
  }

  async function closeDue(now: InstantMs): Promise<void> {
    const isOver = ({ at, entrance }: OpenHalfHour) =>
      now >= after(after(at, halfHourMs), closingGraceMs) && !parts.isPending(entrance, at);
    const due = open.filter(isOver).sort((a, b) => a.at - b.at);
    for (const halfHour of due) await closeOne(halfHour);
    if (due.length > 0) await save();
  }

  return {
    touched(place, at) {
      begin(place, halfHourOf(at)).openings += 1;
      saveSoon();
    },
    async close() {
      if (closing) return;
      closing = true;
      try {
        const now = clock.now();
        beginCurrent(now);
        await closeDue(now);
      } finally {
        closing = false;
      }
    },
  };
}
