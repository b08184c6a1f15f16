import { milliseconds, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { kindRules, type AlarmKind, type Severity } from './alarm-kinds.ts';

/** Something that looks wrong now. */
export interface Sign {
  readonly kind: AlarmKind;
  /** Null where many terminals, or none, are concerned. */
  readonly terminalId: string | null;
  readonly communityId: string | null;
  /** The id of what it is about, where that is no terminal and no community. */
  readonly subject?: string;
  readonly terminals: number;
  readonly since: InstantMs;
  readonly facts: Readonly<Record<string, string | number | null>>;
}

/** What is one and the same alarm. */
export const keyOf = (sign: Pick<Sign, 'kind' | 'terminalId' | 'communityId' | 'subject'>): string =>
  `${sign.kind}|${sign.terminalId ?? sign.communityId ?? sign.subject ?? 'fleet'}`;

/** What the watch keeps of an alarm that is not over. */
export interface Kept {
  readonly kind: AlarmKind;
  readonly since: InstantMs;
  readonly raisedAt: InstantMs | null;
  readonly clearSince: InstantMs | null;
}

/**
 * What becomes of an alarm at one look. `wait`: a sign that has not held for long enough; `forget`: it was gone before that; `clearing`: the sign
 * is gone, for how long is to be seen; `returned`: it came back before the end.
 */
export type Step = 'none' | 'wait' | 'raise' | 'forget' | 'clearing' | 'returned' | 'end';

/** An alarm that comes back this soon is the same one and nobody is called again. */
export const sameAgainMs = minutes(15);

export function stepOf(kept: Kept | undefined, sign: Sign | undefined, now: InstantMs): Step {
  if (!kept) return sign ? (hasHeld(sign.kind, sign.since, now) ? 'raise' : 'wait') : 'none';
  if (kept.raisedAt === null) {
    if (!sign) return 'forget';
    return hasHeld(kept.kind, kept.since, now) ? 'raise' : 'none';
  }
  if (sign) return kept.clearSince === null ? 'none' : 'returned';
  if (kept.clearSince === null) return 'clearing';
  return now - kept.clearSince >= kindRules[kept.kind].clearAfterMs ? 'end' : 'none';
}

const hasHeld = (kind: AlarmKind, since: InstantMs, now: InstantMs): boolean =>
  now - since >= kindRules[kind].raiseAfterMs;

/** From how many terminals on they are one alarm: 20, or a fiftieth of a large fleet. Once it is one, it stays one until half of that. */
export function isMany(terminals: number, inService: number, isOneAlready: boolean): boolean {
  const many = Math.max(20, inService * 0.02);
  return terminals > (isOneAlready ? many / 2 : many);
}

/** From how many terminals with a backlog on the cloud itself is to blame: 5, or a twentieth of those online. */
export const isIngestBacklog = (terminals: number, online: number, isOneAlready: boolean): boolean =>
  terminals > Math.max(5, online * 0.05) / (isOneAlready ? 2 : 1);

/** Terminals of a community that are one alarm together when all of them are away. */
export const wholeCommunityLeast = 3;

export interface SilenceScope {
  readonly kind: AlarmKind | null;
  readonly terminalId: string | null;
  readonly communityId: string | null;
  readonly from: InstantMs;
  readonly until: InstantMs;
}

/** Whether somebody wanted to hear nothing of such an alarm now. */
export const isSilenced = (
  alarm: Pick<Sign, 'kind' | 'terminalId' | 'communityId'>,
  silences: readonly SilenceScope[],
  now: InstantMs,
): boolean =>
  silences.some(
    ({ kind, terminalId, communityId, from, until }) =>
      from <= now &&
      now < until &&
      (kind === null || kind === alarm.kind) &&
      (terminalId === null || terminalId === alarm.terminalId) &&
      (communityId === null || communityId === alarm.communityId),
  );

/** A text for everybody on call costs money and sleep. */
export const textsPerHourMax = 6;
const hourMs = minutes(60);
export interface TextBrake {
  readonly hourFrom: InstantMs;
  readonly sentInHour: number;
}
/** The brake after another text; undefined if there were enough in this hour. */
export function brakeText({ hourFrom, sentInHour }: TextBrake, now: InstantMs): TextBrake | undefined {
  if (now - hourFrom >= hourMs || now < hourFrom) return { hourFrom: now, sentInHour: 1 };
  return sentInHour < textsPerHourMax ? { hourFrom, sentInHour: sentInHour + 1 } : undefined;
}

/** Worst first, then the oldest. */
export const byGravity = (
  a: { readonly severity: Severity; readonly since: InstantMs },
  b: { readonly severity: Severity; readonly since: InstantMs },
): number => rank[a.severity] - rank[b.severity] || a.since - b.since;
const rank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, notice: 2 };

/** What a report of health says is too old to be a sign of now: the terminal is away, which is an alarm of its own. */
export const staleHealthMs = milliseconds(minutes(30));
