import {
  halfHourOf,
  milliseconds,
  seconds,
  type Clock,
  type DurationMs,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { TouchBody } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import type { Opening } from '../door/door-listener.ts';
import type { JournalWriter } from '../journal/journal-writer.ts';

/** How long a touch lasts where no contact tells that the door closed. */
const windowWithoutContactMs = seconds(6);
/** A door propped open does not keep anybody in front of the screen. */
const windowMsMax = seconds(30);

/** The time in which frames count for a touch, on the monotonic clock. `toMono` is undefined while it lasts. */
interface TouchWindow {
  readonly opening: Opening;
  readonly toMono: DurationMs | undefined;
}

export interface Touches {
  opened(opening: Opening): void;
  contact(entrance: string, open: boolean): void;
  /** Undefined for a touch that closed long ago. */
  windowOf(touch: string): TouchWindow | undefined;
  /** True while a touch of this entrance and half-hour is not in the journal yet. */
  isPending(entrance: string, halfHour: InstantMs): boolean;
  /** Closes every window that is open; resolves once all are in the journal or were given up. */
  finish(): Promise<void>;
}

export interface TouchesParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly journal: JournalWriter;
}

/** Windows kept after they closed, for plays that are reported later. */
const closedMax = 256;

interface OpenWindow {
  readonly opening: Opening;
  deadlineMono: number;
  timer: NodeJS.Timeout;
}

/**
 * Touch windows: from an opening until the door's contact closes, at most 30 s; without a contact that opens, 6 s. From the call of a lift until its
 * doors open.
 * Openings that overlap are touches of their own. One `touch` row each, when its window closes.
 */
export function createTouches({ clock, log, journal }: TouchesParts): Touches {
  const open = new Map<string, OpenWindow>();
  const writing = new Map<Opening, Promise<void>>();
  const ended = new Map<string, TouchWindow>();
  const doorsOpen = new Set<string>();

  function close(window: OpenWindow, endedBy: TouchBody['endedBy']): void {
    const { opening } = window;
    clearTimeout(window.timer);
    open.delete(opening.touch);
    // A timer may fire late; frames after the deadline do not count all the same.
    const toMono = milliseconds(Math.min(clock.mono(), window.deadlineMono));
    ended.set(opening.touch, { opening, toMono });
    for (const oldest of ended.keys()) if (ended.size > closedMax) ended.delete(oldest);
    write(opening, Math.max(0, Math.round(toMono - opening.startedMono)), endedBy);
  }

  function write(opening: Opening, windowMs: number, endedBy: TouchBody['endedBy']): void {
    // No name ever stands in a row, nor what anybody said of themselves.
    const {
      startedMono: _mono,
      tellsArrival: _tells,
      pseudonym: _who,
      group: _which,
      noticeName: _whose,
      ...said
    } = opening;
    const body: TouchBody = { ...said, windowMs, endedBy };
    const written = journal
      .append({ stream: 'play', kind: 'touch', body })
      .then(() => undefined)
      .catch((error: unknown) => log.error({ err: error, touch: body.touch }, 'a touch could not be journalled'))
      .finally(() => writing.delete(opening));
    writing.set(opening, written);
  }

  function schedule(window: OpenWindow, spanMs: DurationMs): void {
    clearTimeout(window.timer);
    window.deadlineMono = window.opening.startedMono + spanMs;
    window.timer = setTimeout(() => close(window, 'timeout'), Math.max(0, window.deadlineMono - clock.mono()));
  }

  return {
    opened(opening) {
      const window: OpenWindow = { opening, deadlineMono: 0, timer: setTimeout(() => undefined, 0) };
      open.set(opening.touch, window);
      const isToldWhenItEnds = opening.tellsArrival || doorsOpen.has(opening.entrance);
      schedule(window, isToldWhenItEnds ? windowMsMax : windowWithoutContactMs);
    },
    contact(entrance, isOpen) {
      if (isOpen) doorsOpen.add(entrance);
      else doorsOpen.delete(entrance);
      for (const window of [...open.values()].filter((w) => w.opening.entrance === entrance)) {
        if (window.opening.event === 'lift-call') close(window, isOpen ? 'lift-arrived' : 'door-closed');
        else if (isOpen) schedule(window, windowMsMax);
        else close(window, 'door-closed');
      }
    },
    windowOf(touch) {
      const window = open.get(touch);
      return window ? { opening: window.opening, toMono: undefined } : ended.get(touch);
    },
    isPending(entrance, halfHour) {
      const isIt = (o: Opening) => o.entrance === entrance && halfHourOf(o.startedAt) === halfHour;
      return [...open.values()].some((w) => isIt(w.opening)) || [...writing.keys()].some(isIt);
    },
    async finish() {
      for (const window of open.values()) close(window, 'timeout');
      await Promise.all(writing.values());
    },
  };
}
