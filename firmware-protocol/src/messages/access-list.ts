import { z } from 'zod';
import { floorNo } from './door-config.ts';
import {
  base64url,
  cloudId,
  dailyWindow,
  durationMs,
  instantMs,
  localDate,
  ownGroup,
  personClass,
  zoneName,
} from './fields.ts';

/**
 * How a code is stored. Both are base64url of HMAC-SHA256 under the community's PIN key of `epoch`:
 * - `unit-pin`, typed `UNIT*PIN#`: over `pinPreimage`, so that equal PINs of two people look different
 * - `code`, typed `CODE#`: over `codePreimage`, so that the code finds its credential without knowing a name
 * - `card`: over `cardPreimage` of the card's canonical text (`pass/card.ts`), so that no terminal holds a number that could be copied
 */
export const pinPreimage = (credential: string, pin: string): string => `pin|${credential}|${pin}`;
export const codePreimage = (code: string): string => `code|${code}`;
export const cardPreimage = (card: string): string => `card|${card}`;

/**
 * What the journal and the count of uses call the pass behind a typed pass code: a terminal knows its `passCodeNo` and no id. It stands where a credential's
 * id stands for everybody else (`doorPrivate.credential`).
 */
export const passCodeCredential = (codeNo: number): `code_${number}` => `code_${codeNo}`;

/**
 * A name at random under which a terminal's screen may count what one person has seen: of an adult resident who opted in, the same for all of their
 * credentials in a community, and another one after they have opted out and in again. It names nobody and stands in no row of any journal.
 */
export const adPseudonym = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/**
 * Another name at random, by which the `notices` document means an adult resident who wants a word at their own door: given by a consent of its own, so that
 * who wants the word is counted by no advert, and who is counted gets no word. The same for all of their credentials in a community.
 */
export const noticeName = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

const shared = {
  id: cloudId,
  person: personClass,
  /** Entrances it opens; null means every entrance of this terminal. */
  entrances: z.array(cloudId).max(64).nullable(),
  /** Half-open window of validity; null means no limit on that side. */
  from: instantMs.nullable(),
  to: instantMs.nullable(),
  /** How often it opens in all; null means without limit. */
  uses: z.int().positive().nullable(),
  /** Longer than the door's own time for those who need it; null means the door's time. */
  openMs: z.int().min(500).max(30_000).multipleOf(100).nullable(),
  /** Floors that a lift releases for it, besides those that are free for all. */
  floors: z.union([z.literal('all'), z.array(floorNo).max(64)]).default([]),
  /** Opens as usual, and tells the property that it was typed under threat. */
  duress: z.boolean().default(false),
  /** Place in the list's `schedules`; null means at all hours. */
  schedule: z.int().nonnegative().nullable().default(null),
  /** Of a pass that has to be used once before `by`, or ends `lastsMs` after its first use; each terminal counts for itself. */
  firstUse: z.object({ by: instantMs.nullable(), lastsMs: durationMs.positive().nullable() }).nullable().default(null),
  /** Absent of everybody who has not opted in; an older terminal does not know it. */
  pseudonym: adPseudonym.optional(),
  /** To which group they said that they belong, of who agreed to be known by it at the screen as well; never without `pseudonym`. */
  group: ownGroup.optional(),
  /** The same. */
  noticeName: noticeName.optional(),
};
const tagged = { epoch: z.int().nonnegative(), tag: base64url.length(43) };

export const credential = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unit-pin'), unit: z.string().regex(/^[0-9]{1,6}$/), ...shared, ...tagged }),
  z.object({ kind: z.literal('code'), ...shared, ...tagged }),
  z.object({ kind: z.literal('card'), ...shared, ...tagged }),
  /** A resident's phone: the key that signs the code on its screen, as a compressed point on P-256 (`x`, and whether `y` is odd). */
  z.object({ kind: z.literal('phone'), ...shared, x: base64url.length(43), odd: z.boolean() }),
]);
export type Credential = z.infer<typeof credential>;

export const credentialsMax = 50_000;

/** ISO weekdays, 1 is Monday; 8 stands for a holiday, on which no weekday counts. */
const scheduleDay = z.int().min(1).max(8);
/** When somebody may come, in the list's zone. A window over midnight belongs to the day it begins on. */
export const accessSchedule = z.object({
  windows: z
    .array(
      z.object({
        days: z.array(scheduleDay).min(1).max(8),
        window: dailyWindow,
        /** Null: every entrance that the credential opens. */
        entrances: z.array(cloudId).max(64).nullable(),
      }),
    )
    .max(64),
});
export type AccessSchedule = z.infer<typeof accessSchedule>;

/** What a terminal needs to know a visitor's pass that no list has told it of. */
export const passKeys = z.object({
  /** Ed25519 keys that sign passes; a pass of another key is void. */
  issuers: z.array(z.object({ kid: z.string().max(64), publicKey: base64url.length(43) })).max(4),
  /** Keys of typed pass codes by week (`passEpoch`), each sealed to the terminal: this week's, the last one's, at most five to come. */
  codeKeys: z.array(z.object({ epoch: z.int().nonnegative(), sealed: base64url })).max(8),
  /** Numbers by which signed passes name this terminal's entrances. */
  doors: z.array(z.object({ entrance: cloudId, no: z.int().min(1).max(4_095) })).max(64),
  /** Typed pass codes that were taken back, as `passCodeNo`. */
  denyCodes: z.array(z.int().nonnegative()).max(10_000),
});
export type PassKeys = z.infer<typeof passKeys>;

/** Body of the `access` document. Applied whole or not at all. Credentials are sorted by id, so that equal lists have equal hashes. */
export const accessList = z.object({
  zone: zoneName,
  /** PIN keys by epoch, each sealed to the terminal. */
  pinKeys: z.array(z.object({ epoch: z.int().nonnegative(), sealed: base64url })).max(16),
  credentials: z.array(credential).max(credentialsMax),
  schedules: z.array(accessSchedule).max(256).default([]),
  /** Local dates in the list's zone. */
  holidays: z.array(localDate).max(400).default([]),
  passes: passKeys.nullable().default(null),
  /** Credentials refused even when an older list that still grants them is in force. */
  deny: z.array(cloudId).max(credentialsMax),
});
export type AccessList = z.infer<typeof accessList>;
