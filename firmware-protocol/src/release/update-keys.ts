import { createHash, type KeyObject } from 'node:crypto';
import {
  keySuccessionContext,
  keySuccessionPreimage,
  releaseContext,
  releasePreimage,
  type KeySuccession,
  type ReleaseManifest,
  type SignedRelease,
  type UpdateKey,
} from '../messages/software.ts';
import { publicKeyOf, signText, verifyText } from '../node/sign.ts';
import { releaseFault } from './release-fault.ts';

/** The private half of an update key, which stays offline, with its name. */
export interface SigningKey extends UpdateKey {
  readonly privateKey: KeyObject;
}

/** `publicKey`: the raw key as base64url. */
export function updateKeyOf(publicKey: string): UpdateKey {
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex');
  return { kid: `upd_${hash.slice(0, 16)}`, publicKey };
}

export function signRelease(key: SigningKey, manifest: ReleaseManifest): SignedRelease['signature'] {
  return { kid: key.kid, value: signText(key.privateKey, releaseContext, releasePreimage(manifest)) };
}

/** `next` speaks in the place of `key` from now on. */
export function nameSuccessor(key: SigningKey, next: UpdateKey): KeySuccession {
  const said = { key: updateKeyOf(next.publicKey), by: key.kid };
  return { ...said, signature: signText(key.privateKey, keySuccessionContext, keySuccessionPreimage(said)) };
}

/**
 * Whom to believe after the successions: a genuine one puts the new key in the place of the one that signed it. One that is signed by nobody
 * who is believed says nothing: it is older than the pin, or somebody else's.
 */
export function keysAfter(keys: readonly UpdateKey[], successions: readonly KeySuccession[]): readonly UpdateKey[] {
  let believed = keys;
  for (const succession of successions) {
    const by = believed.find(({ kid }) => kid === succession.by);
    if (by && isGenuine(by, succession)) believed = believed.map((key) => (key === by ? succession.key : key));
  }
  return believed;
}

const isGenuine = (by: UpdateKey, succession: KeySuccession): boolean =>
  succession.key.kid === updateKeyOf(succession.key.publicKey).kid &&
  verifyText(
    publicKeyOf('ed25519', by.publicKey),
    keySuccessionContext,
    keySuccessionPreimage(succession),
    succession.signature,
  );

/** Throws `unknown-update-key` or `wrong-signature` unless one of the keys, or who came in its place, signed the release. */
export function requireGenuine(keys: readonly UpdateKey[], { manifest, signature, successions }: SignedRelease): void {
  const key = keysAfter(keys, successions).find(({ kid }) => kid === signature.kid);
  if (!key) throw releaseFault('unknown-update-key', 'nobody whom this machine believes signed the release');
  const genuine = verifyText(
    publicKeyOf('ed25519', key.publicKey),
    releaseContext,
    releasePreimage(manifest),
    signature.value,
  );
  if (!genuine) throw releaseFault('wrong-signature', 'the release is not what was signed');
}
