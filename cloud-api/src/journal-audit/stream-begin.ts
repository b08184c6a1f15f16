import { instantMs, sha256Hex, type StreamKey } from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';

/** Where a stream is kept from: the last row that was deleted when its time was over, which the first kept one follows, in the cloud's own word. */
export const streamBegin = z.strictObject({
  seq: z.int().positive(),
  hash: sha256Hex,
  /** When they were deleted. */
  at: instantMs,
  signature: z.strictObject({ kid: z.string().max(64), value: z.string().max(100) }),
});
export type StreamBegin = z.infer<typeof streamBegin>;

/** Keeps a signature over a beginning void for anything else: a checkpoint alone does not say that what is before it may be gone. */
export const beginContext = 'gatecast-journal-begin-v1';

export const beginPreimage = (
  { terminal, epoch, stream }: StreamKey,
  { seq, hash, at }: Omit<StreamBegin, 'signature'>,
): string => [terminal, epoch, stream, seq, hash, at].join('|');

/** True if the holder of `publicKey` (raw Ed25519, base64url) said so of this stream. */
export const isBegin = (key: StreamKey, begin: StreamBegin, publicKey: string): boolean =>
  verifyText(publicKeyOf('ed25519', publicKey), beginContext, beginPreimage(key, begin), begin.signature.value);
