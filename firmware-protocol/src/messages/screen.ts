import { z } from 'zod';
import type { PersonalNotice } from './notices.ts';

/**
 * Between the agent and the page on its screen: server-sent events down, one HTTP body up, on the loopback interface.
 * The page is a guest: it gets clips and dots, never digits, names of people or units.
 */

/** One choice of the agent: show this clip now. */
export interface ScreenDecision {
  readonly decision: string;
  /** `touch`: somebody was just let in; `ambient`: nobody is there, and the clip repeats until the next decision. */
  readonly occasion: 'touch' | 'ambient';
  /** How long ago the choice was made; more than 0 for a page that comes back in the middle of it. */
  readonly ageMs: number;
  /** SHA-256 of the clip; the file is at `clips/<sha256>.mp4`. */
  readonly clip: string;
  readonly durationMs: number;
  /** SHA-256 of its own still, at `clips/<sha256>.jpg`, for where it cannot be played; null: none is here. */
  readonly poster: string | null;
  /** Null: a house clip. */
  readonly campaign: string | null;
  /** Shown with the legal mark 广告; null for house clips. */
  readonly advertiser: string | null;
  /** The QR code as an SVG document; null where there is nothing to scan. */
  readonly qr: string | null;
  /** Whoever is there has opted in, which may have had a part in the choice: they are told. False for house clips. */
  readonly optedIn: boolean;
  /** The decision that this one follows when that is over, for somebody who still waits; null or not the one on the screen: at once. */
  readonly after: string | null;
}

/** What to do after a refusal. Wrong unit, wrong PIN and unknown code look alike, so that the screen helps nobody to guess. */
export type RefusalAdvice = 'check-code' | 'show-again' | 'ask-host' | 'other-door' | 'wait' | 'call-property';

export type ScreenDoor =
  /** `word`: for whoever opened, who asked for it; there while the door's answer is. */
  | { readonly kind: 'opened'; readonly word: PersonalNotice['kind'] | null }
  | { readonly kind: 'refused'; readonly advice: RefusalAdvice }
  | { readonly kind: 'typing'; readonly dots: number }
  /** Somebody has called for help, and the property is told. */
  | { readonly kind: 'help' };

/** What the property has to say to everybody who passes. */
export interface ScreenNotice {
  /** An emergency takes the whole picture; an announcement stands below it. */
  readonly level: 'announcement' | 'emergency';
  readonly title: string;
  readonly text: string;
}

/**
 * What the screen says of the terminal itself while nobody has claimed it, or when the cloud wants nothing of it any more. None of it is a secret for
 * whoever stands before it: the code leads a manager of a property here, and the digits tell that nobody is in between.
 */
export type ScreenEnrolment =
  /** The cloud is being asked for the first time. */
  | { readonly state: 'connecting' }
  /** There is no way to the cloud, or it refuses: what to look at on site. `reason` is the code of what went wrong. */
  | { readonly state: 'no-network'; readonly reason: string }
  /** `qr` is an SVG document; it leads a phone to the page where the code is typed. */
  | { readonly state: 'waiting'; readonly code: string; readonly qr: string }
  /** Somebody of this company has typed the code; the console must show the same digits. */
  | { readonly state: 'compare'; readonly company: string; readonly digits: string }
  /** Claimed; the first configuration is on its way. */
  | { readonly state: 'claimed' }
  | { readonly state: 'out'; readonly reason: 'revoked' | 'replaced' | 'cloned' };

