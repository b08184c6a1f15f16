import type { PlayBody } from '@gatecast/firmware-protocol/messages';
import type { Seen } from './glass.ts';

/** What the journal says of the plays that somebody watched, beside what stood on the glass. */
export interface Truth {
  readonly plays: number;
  readonly framesSeen: number;
  /** Of what the observer could not read. */
  readonly framesUnread: number;
  readonly framesJournalled: number;
  /** Frames of each play that only one of the two knows of, summed; one that the observer was held up for contradicts nobody. */
  readonly framesApart: number;
  /** The plays that they do not agree on: frames read, not read, journalled. */
  readonly apart: readonly string[];
  readonly msApart: number;
  readonly shownMs: number;
  /** How much of the frames the two agree on. */
  readonly framePercent: number;
  readonly timePercent: number;
  /** Plays whose rendered, viewable or completed is not what was seen. */
  readonly wrong: readonly string[];
  /** Plays that only one of the two knows of. */
  readonly missing: readonly string[];
}

/** A play this close to a bound may be told either way: two clocks have looked at it. */
const closeMs = 50;
const viewableMs = 2_000;
const completedPart = 0.75;

interface Pair {
  readonly play: PlayBody;
  readonly one: Seen | undefined;
}

function apartIn({ play: { framesPresented }, one }: Pair): number {
  const { frames, unread } = one ?? unseen;
  return Math.max(frames - framesPresented, framesPresented - frames - unread, 0);
}

const tell = ({ play, one }: Pair): string => {
  const { frames, unread } = one ?? unseen;
  return `${play.decision} ${play.endReason}: ${frames} + ${unread}, ${play.framesPresented}`;
};

const unseen = { frames: 0, unread: 0 };

/** `durationMs` is that of a decision's clip. Plays that nobody could see and that nobody saw agree. */
export function truthOf(
  seen: readonly Seen[],
  plays: readonly PlayBody[],
  durationMs: (clip: string) => number,
): Truth {
  const bySeen = new Map(seen.map((one) => [one.decision, one]));
  const told = plays.filter((play) => play.framesPresented > 0 || bySeen.has(play.decision));
  const pairs: readonly Pair[] = told.map((play) => ({ play, one: bySeen.get(play.decision) }));
  const sum = (of: (pair: Pair) => number) => pairs.reduce((total, pair) => total + of(pair), 0);
  const framesSeen = sum(({ one }) => one?.frames ?? 0);
  const shownMs = sum(({ one }) => one?.shownMs ?? 0);
  const framesApart = sum(apartIn);
  const msApart = sum(({ play, one }) => Math.abs(play.shownMs - (one?.shownMs ?? 0)));
  return {
    plays: told.length,
    framesSeen,
    framesUnread: sum(({ one }) => one?.unread ?? 0),
    framesJournalled: sum(({ play }) => play.framesPresented),
    framesApart,
    apart: pairs.filter((pair) => apartIn(pair) > 0).map(tell),
    msApart,
    shownMs,
    framePercent: percent(framesApart, framesSeen),
    timePercent: percent(msApart, shownMs),
    wrong: pairs.flatMap(({ play, one }) => (one && isWrong(play, one, durationMs(play.clip)) ? [play.decision] : [])),
    missing: [
      ...pairs.flatMap(({ play, one }) => (one ? [] : [play.decision])),
      ...seen.flatMap(({ decision }) => (plays.some((play) => play.decision === decision) ? [] : [decision])),
    ],
  };
}

const percent = (apart: number, of: number): number => (of === 0 ? 0 : 100 * (1 - apart / of));

function isWrong(play: PlayBody, one: Seen, durationMs: number): boolean {
  const differs = (told: boolean, value: number, bound: number) =>
    told !== value >= bound && Math.abs(value - bound) > closeMs;
  return (
    !play.rendered ||
    differs(play.viewable, one.longestRunMs, viewableMs) ||
    differs(play.completed, one.shownMs, durationMs * completedPart)
  );
}
