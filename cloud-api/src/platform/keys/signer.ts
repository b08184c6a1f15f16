import { hkdfSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { invariant, type Clock } from '@gatecast/firmware-protocol';
import { newKeyPair, privateKeyOf, publicKeyOf, signText, verifyText } from '@gatecast/firmware-protocol/node';
import { and, desc, eq } from 'drizzle-orm';
import type { Reads, Store, Tx } from '../db/store.ts';
import type { KeyBox } from './key-box.ts';

/** Ed25519 keys: who issues tokens; who may open doors (one a property company); who signs the time; who signs visitors' passes (one a community). */
type SigningPurpose = 'token-issuer' | 'door-authority' | 'checkpoint' | 'pass-issuer';
/**
 * Root secrets from which keys are derived: PIN keys (one a community), short-link keys, links to files, the index of phone numbers,
 * nonces of sign-ins, prints of repeated requests, what signs the webhooks of alarms and of reports, who is held out of campaigns.
 */
const secretPurposes = [
  'code-root',
  'short-link-root',
  'file-link',
  'phone-index',
  'challenge',
  'pickup-code',
  'payment',
  'idempotency',
  'account-secret',
  'alarm-webhook',
  'report-webhook',
  'holdout',
] as const;
type SecretPurpose = (typeof secretPurposes)[number];
type KeyPurpose = SigningPurpose | SecretPurpose;

/** The owner of keys that belong to nobody in particular. */
export const platformOwner = 'platform';

export interface Signature {
  readonly kid: string;
  /** base64url */
  readonly value: string;
}

export interface PublicKey {
  readonly kid: string;
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string;
}

/** Signs bytes as they are, for a format that says itself what a signature is for. */
export interface BytesSigner extends PublicKey {
  /** Ed25519, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** The only holder of private keys. `ensure` in the transaction that creates the owner; the rest finds the newest key. */
export interface Signer {
  ensure(q: Tx, purpose: KeyPurpose, owner: string): Promise<void>;
  publicKey(q: Reads, purpose: SigningPurpose, owner: string): Promise<PublicKey>;
  /** Signs `text` in `context`, which keeps a signature for one purpose void for any other. */
  sign(q: Reads, purpose: SigningPurpose, owner: string, context: string, text: string): Promise<Signature>;
  /** Signs visitors' passes, which are COSE_Sign1 and so bring their context with them. */
  passIssuer(q: Reads, owner: string): Promise<BytesSigner>;
  /** The private key of the newest token issuer, for tokens alone. */
  tokenKey(q: Reads): Promise<{ readonly kid: string; readonly key: KeyObject }>;
  /** Public halves of every token issuer. */
  tokenKeys(q: Reads): Promise<readonly PublicKey[]>;
  /** 32 bytes by HKDF-SHA256 from the owner's root secret; the same `info` gives the same key. */
  derive(q: Reads, purpose: SecretPurpose, owner: string, info: string): Promise<Buffer>;
  verify(key: PublicKey, context: string, text: string, signature: string): boolean;
}

type KeyRow = Store['read']['t']['keys']['$inferSelect'];
const kidBytes = 9;
/** Opened keys kept in memory; far more than a process signs with at a time. */
const openedMax = 10_000;

export function createSigner(box: KeyBox, clock: Clock): Signer {
  const opened = new Map<string, Buffer>();

  const newest = async (q: Reads, purpose: KeyPurpose, owner: string): Promise<KeyRow | undefined> => {
    const t = q.t.keys;
    const [row] = await q
      .select()
      .from(t)
      .where(and(eq(t.purpose, purpose), eq(t.owner, owner)))
      .orderBy(desc(t.from), desc(t.kid))
      .limit(1);
    return row;
  };
  const required = async (q: Reads, purpose: KeyPurpose, owner: string): Promise<KeyRow> => {
    const row = await newest(q, purpose, owner);
    invariant(row, `${owner} has a ${purpose} key`);
    return row;
  };
  const secretOf = (row: KeyRow): Buffer => {
    const known = opened.get(row.kid);
    if (known) return known;
    const secret = box.open(row.kid, row.sealed);
    if (opened.size >= openedMax) opened.clear();
    opened.set(row.kid, secret);
    return secret;
  };
  const privateKey = (row: KeyRow) => privateKeyOf('ed25519', secretOf(row).toString('base64url'));

  return {
    async ensure(q, purpose, owner) {
      if (await newest(q, purpose, owner)) return;
      const kid = `${purpose}-${randomBytes(kidBytes).toString('base64url')}`;
      const made = isSecret(purpose) ? newSecret() : newSigningKey();
      await q.insert(q.t.keys).values({
        kid,
        purpose,
        owner,
        algorithm: made.publicKey === null ? 'secret' : 'ed25519',
        publicKey: made.publicKey,
        sealed: box.seal(kid, made.secret),
        from: clock.now(),
      });
    },
    async publicKey(q, purpose, owner) {
      return publicHalf(await required(q, purpose, owner));
    },
    async sign(q, purpose, owner, context, text) {
      const row = await required(q, purpose, owner);
      return { kid: row.kid, value: signText(privateKey(row), context, text) };
    },
    async passIssuer(q, owner) {
      const row = await required(q, 'pass-issuer', owner);
      const key = privateKey(row);
      return { ...publicHalf(row), sign: (bytes) => new Uint8Array(sign(null, bytes, key)) };
    },
    async tokenKey(q) {
      const row = await required(q, 'token-issuer', platformOwner);
      return { kid: row.kid, key: privateKey(row) };
    },
    async tokenKeys(q) {
      const rows = await q.select().from(q.t.keys).where(eq(q.t.keys.purpose, 'token-issuer'));
      return rows.map(publicHalf);
    },
    async derive(q, purpose, owner, info) {
      const secret = secretOf(await required(q, purpose, owner));
      return Buffer.from(hkdfSync('sha256', secret, '', `gatecast|${purpose}|${owner}|${info}`, 32));
    },
    verify: (key, context, text, signature) =>
      verifyText(publicKeyOf('ed25519', key.publicKey), context, text, signature),
  };
}

const isSecret = (purpose: KeyPurpose): purpose is SecretPurpose =>
  (secretPurposes as readonly string[]).includes(purpose);

const newSecret = () => ({ publicKey: null, secret: randomBytes(32) });

function newSigningKey() {
  const pair = newKeyPair('ed25519');
  return { publicKey: pair.publicKey, secret: Buffer.from(pair.privateKey, 'base64url') };
}

function publicHalf(row: KeyRow): PublicKey {
  invariant(row.publicKey, `${row.purpose} keys have a public half`);
  return { kid: row.kid, publicKey: row.publicKey };
}
