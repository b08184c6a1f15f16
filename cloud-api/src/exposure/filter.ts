import { elapsed, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import type { ClockQuality, Placement, PlayBody, Unbillable } from '@gatecast/firmware-protocol/messages';

/**
 * Why a play at a touch does not count, besides being too short. The terminal's own reasons first (`repeat`, `courier`, `maintenance`, `test`, …); then what
 * only the cloud can see:
 * `duplicate`: the decision was reported before; `unknown-touch`: no touch that the terminal told of; `unknown-clip`: no file that was ever approved here;
 * `clock`: the terminal's clock was not to be trusted or jumped during the play; `longer-than-window`: more was shown than the touch lasted;
 * `impossible-rate`: more touches in a minute than people go through a door.
 */
export type NotCounted =
  | Unbillable
  | 'duplicate'
  | 'unknown-touch'
  | 'unknown-clip'
  | 'clock'
  | 'longer-than-window'
  | 'impossible-rate';

/** A play as it came in. */
export interface ReportedPlay extends Pick<
  PlayBody,
  | 'touch'
  | 'billable'
  | 'clip'
  | 'startedAt'
  | 'rendered'
  | 'viewable'
  | 'completed'
  | 'shownMs'
  | 'framesPresented'
  | 'framesDropped'
  | 'panel'
  | 'milliTouches'
> {
  /** The line item that stops at so many people, if it was one more of them. */
  readonly reached?: string | null;
  /** Sorts rows in the order in which the terminal wrote them. */
  readonly id: string;
  /** Null: of rows from before it was kept. */
  readonly decision: string | null;
  readonly clockQuality: ClockQuality;
  /** Null: of rows from before it was kept. */
  readonly writtenAt: InstantMs | null;
}

export interface ReportedTouch {
  readonly id: string;
  readonly entranceId: string;
  readonly placement: Placement;
  readonly unbillable: Unbillable | null;
  readonly startedAt: InstantMs;
  readonly windowMs: number;
}

/** What the plays are held against. */
export interface Traffic {
  /** All touches of the place and half-hour, also those that saw nothing of the campaign. */
  readonly touches: readonly ReportedTouch[];
  readonly knownClips: ReadonlySet<string>;
}

/**
 * One opening every second and a half: each takes a code or a card, the lock's pulse and somebody going through. What comes faster is somebody who plays with
 * a reader, or a fault.
 */
export const touchesPerMinuteMax = 40;
/** The page's timer and the agent's may differ by as much (edge-agent, `impossibleClaim`). */
const toleranceMs = 250;
/** A play's row is written within the longest touch, the longest clip and the page's grace after its start. */
const writtenWithinMs = minutes(2);

/** Why each play at a touch does not count, by the play's id; what is not named counts. Ambient plays are not looked at. */
export function notCounted(plays: readonly ReportedPlay[], traffic: Traffic): ReadonlyMap<string, NotCounted> {
  const touches = new Map(traffic.touches.map((touch) => [touch.id, touch]));
  const tooMany = touchesTooMany(traffic.touches);
  const decided = new Set<string>();
  const found = new Map<string, NotCounted>();
  for (const play of [...plays].sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))) {
    if (play.touch === null) continue;
    const isAgain = play.decision !== null && decided.has(play.decision);
    if (play.decision !== null) decided.add(play.decision);
    const touch = touches.get(play.touch);
    const reason = isAgain ? 'duplicate' : reasonOf(play, touch, traffic.knownClips, tooMany);
    if (reason) found.set(play.id, reason);
  }
  return found;
}

function reasonOf(
  play: ReportedPlay,
  touch: ReportedTouch | undefined,
  knownClips: ReadonlySet<string>,
  tooMany: ReadonlySet<string>,
): NotCounted | undefined {
  if (!touch) return 'unknown-touch';
  if (touch.unbillable !== null) return touch.unbillable;
  // What the terminal itself would not sell is not sold, whatever its touch says.
  if (!play.billable) return 'unknown-touch';
  if (!knownClips.has(play.clip)) return 'unknown-clip';
  if (isByBadClock(play)) return 'clock';
  if (play.shownMs > touch.windowMs + toleranceMs) return 'longer-than-window';
  return tooMany.has(touch.id) ? 'impossible-rate' : undefined;
}

/** Without a time there is no half-hour that the play belongs to. A clock that holds over is good for weeks. */
function isByBadClock({ clockQuality, startedAt, writtenAt }: ReportedPlay): boolean {
  if (clockQuality === 'unknown' || clockQuality === 'turned-back') return true;
  if (writtenAt === null) return false;
  const age = elapsed(startedAt, writtenAt);
  return age < -toleranceMs || age > writtenWithinMs;
}

/** Billable touches at one entrance beyond what a door can do within any minute. */
function touchesTooMany(touches: readonly ReportedTouch[]): ReadonlySet<string> {
  const tooMany = new Set<string>();
  const recent = new Map<string, InstantMs[]>();
  const billable = touches.filter(({ unbillable }) => unbillable === null);
  for (const { id, entranceId, startedAt } of billable.sort(
    (a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1),
  )) {
    const within = (recent.get(entranceId) ?? []).filter((at) => elapsed(at, startedAt) < minutes(1));
    if (within.length >= touchesPerMinuteMax) tooMany.add(id);
    else within.push(startedAt);
    recent.set(entranceId, within);
  }
  return tooMany;
}
