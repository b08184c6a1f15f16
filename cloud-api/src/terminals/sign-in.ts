import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { after, instant, type InstantMs } from '@gatecast/firmware-protocol';
import {
  revocationContext,
  signInContext,
  signInPreimage,
  type ClaimRequest,
  type ClaimResponse,
  type TokenResponse,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { eq, lte } from 'drizzle-orm';
import type { z } from 'zod';
import type { challengeResponse, revocations, tokenRequest } from '@gatecast/firmware-protocol/messages';
import type { Principal } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { challengeLifeMs, tokenLifeMs } from './rules.ts';
import * as rows from './store.ts';

/** Crockford's base 32: no I, L, O, U. */
const claimAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const claimLength = 12;
const subjectOf = (terminalId: string) => `terminal:${terminalId}`;

/** Something that a terminal needs as soon as its keys are known. */
export type ClaimHook = (q: Tx, terminal: rows.PlacedTerminal) => Promise<void>;

export interface TerminalSignIn {
  /** A fresh one-time code and what is stored of it. */
  newClaimCode(): { readonly code: string; readonly hash: string };
  /** Runs in the transaction of every claim, after the keys are stored. */
  onClaimed(hook: ClaimHook): void;
  claim(request: ClaimRequest): Promise<ClaimResponse>;
  challenge(terminalId: string): Promise<z.output<typeof challengeResponse>>;
  token(terminalId: string, request: z.output<typeof tokenRequest>): Promise<TokenResponse>;
  /** Voids every token of the terminal issued up to now. */
  revoke(q: Tx, terminalId: string): Promise<void>;
  revocations(): Promise<z.input<typeof revocations>>;
}

export function createTerminalSignIn(platform: Platform): TerminalSignIn {
  const { store, clock, signer, tokens, config, audit } = platform;
  const hooks: ClaimHook[] = [];

  platform.authenticateWith(async (bearer): Promise<Principal | undefined> => {
    const claims = await tokens.verify(bearer);
    const terminalId = claims?.subject.startsWith('terminal:') ? claims.subject.slice('terminal:'.length) : undefined;
    if (!claims || terminalId === undefined || claims.epoch === undefined) return undefined;
    const [terminal, voidUpTo] = await Promise.all([
      rows.findTerminal(store.read, { id: terminalId }),
      voidSecond(store.read, terminalId),
    ]);
    if (terminal?.status !== 'active' || terminal.epoch !== claims.epoch || claims.issuedAtSecond <= voidUpTo)
      return undefined;
    return { kind: 'terminal', terminalId, epoch: claims.epoch };
  });

  /** `expiry.random.mac`, bound to the terminal: nothing is stored until it is answered rightly. */
  const nonceMac = async (terminalId: string, text: string) => {
    const key = await signer.derive(store.read, 'challenge', platformOwner, 'sign-in');
    return createHmac('sha256', key).update(`${terminalId}|${text}`).digest().subarray(0, 16);
  };
  const nonceExpiry = async (terminalId: string, nonce: string): Promise<InstantMs | undefined> => {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== nonceBytes) return undefined;
    const mac = await nonceMac(terminalId, bytes.subarray(0, -16).toString('base64url'));
    return timingSafeEqual(bytes.subarray(-16), mac) ? instant(bytes.readUIntBE(0, 6)) : undefined;
  };

  return {
    newClaimCode() {
      const code = Array.from({ length: claimLength }, () => claimAlphabet[randomInt(claimAlphabet.length)]).join('');
      return { code, hash: claimHash(code) };
    },
    onClaimed: (hook) => void hooks.push(hook),

    claim: (request) =>
      store.tx(async (q) => {
        const known = await rows.findTerminal(q, { claimCodeHash: claimHash(request.code) });
        if (!known) throw refusal('unknown-claim-code', 'this claim code is unknown or used');
        if (known.claimExpiresAt === null || clock.now() >= known.claimExpiresAt) {
          throw refusal('claim-expired', 'this claim code is too old; ask for a new one');
        }
        const { identityKey, sealingKey } = request;
        const change = {
          identityKey,
          sealingKey,
          status: 'active',
          epoch: known.epoch + 1,
          claimCodeHash: null,
          claimExpiresAt: null,
        } as const;
        await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, known.id));
        const terminal = { ...known, ...change };
        await audit(q, {
          who: 'system',
          action: 'terminal.claim',
          subject: terminal.id,
          facts: { epoch: terminal.epoch },
        });
        for (const hook of hooks) await hook(q, terminal);
        return {
          terminal: terminal.id as ClaimResponse['terminal'],
          epoch: terminal.epoch,
          doorAuthority: await signer.publicKey(q, 'door-authority', terminal.companyId),
          brokerUrl: config.brokerPublicUrl,
          timeKey: await signer.publicKey(q, 'checkpoint', platformOwner),
        };
      }),

    async challenge(terminalId) {
      const expiresAt = after(clock.now(), challengeLifeMs);
      const head = Buffer.alloc(6);
      head.writeUIntBE(expiresAt, 0, 6);
      const text = Buffer.concat([head, randomBytes(16)]);
      const mac = await nonceMac(terminalId, text.toString('base64url'));
      return { nonce: Buffer.concat([text, mac]).toString('base64url'), expiresAt };
    },

    async token(terminalId, { nonce, epoch, signature }) {
      const terminal = await rows.findTerminal(store.read, { id: terminalId });
      if (!terminal) throw notFound('terminal');
      if (terminal.status === 'revoked') throw refusal('terminal-revoked', 'this terminal may not sign in any more');
      const expiresAt = await nonceExpiry(terminalId, nonce);
      if (expiresAt === undefined || clock.now() >= expiresAt)
        throw refusal('challenge-expired', 'ask for a new challenge');
      if (terminal.epoch !== epoch)
        throw refusal('wrong-epoch', 'this terminal was claimed again', { expected: terminal.epoch });
      const key = terminal.identityKey;
      if (
        key === null ||
        !verifyText(publicKeyOf('ed25519', key), signInContext, signInPreimage(terminalId, epoch, nonce), signature)
      ) {
        throw refusal('wrong-credentials', 'the signature is not of this terminal');
      }
      await store.tx(async (q) => {
        await q.delete(q.t.usedNonces).where(lte(q.t.usedNonces.expiresAt, clock.now()));
        const fresh = await q.insert(q.t.usedNonces).values({ nonce, expiresAt }).onConflictDoNothing().returning();
        if (fresh.length === 0) throw refusal('challenge-expired', 'this challenge was answered before');
      });
      return tokens.issue(subjectOf(terminalId), tokenLifeMs, epoch);
    },

    async revoke(q, terminalId) {
      const beforeSecond = Math.floor(clock.now() / 1_000);
      await q
        .insert(q.t.revocations)
        .values({ subject: subjectOf(terminalId), beforeSecond })
        .onConflictDoUpdate({ target: q.t.revocations.subject, set: { beforeSecond } });
    },

    async revocations() {
      const revoked = await store.read.select().from(store.read.t.revocations);
      const payload = JSON.stringify({ at: clock.now(), revoked });
      return {
        payload,
        signature: await signer.sign(store.read, 'token-issuer', platformOwner, revocationContext, payload),
      };
    },
  };
}

const nonceBytes = 6 + 16 + 16;
const claimHash = (code: string): string => createHash('sha256').update(`claim|${code}`).digest('base64url');

async function voidSecond(q: Reads, terminalId: string): Promise<number> {
  const t = q.t.revocations;
  const [row] = await q
    .select({ beforeSecond: t.beforeSecond })
    .from(t)
    .where(eq(t.subject, subjectOf(terminalId)));
  return row?.beforeSecond ?? -1;
}
