import { z } from 'zod';
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

/** Body of the `notices` document: everything that is not over. A document of its own, so that an emergency waits for no plan. */
export const noticeBoard = z.object({ notices: z.array(postedNotice).max(noticesMax) });
export type NoticeBoard = z.infer<typeof noticeBoard>;
