import { placement, screenStanding } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';

/** What to look for on the wall. `dark` is a screen that shows nothing although its terminal is there; `muted` one that somebody has silenced. */
export const wallShow = z.enum(['all', 'playing', 'dark', 'offline', 'muted']);
export type WallShow = z.infer<typeof wallShow>;

/** `GET /v1/screen-wall` */
export const wallQuery = pageQuery.extend({
  communityId: id.optional(),
  show: wallShow.default('all'),
  q: z.string().trim().max(60).optional().describe('part of the name of the terminal, its entrance or its community'),
});

/** One screen, as its terminal last told of it. */
export const wallScreen = z.object({
  terminalId: id,
  name: z.string(),
  communityId: id,
  communityName: z.string(),
  /** IANA, of the community. */
  zone: z.string(),
  entranceName: z.string(),
  placement,
  online: z.boolean(),
  lastSeenAt: atMs.nullable(),
  /** Null: the terminal does not tell. */
  screen: screenStanding.nullable(),
  /** Of the clip in `screen`; null: none, or nobody knows it any more. */
  clipTitle: z.string().nullable(),
  /** Its still, signed for an hour. */
  clipPosterUrl: z.string().nullable(),
  mutedUntil: atMs.nullable(),
  /** The newest picture that is still kept: `GET /v1/commands/:commandId/file`. */
  picture: z.object({ commandId: id, at: atMs }).nullable(),
});
export type WallScreen = z.infer<typeof wallScreen>;
