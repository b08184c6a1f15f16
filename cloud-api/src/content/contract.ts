import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';
import { cuts, screenProfiles } from './cuts.ts';

export const clipStatus = z.enum(['queued', 'transcoding', 'in-review', 'approved', 'rejected', 'failed']);
export type ClipStatus = z.infer<typeof clipStatus>;

/** `POST /v1/clips?title=…` with the video file as body. The operator adds `&house=families` for a house clip. */
export const uploadQuery = z.object({
  title: z.string().trim().min(1).max(80),
  house: z.enum(['all', 'families', 'commuters', 'elderly', 'night']).optional(),
});
export const uploadBytesMax = 200 * 1024 * 1024;
export const clipSecondsMax = 60;

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
  /** Every file that was made of it; empty before. The fields above tell of the lift cut in profile B. */
  files: z.array(clipFile),
  createdAt: atMs,
});
export type Clip = z.infer<typeof clip>;
export const rejection = z.object({
  reason: z.enum(['misleading', 'banned-goods', 'quality', 'rights', 'other']),
  note: z.string().max(300),
});
