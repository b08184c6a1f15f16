import type { KeyObject } from 'node:crypto';
import {
  checkpointContext,
  checkpointPreimage,
  headContext,
  headPreimage,
  type HeadProof,
  type JournalCheckpoint,
  type StreamHead,
} from '../messages/journal-checkpoint.ts';
import type { StreamKey } from '../messages/journal-stream.ts';
import { publicKeyOf, signText, verifyText } from './sign.ts';

/** The terminal's word, base64url, that it wrote a stream up to this row. */
export const signHead = (identity: KeyObject, key: StreamKey, head: StreamHead): string =>
  signText(identity, headContext, headPreimage(key, head));

/** False for a proof that cannot be read too. */
export const isHeadProof = (key: StreamKey, head: StreamHead, { publicKey, signature }: HeadProof): boolean =>
  verifyText(publicKeyOf('ed25519', publicKey), headContext, headPreimage(key, head), signature);

/** True if the holder of `publicKey` (raw Ed25519, base64url) signed this checkpoint of this stream, and the terminal the head in it. */
export const isCheckpoint = (key: StreamKey, checkpoint: JournalCheckpoint, publicKey: string): boolean =>
  verifyText(
    publicKeyOf('ed25519', publicKey),
    checkpointContext,
    checkpointPreimage(key, checkpoint),
    checkpoint.signature.value,
  ) &&
  (checkpoint.proof === null || isHeadProof(key, checkpoint, checkpoint.proof));
