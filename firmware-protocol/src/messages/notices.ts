import { z } from 'zod';
import { noticeName } from './access-list.ts';
import { cloudId, instantMs } from './fields.ts';

/** More at once nobody reads. */
export const noticesMax = 20;

/** What the property has to say at a terminal, and when. The terminal begins and ends it by itself. */
export const postedNotice = z.object({
  id: z.string().max(40),
  /** An emergency takes the whole screen, before anything else. */
  level: z.enum(['announcement', 'emergency']).default('announcement'),
  title: z.string().max(40).default(''),
  text: z.string().max(200),
  /** Null: every entrance of the terminal. */
  entrances: z.array(cloudId).max(64).nullable().default(null),
  from: instantMs,
  to: instantMs,
});
export type PostedNotice = z.infer<typeof postedNotice>;

/** A word for one person, at their own opening alone: what it is of stands nowhere in it. */
export const personalNotice = z.object({
  name: noticeName,
  /** `pick-up`: something that they bought is ready at the store. */
  kind: z.literal('pick-up'),
  until: instantMs,
});
export type PersonalNotice = z.infer<typeof personalNotice>;

/** As many as wait in the largest communities; beyond it the newest. */
export const personalNoticesMax = 500;

/**
 * Body of the `notices` document: everything that is not over. A document of its own, so that an emergency waits for no plan. An older terminal does not read
 * `personal`, and so shows it to nobody.
 */
export const noticeBoard = z.object({
  notices: z.array(postedNotice).max(noticesMax),
  personal: z.array(personalNotice).max(personalNoticesMax).default([]),
});
export type NoticeBoard = z.infer<typeof noticeBoard>;
