import { z } from 'zod';
import { atMs, id, pageQuery } from '../platform/contract.ts';
import { cuts, screenProfiles } from './cuts.ts';
import { category, finding } from './review-contract.ts';

export const clipStatus = z.enum([
  'queued',
  'transcoding',
  'in-review',
  'approved',
  'rejected',
  'taken-down',
  'expired',
  'failed',
  'withdrawn',
]);
export type ClipStatus = z.infer<typeof clipStatus>;

/** `POST /v1/clips?title=…` with the video file as body. The operator adds `&house=families` for a house clip. */
export const uploadQuery = z.object({
  title: z.string().trim().min(1).max(80),
  house: z.enum(['all', 'families', 'commuters', 'elderly', 'night']).optional(),
  /** What it advertises; can be said later. */
  category: category.optional(),
});
export const uploadBytesMax = 200 * 1024 * 1024;

/** One file of a clip: what a screen of this profile (A 1080×1920, B 720×1280) plays at a door or before a lift. */
export const clipFile = z.object({
  cut: z.enum(cuts),
  profile: z.enum(screenProfiles),
  durationMs: z.int(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /** Signed for an hour, as those of the clip. */
  videoUrl: z.string(),
  posterUrl: z.string().nullable(),
});

export const clip = z.object({
  id,
  merchantId: id.nullable(),
  merchantName: z.string().nullable(),
  title: z.string(),
  status: clipStatus,
  /** Of the transcode. */
  progressPercent: z.int().min(0).max(100),
  /** Stable code: why it failed or was rejected. */
  reason: z.string().nullable(),
  /** The reviewer's words. */
  note: z.string().nullable(),
  house: z.enum(['all', 'families', 'commuters', 'elderly', 'night']).nullable(),
  sha256: z.string().nullable(),
  durationMs: z.int().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  bytes: z.int().nullable(),
  /** Signed for an hour, so that a picture or video element can load them. */
  posterUrl: z.string().nullable(),
  videoUrl: z.string().nullable(),
  /** What it advertises; null until somebody says, and of house clips. */
  category: category.nullable(),
  /** What the automatic checks found; null before they ran. */
  findings: z.array(finding).readonly().nullable(),
  /** Made from photos: `GET /v1/clips/:id/recipe` tells of what. */
  isMade: z.boolean(),
  /** Words that the maker put into the picture. */
  lines: z.array(z.string()),
  /** After it the approval ends by itself; null: it does not. */
  approvedUntil: atMs.nullable(),
  /** Start of the last half-hour in which a screen played it. */
  lastPlayedAt: atMs.nullable(),
  /** Its files were deleted then; three years after the last play. */
  filesDeletedAt: atMs.nullable(),
  /** Every file that was made of it; empty before. The fields above tell of the lift cut in profile B. */
  files: z.array(clipFile),
  /** Who looks at it just now, for the operator's reviewers alone: until then nobody else decides on it. */
  held: z.object({ by: z.string(), isMine: z.boolean(), until: atMs }).nullable(),
  createdAt: atMs,
});
export type Clip = z.infer<typeof clip>;

export const clipsQuery = pageQuery.extend({
  status: clipStatus.optional(),
  category: category.optional(),
  /** The operator's, to see one merchant's. */
  merchantId: id.optional(),
  /** Part of the title. */
  q: z.string().trim().max(80).optional(),
  /** `waiting`: who waits longest first, as reviewers work. */
  order: z.enum(['newest', 'waiting']).optional(),
});
