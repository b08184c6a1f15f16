import { halfHourOf, type Clock, type Id, type InstantMs } from '@gatecast/firmware-protocol';
import type { MediaClip, Placement, ScreenDecision } from '@gatecast/firmware-protocol/messages';
import type { Opening } from '../door/door-listener.ts';
import type { Choice } from './choose.ts';
import type { PlayerDocuments } from './player-documents.ts';
import type { MadeDecision } from './plays.ts';
import { qrSvg, shortLinkUrl } from './qr-code.ts';

/** A decision as the agent remembers it and as the page is told of it. */
export interface OnScreen {
  readonly made: MadeDecision;
  readonly told: ScreenDecision;
}

export interface DecisionParts {
  readonly clock: Clock;
  readonly documents: PlayerDocuments;
  /** Clips and stills that lie here whole. */
  readonly cached: ReadonlySet<string>;
  /** The terminal's key for its QR links; undefined: no codes are shown. */
  readonly shortLinkKey: () => Buffer | undefined;
}

export interface Chosen {
  readonly decision: Id<'decision'>;
  readonly choice: Choice;
  readonly clip: MediaClip;
  readonly door: { readonly entrance: string; readonly placement: Placement };
  /** Undefined: ambient. */
  readonly opening?: Opening;
  /** The decision of the same touch that this one follows on the screen. */
  readonly after?: Id<'decision'>;
}

/** Fixes all that the play's row will need, and all that the page may know. */
export function decide(parts: DecisionParts, { decision, choice, clip, door, opening, after }: Chosen): OnScreen {
  // What follows another clip of its touch is a play of its own, and begins when it is chosen.
  const begun = after === undefined ? opening : undefined;
  const startedAt = begun?.startedAt ?? parts.clock.now();
  const made: MadeDecision = {
    decision,
    touch: opening?.touch ?? null,
    billable: opening?.unbillable === null,
    entrance: door.entrance,
    placement: door.placement,
    campaign: choice.campaign,
    clip: choice.clip,
    durationMs: clip.durationMs,
    halfHour: halfHourOf(opening?.startedAt ?? startedAt),
    startedAt,
    startedMono: begun?.startedMono ?? parts.clock.mono(),
    milliTouches: choice.milliTouches,
    ...(choice.reached !== undefined && { reached: choice.reached }),
  };
  const qr = clip.hasDeal ? qrOf(parts, choice, made.halfHour) : null;
  const poster = clip.poster && parts.cached.has(clip.poster.sha256) ? clip.poster.sha256 : null;
  const optedIn = made.campaign !== null && opening !== undefined && opening.pseudonym !== null;
  return {
    made,
    told: aged({ made, told: { ...toldOf(made, clip, qr), poster, optedIn, after: after ?? null } }, parts.clock),
  };
}

function toldOf(
  made: MadeDecision,
  { advertiser }: MediaClip,
  qr: string | null,
): Omit<ScreenDecision, 'poster' | 'optedIn' | 'after'> {
  const { decision, clip, durationMs, campaign } = made;
  return { decision, occasion: made.touch ? 'touch' : 'ambient', ageMs: 0, clip, durationMs, campaign, advertiser, qr };
}

/** What a page is told that hears of the decision only now. */
export function aged({ made, told }: OnScreen, clock: Clock): ScreenDecision {
  return { ...told, ageMs: Math.max(0, Math.round(clock.mono() - made.startedMono)) };
}

function qrOf({ documents, shortLinkKey }: DecisionParts, choice: Choice, halfHour: InstantMs): string | null {
  const links = documents.current('config')?.shortLinks;
  const key = shortLinkKey();
  if (choice.campaignNo === null || !links || !key) return null;
  const { terminalNo } = links;
  const link = { terminalNo, halfHour, campaignNo: choice.campaignNo, clipPrefix: choice.clip.slice(0, 8) };
  return qrSvg(shortLinkUrl(links.base, key, link));
}