/** Everything that a page needs which has just connected or come back. */
export interface ScreenState {
  readonly community: string;
  /** IANA zone of the clock on the screen. */
  readonly zone: string;
  /** The agent's wall clock, UTC ms. */
  readonly now: number;
  readonly muted: boolean;
  /** Of clips, 0 to 100. */
  readonly volumePercent: number;
  /** Of what the door itself says, 0 to 100: softer at night and where somebody complained, never silent. */
  readonly feedbackPercent: number;
  /** The quiet hours: nothing moves that need not, and what shines is dimmed. */
  readonly isQuiet: boolean;
  /** How bright now; 100 is all that the panel has. */
  readonly brightnessPercent: number;
  /** Whom somebody at the door can call; null: no number is known. */
  readonly officePhone: string | null;
  /** Leads a phone to what the screen does, and to a word against it: an SVG document; null where there is none. */
  readonly complaintQr: string | null;
  /** Emergencies first. */
  readonly notices: readonly ScreenNotice[];
  /** What plays while nobody is there; over and over until the next, which begins when this one has come to its end. */
  readonly ambient: ScreenDecision | null;
  /** Names the build of the page that the agent serves: one that was loaded from another begins anew. */
  readonly page: string;
  /** The clip of an opening, while somebody may still be there to see it. */
  readonly touch: ScreenDecision | null;
  /** Clip that the next opening would get: worth having ready. */
  readonly nextClip: string | null;
  /** Null for a terminal in service. */
  readonly enrolment: ScreenEnrolment | null;
}

/** Something that a property manager or the operator wants to know of the screen; each page answers once, to the path of its name. */
export interface ScreenProbe {
  readonly id: string;
}

/** Names and payloads of the server-sent events. */
export interface ScreenEvents {
  /** Draw what is shown and send it: `POST /captures?id=`, a JPEG of at most {@link screenshotBytesMax}. */
  readonly capture: ScreenProbe;
  /** Play a tone and say whether it can be heard: `POST /tones`, a {@link toneReport}. */
  readonly tone: ScreenProbe & { readonly volumePercent: number };
  readonly state: ScreenState;
  readonly decision: ScreenDecision;
  /** This clip may be shown no more: it stops at once, in the middle too. */
  readonly withdrawn: { readonly clip: string };
  readonly door: ScreenDoor;
  /** Sent every `screenBeatEveryMs`, so that a page can tell a silent agent from a dead one. */
  readonly beat: { readonly now: number };
}

export const screenBeatEveryMs = 4_000;

export const probeId = z.string().regex(/^[A-Za-z0-9_-]{16,43}$/);
export const screenshotBytesMax = 400 * 1024;

/** `POST /tones`: `started` once the browser's audio clock runs. */
export const toneReport = z.strictObject({ id: probeId, started: z.boolean() });
export type ToneReport = z.infer<typeof toneReport>;

export const shownSpansMax = 64;

/**
 * A run in which the whole frame stood on a visible page and frames followed each other without a break.
 * Times are milliseconds after the decision: the time since it reached the page, and its `ageMs`.
 */
export const shownSpan = z.strictObject({
  fromMs: z.int().nonnegative(),
  toMs: z.int().nonnegative(),
  frames: z.int().positive(),
});
export type ShownSpan = z.infer<typeof shownSpan>;

/** `POST /plays`: what became of one decision. Counts once. */
export const playReport = z.strictObject({
  decision: z.string().regex(/^dec_[0-9a-z]{20}$/),
  spans: z.array(shownSpan).max(shownSpansMax),
  framesDropped: z.int().nonnegative(),
  muted: z.boolean(),
  endReason: z.enum(['finished', 'replaced', 'error', 'stalled']),
  /**
   * `frames`: the browser told of each frame that it presented (requestVideoFrameCallback). `clock`: it cannot, and the frames are inferred from the
   * clip's own time, which proves nothing of the picture.
   */
  measuredBy: z.enum(['frames', 'clock']).default('frames'),
});
export type PlayReport = z.infer<typeof playReport>;

/** `POST /pulse`, every {@link screenPulseEveryMs} from each page that is visible: what stands on the screen now. */
export const screenPulse = z.strictObject({
  /** Since the browser last presented a frame of a clip; null: none since the page came. */
  sinceFrameMs: z.int().nonnegative().nullable(),
});
export type ScreenPulse = z.infer<typeof screenPulse>;

export const screenPulseEveryMs = 5_000;
