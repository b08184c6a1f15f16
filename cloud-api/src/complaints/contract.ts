import { placement } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';

export const complaintAbout = z.enum(['too-loud', 'ad', 'other']);
export type ComplaintAbout = z.infer<typeof complaintAbout>;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const wordsMax = 300;
/** As it stands in the screen's QR code. */
export const screenToken = z.string().max(40);

/** `GET /v1/screens/:token`: the screen somebody stands before. Nothing of it is a secret there. */
export const screenFace = z.object({
  community: z.string(),
  entrance: z.string(),
  placement,
  officePhone: z.string().nullable(),
  /** In so many hours somebody answers. */
  answerHours: z.int(),
  /** What it may show now, to say which one is meant. */
  clips: z.array(z.object({ sha256, title: z.string(), advertiser: z.string().nullable() })),
});
export type ScreenFace = z.infer<typeof screenFace>;

/** `POST /v1/screens/:token/complaints`. Nobody has to say who they are; a resident who is signed in is told the answer in their own list. */
export const newComplaint = z.object({
  about: complaintAbout,
  /** Which clip, as `GET /v1/screens/:token` names it; null: none, or not known any more. */
  clip: sha256.nullable().default(null),
  words: z.string().trim().max(wordsMax).default(''),
});

/** The receipt is told once: whoever has it reads the answer. */
export const complaintMade = z.object({ id, receipt: z.string(), answerBy: atMs });
export type ComplaintMade = z.infer<typeof complaintMade>;

const answered = z.object({ answer: z.string().nullable(), answeredAt: atMs.nullable() });

/** `GET /v1/complaint-receipts/:receipt` and `GET /v1/me/complaints`: what became of one's own. */
export const ownComplaint = answered.extend({
  id,
  entrance: z.string(),
  about: complaintAbout,
  clipTitle: z.string().nullable(),
  words: z.string(),
  at: atMs,
  answerBy: atMs,
  /** IANA, of the community: the clock by which both are told. */
  zone: z.string(),
});
export type OwnComplaint = z.infer<typeof ownComplaint>;

/** `GET /v1/complaints`, as whoever answers sees it. Who complained is not told: it changes nothing about the answer. */
export const complaint = answered.extend({
  id,
  communityId: id,
  communityName: z.string(),
  zone: z.string(),
  terminalId: id,
  entrance: z.string(),
  about: complaintAbout,
  /** `posterUrl`: its still, signed for an hour; null once it is deleted. */
  clip: z.object({ id, title: z.string(), isBlocked: z.boolean(), posterUrl: z.string().nullable() }).nullable(),
  words: z.string(),
  isResident: z.boolean(),
  /** Somebody has silenced the screen until then; null: nobody has. */
  mutedUntil: atMs.nullable(),
  at: atMs,
  answerBy: atMs,
  isOverdue: z.boolean(),
  /** Of an answered one: how long it took. */
  tookMs: z.int().nullable(),
});
export type Complaint = z.infer<typeof complaint>;

export const complaintQuery = pageQuery.extend({
  communityId: id.optional(),
  about: complaintAbout.optional(),
  state: z.enum(['open', 'all']).default('open').describe('`open`: nobody has answered yet'),
});

export const complaintCounts = z.object({ open: z.int(), overdue: z.int() });
export type ComplaintCounts = z.infer<typeof complaintCounts>;

/** `POST /v1/complaints/:id/answer`, once. */
export const complaintAnswer = z.object({ answer: z.string().trim().min(1).max(wordsMax) });

/** `GET /v1/me/screens`: the screens of the resident's own community. */
export const ownScreens = z.object({
  items: z.array(z.object({ token: z.string(), entrance: z.string(), placement })),
});
export type OwnScreens = z.infer<typeof ownScreens>;

/** `PUT /v1/communities/:id/clip-blocks/:clipId`: the clip is not on this community's screens any more. */
export const clipBlock = z.object({ clipId: id, title: z.string(), at: atMs });
export const clipBlocks = z.object({ items: z.array(clipBlock) });
export type ClipBlocks = z.infer<typeof clipBlocks>;
export const newClipBlock = z.object({ complaintId: id.nullable().default(null) });
