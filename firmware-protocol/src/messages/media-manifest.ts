import { z } from 'zod';
import { sha256Hex } from './fields.ts';

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
});
export type MediaClip = z.infer<typeof mediaClip>;

/** Body of the `media` document. Files come from `GET /v1/terminals/:id/media/:sha256`. */
export const mediaManifest = z.object({ clips: z.array(mediaClip).max(500) });
export type MediaManifest = z.infer<typeof mediaManifest>;
