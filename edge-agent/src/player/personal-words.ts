import { localTime, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import type { PersonalNotice } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Opening } from '../door/door-listener.ts';
import type { PlayerDocuments } from './player-documents.ts';
import type { PlayerMemory } from './player-memory.ts';

/** How often a day one person is told: it is a reminder, and whoever stands beside them reads it too. */
export const wordsADayMax = 3;

/** How often people were told on one local day, by the names in the notices. Of another day nothing is kept. */
export interface ToldToday {
  /** `2026-11-22` */
  readonly date: string;
  readonly times: Readonly<Record<string, number>>;
}

export interface WordAsked {
  readonly opening: Pick<Opening, 'noticeName' | 'event' | 'unbillable'>;
  readonly personal: readonly PersonalNotice[];
  readonly told: ToldToday | undefined;
  readonly now: InstantMs;
  /** The community's date. */
  readonly today: string;
}

interface Word {
  readonly kind: PersonalNotice['kind'] | null;
  readonly told: ToldToday | undefined;
}

/**
 * What the door's answer says besides to whoever opened, and what is remembered of it. Only who comes in by themselves at a door is told: not at an exit, a
 * drill or again within seconds, and not in front of a lift, where others wait.
 */
export function chooseWord({ opening, personal, told, now, today }: WordAsked): Word {
  const { noticeName, event, unbillable } = opening;
  if (noticeName === null || event !== 'opening' || unbillable !== null) return { kind: null, told };
  const notice = personal.find(({ name, until }) => name === noticeName && now < until);
  if (!notice) return { kind: null, told };
  const times = told?.date === today ? told.times : {};
  const already = times[noticeName] ?? 0;
  if (already >= wordsADayMax) return { kind: null, told };
  return { kind: notice.kind, told: { date: today, times: { ...times, [noticeName]: already + 1 } } };
}

const memoryKey = 'player-words-told';
const toldToday: z.ZodType<ToldToday> = z.object({ date: z.string(), times: z.record(z.string(), z.int()) });

interface PersonalWordParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly documents: PlayerDocuments;
  readonly memory: PlayerMemory;
}

export interface PersonalWords {
  /** The word for an opening, if there is one: it counts as shown. */
  for(opening: Opening): PersonalNotice['kind'] | null;
  /** Forgets the days before, and whom no notice means any more. */
  forget(): void;
}

/** The word for each opening, counted over restarts. The door's answer does not wait for the disk. */
export function createPersonalWords({ clock, log, documents, memory }: PersonalWordParts): PersonalWords {
  const kept = memory.get(memoryKey);
  let told = kept === undefined ? undefined : readTold(kept, log);
  const keep = (next: ToldToday | undefined) => {
    told = next;
    memory
      .set(memoryKey, next ? JSON.stringify(next) : '')
      .catch((err: unknown) => log.error({ err }, 'how often a word was shown could not be kept'));
  };
  const posted = () => documents.current('notices')?.personal ?? [];
  const today = () => localTime(clock.now(), documents.current('config')?.zone ?? 'UTC').date;
  return {
    for(opening) {
      const word = chooseWord({ opening, personal: posted(), told, now: clock.now(), today: today() });
      if (word.told !== told) keep(word.told);
      return word.kind;
    },
    forget() {
      const left = told && stillMeant(told, posted(), today());
      if (left !== told) keep(left);
    },
  };
}

/** Without another day, and without those whom no notice means any more: they took their goods or their consent. The same if there is nothing to forget. */
export function stillMeant(told: ToldToday, personal: readonly PersonalNotice[], today: string): ToldToday | undefined {
  if (told.date !== today) return undefined;
  const meant = new Set(personal.map(({ name }) => name));
  const all = Object.entries(told.times);
  const left = all.filter(([name]) => meant.has(name));
  if (left.length === all.length) return told;
  return left.length === 0 ? undefined : { ...told, times: Object.fromEntries(left) };
}

function readTold(text: string, log: Logger): ToldToday | undefined {
  if (text === '') return undefined;
  try {
    return toldToday.parse(JSON.parse(text));
  } catch (err) {
    log.error({ err }, 'how often words were shown is unreadable');
    return undefined;
  }
}
