import { z } from 'zod';
import { hours, instant } from '../units/time.ts';
import { dailyWindow, instantMs, sha256Hex } from './fields.ts';

/** A still in full size, even of a picture that compresses badly. */
export const posterBytesMax = 4 * 1024 * 1024;

/** One clip file, named by its SHA-256. H.264 in MP4, portrait. */
export const mediaClip = z.object({
  sha256: sha256Hex,
  bytes: z.int().positive(),
  durationMs: z.int().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
  title: z.string().max(80),
  /** Shown with the legal mark 广告 on paid clips; null for house clips. */
  advertiser: z.string().max(80).nullable(),
  /** Where the QR code leads is worth showing only if there is a deal behind it. */
  hasDeal: z.boolean(),
  /**
   * Start of the first half-hour that may play it; 0: needed already, as house clips are. Tells what to fetch first, and what may wait for a quiet line.
   * (Protocol 5; an older cloud does not say.)
   */
  neededAt: instantMs.default(instant(0)),
  /** Not played from then on, whatever else is known; null: for as long as it is in the manifest. Bounds a take-down for who is offline. (Protocol 5.) */
  until: instantMs.nullable().default(null),
  /** When it was last approved: orders to stop it count from then on. 0: before that was kept. (Protocol 5.) */
  approvedAt: instantMs.default(instant(0)),
  /** Its own still, a JPEG, for where it cannot be played; null: none was made, or an older cloud does not say. (Protocol 6.) */
  poster: z
    .object({ sha256: sha256Hex, bytes: z.int().positive().max(posterBytesMax) })
    .nullable()
    .default(null),
});
export type MediaClip = z.infer<typeof mediaClip>;

/** More at once nobody takes down; the newest count. */
export const takenDownMax = 500;

/** What a fleet of any size may take to ask for a clip that nobody waits for. */
export const spreadMsMax = hours(2);

/**
 * Body of the `media` document: what the terminal may play, what it needs first before the rest. A clip that is no longer in it stops at once. Files come
 * from `GET /v1/terminals/:id/media/:sha256`, or from `GET /v1/media/:sha256` where caches are to share them, stills of clips too.
 */
export const mediaManifest = z.object({
  clips: z.array(mediaClip).max(500),
  /** From this one on the terminal takes no manifest without the door authority's signature: nobody else says what plays, and until when. (Protocol 5.) */
  signedOnly: z.boolean().default(false),
  /** Not played even where a version before this one comes back in force, because this one does not work. (Protocol 5.) */
  takenDown: z.array(sha256Hex).max(takenDownMax).default([]),
  /**
   * How long all the screens that are told of a clip at one moment take to ask for it: each waits for its own moment in it, unless somebody waits for the clip.
   * (Protocol 5.)
   */
  spreadMs: z.int().min(0).max(spreadMsMax).default(0),
});
export type MediaManifest = z.infer<typeof mediaManifest>;

/** When and how fast a terminal fetches clips. What is needed within two hours, and the first house clips, come at once and as fast as they can. */
export const mediaTerms = z.object({
  /** Local times in which clips are fetched that are needed another day; none: at any time. On the evening before, what still is missing is fetched anyway. */
  windows: z.array(dailyWindow).max(4),
  /** A limit for what nobody waits for. */
  bytesPerSecondMax: z.int().min(1_024).nullable(),
});
export type MediaTerms = z.infer<typeof mediaTerms>;

/** By night and between the morning's and the evening's peak at the door; half of a slow line. */
export const usualMediaTerms: MediaTerms = {
  windows: [
    { fromMinute: 0, toMinute: 6 * 60 },
    { fromMinute: 10 * 60, toMinute: 15 * 60 },
  ],
  bytesPerSecondMax: 512 * 1_024,
};
