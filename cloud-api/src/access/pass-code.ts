import { codePreimage } from '@gatecast/firmware-protocol/messages';
import { isTrivialPin } from '../communities/rules.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Signer } from '../platform/keys/signer.ts';
import { taggerOf } from './tags.ts';

const attemptsMax = 50;

export interface PassCode {
  /** Eight digits. */
  readonly code: string;
  readonly tag: string;
}

/**
 * The first of a pass's candidate codes whose tag `fits`. Candidates come from the community's root secret and the pass's id, so that
 * the very first answer can be given again to the same idempotency key although the code is stored nowhere.
 */
export async function passCode(
  q: Reads,
  signer: Signer,
  pass: { readonly id: string; readonly communityId: string },
  fits: (tag: string) => Promise<boolean> | boolean,
): Promise<PassCode> {
  const tagger = await taggerOf(q, signer, pass.communityId);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const bytes = await signer.derive(q, 'code-root', pass.communityId, `pass|${pass.id}|${attempt}`);
    const code = String(bytes.readUIntBE(0, 6) % 100_000_000).padStart(8, '0');
    const tag = tagger(codePreimage(code));
    if (!isTrivialPin(code) && (await fits(tag))) return { code, tag };
  }
  throw refusal('conflict', 'no free code was found; try again');
}
