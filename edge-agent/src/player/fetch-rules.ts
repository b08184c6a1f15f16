import {
  days,
  hours,
  inDailyWindow,
  instant,
  localTime,
  minutes,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { MediaClip, MediaTerms } from '@gatecast/firmware-protocol/messages';

/** `at-once`: as fast as the line is; `paced`: no faster than the terms allow; `later`: not yet. */
export type FetchTurn = 'at-once' | 'paced' | 'later';

export interface FetchSituation {
  readonly now: InstantMs;
  /** Undefined: nobody has told yet what the local time is. */
  readonly zone: string | undefined;
  readonly terms: MediaTerms;
  /** 0 to 1: where in a common window this terminal begins, so that a fleet does not ask at one moment. */
  readonly spread: number;
  /** How long a fleet takes to ask for what it was told of at one moment. */
  readonly spreadMs: number;
  /** There is no house clip here: whenever nobody has paid, the screen is empty. */
  readonly isBare: boolean;
}

/** Nobody knows how long a slow line takes: what is needed that soon waits for no quiet one. */
const soonMs = hours(2);
/** Nor for this terminal's moment for longer than so much of the time that is left until shortly before. */
const patience = 1 / 8;
const shortlyMs = minutes(8);
/** From here on, on the evening before, what tomorrow needs is fetched outside the windows too, so that it is there by 20:00. */
const eveningMinute = 18 * 60;
const eveningSpreadMinutes = 60;

/** Whether it is the turn of a clip to be fetched that has been named to this terminal for so long. */
export function fetchTurn(
  { neededAt, namedForMs }: Pick<MediaClip, 'neededAt'> & { readonly namedForMs: number },
  situation: FetchSituation,
): FetchTurn {
  const { now, zone, terms, spread, isBare } = situation;
  const isHouse = neededAt === 0;
  const isUrgent = isHouse ? isBare : neededAt - now <= soonMs;
  const waitMsMax = isHouse ? 0 : Math.max(0, spread * patience * (neededAt - now - shortlyMs));
  if (namedForMs < Math.min(firstAskMs(situation), isUrgent ? waitMsMax : Infinity)) return 'later';
  if (isUrgent) return 'at-once';
  if (isHouse || zone === undefined || terms.windows.length === 0) return 'paced';
  const { minute } = localTime(now, zone);
  const isInWindow = terms.windows.some((window) => inDailyWindow(minute, spreadWindow(window, spread)));
  return isInWindow || now >= eveningBefore(neededAt, zone, spread) ? 'paced' : 'later';
}

/** A clip is asked for this long after it was named, unless somebody waits for it: one is named to ten thousand screens within seconds. */
export const firstAskMs = ({ spread, spreadMs }: Pick<FetchSituation, 'spread' | 'spreadMs'>): number =>
  spread * spreadMs;

const dayMinutes = 24 * 60;

/** Terminals begin in the first half of a window, each at its own minute, and end together. */
function spreadWindow({ fromMinute, toMinute }: MediaTerms['windows'][number], spread: number) {
  const length = (toMinute - fromMinute + dayMinutes) % dayMinutes;
  return { fromMinute: (fromMinute + Math.floor((length / 2) * spread)) % dayMinutes, toMinute };
}

function eveningBefore(neededAt: InstantMs, zone: string, spread: number): InstantMs {
  const dayBefore = localTime(instant(neededAt - days(1)), zone).date;
  return zonedInstant(dayBefore, eveningMinute + Math.floor(eveningSpreadMinutes * spread), zone);
}

/** Those that fit into so many bytes with their stills; what is needed first before the rest. */
export function fitting(clips: readonly MediaClip[], bytesMax: number): MediaClip[] {
  let bytes = 0;
  return clips.filter((clip) => {
    const whole = clip.bytes + (clip.poster?.bytes ?? 0);
    const isFit = bytes + whole <= bytesMax;
    if (isFit) bytes += whole;
    return isFit;
  });
}

const firstPauseMs = 1_000;
/** A line comes back at any moment. */
const longestPauseMs = minutes(1);
/** What the cloud or the disk says is true for longer. */
const longestPauseAfterAnswerMs = minutes(10);
const lineFaults: ReadonlySet<string> = new Set(['unreachable', 'cloud-unreachable', 'idle', 'too-short', 'too-slow']);

/** Before the next try: doubling from 1 s, scattered, so that terminals that lost the cloud together do not come back together. */
export function retryPauseMs(
  { inARow, code }: { readonly inARow: number; readonly code: string },
  random: () => number = Math.random,
): number {
  const longest = lineFaults.has(code) ? longestPauseMs : longestPauseAfterAnswerMs;
  const ceiling = Math.min(longest, firstPauseMs * 2 ** Math.min(inARow - 1, 20));
  return ceiling * (0.5 + random() / 2);
}
