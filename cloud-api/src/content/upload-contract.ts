import { z } from 'zod';
import { atMs, id } from '../platform/contract.ts';
import { uploadBytesMax, uploadQuery } from './contract.ts';
import { category } from './review-contract.ts';

/** What `Upload-Metadata` says of the file: names in lower case, values in base64 of UTF-8. */
export const uploadMetadata = uploadQuery.extend({
  filename: z.string().trim().min(1).max(200),
  /** UTC milliseconds, as the phone says. */
  modified: z.coerce.number().pipe(atMs).optional(),
});
export const uploadLength = z.coerce.number().pipe(z.int().min(1).max(uploadBytesMax));

export const clipUpload = z.object({
  id,
  title: z.string(),
  house: uploadQuery.shape.house.unwrap().nullable(),
  category: category.nullable(),
  fileName: z.string(),
  fileModifiedAt: atMs.nullable(),
  bytes: z.int(),
  receivedBytes: z.int(),
  /** `checking`: all bytes are there and the file is being judged; it then is `taken` as a clip, or `refused` for `fault`. */
  state: z.enum(['receiving', 'checking', 'taken', 'refused']),
  clipId: id.nullable(),
  /** Stable code: why it was refused. */
  fault: z.string().nullable(),
  faultDetails: z.record(z.string(), z.unknown()).nullable(),
  createdAt: atMs,
  /** What is unfinished then, and what came of the rest, is forgotten. */
  expiresAt: atMs,
});
export type ClipUpload = z.infer<typeof clipUpload>;
export const clipUploads = z.object({ items: z.array(clipUpload) });
