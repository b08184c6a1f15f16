import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';

/** `POST /v1/notices`: a text for the screens of a community. An emergency takes the whole screen, before anything else. */
export const newNotice = z.object({
  communityId: id,
  level: z.enum(['announcement', 'emergency']),
  title: z.string().trim().min(1).max(40),
  text: z.string().trim().min(1).max(200),
  /** Null: every entrance. */
  entranceIds: z.array(id).min(1).max(64).nullable(),
  from: atMs,
  to: atMs,
});

export const notice = newNotice.extend({
  id,
  /** `over`: its time is, or somebody ended it. */
  state: z.enum(['scheduled', 'showing', 'over']),
  /** Terminals whose documents in force have it, of those it is meant for. Of one that is over: those that still have it. */
  shownOn: z.object({ terminals: z.int(), of: z.int() }),
  createdAt: atMs,
  /** When somebody ended it before its time. */
  endedAt: atMs.nullable(),
});
export type Notice = z.infer<typeof notice>;

/** `GET /v1/notices`, newest first. */
export const noticeQuery = pageQuery.extend({
  communityId: id.optional(),
  state: z.enum(['current', 'all']).default('all').describe('`current`: scheduled or showing'),
});
