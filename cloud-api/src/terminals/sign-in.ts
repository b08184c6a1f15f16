import {
  signInContext,
  signInPreimage,
  type challengeResponse,
  type tokenRequest,
  type TokenResponse,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import type { z } from 'zod';
import type { SignedInTerminal } from '../platform/auth.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { keysOfEpoch } from './machine-keys.ts';
import { createNonces } from './nonces.ts';
import { formerSubject, terminalSubject, voidUpToSecond } from './revocations.ts';
import { tokenLifeMs } from './rules.ts';
import { followSession } from './sessions.ts';
import * as rows from './store.ts';

type TokenRequest = z.output<typeof tokenRequest>;

export interface TerminalSignIn {
  challenge(terminalId: string): Promise<z.output<typeof challengeResponse>>;
  /**
   * Rejects with `challenge-expired`, `wrong-epoch`, `wrong-credentials`, `terminal-revoked` or `terminal-cloned`. A machine whose place another one
   * has taken gets a token that is good for the rest of its journal alone.
   */
  token(terminalId: string, request: TokenRequest, address: string | undefined): Promise<TokenResponse>;
}

/** A terminal proves its identity key and gets a token for an hour, MQTT password and HTTP bearer alike. */
export function createTerminalSignIn(platform: Platform): TerminalSignIn {
  const { store, tokens, clock, config } = platform;
  const moved = config.brokerPublicUrl === '' ? {} : { brokerUrl: config.brokerPublicUrl };
  const nonces = createNonces(platform);
  platform.authenticateWith((bearer) => signedInTerminal(platform, bearer));

  /** Somebody with the key of an epoch that is over. */
  const handIn = async (terminal: rows.PlacedTerminal, request: TokenRequest): Promise<TokenResponse> => {
    const keys = await keysOfEpoch(store.read, terminal, request.epoch, clock.now());
    if (!keys.some((key) => isSignedBy(key, terminal.id, request))) {
      throw refusal('wrong-epoch', 'this terminal was claimed again', { expected: terminal.epoch });
    }
    const issued = await tokens.issue(formerSubject(terminal.id), tokenLifeMs, request.epoch);
    return { ...issued, rotateKeys: false, journalOnly: true };
  };

  return {
    challenge: (terminalId) => nonces.issue(terminalId),
    async token(terminalId, request, address) {
      const { nonce, epoch, session } = request;
      const voidUpTo = await voidUpToSecond(store.read, terminalId);
      const terminal = await rows.findTerminal(store.read, { id: terminalId });
      if (!terminal) throw notFound('terminal');
      if (terminal.status === 'revoked') throw refusal('terminal-revoked', 'this terminal may not sign in any more');
      const expiresAt = await nonces.expiry(terminalId, nonce);
      if (expiresAt === undefined) throw refusal('challenge-expired', 'ask for a new challenge');
      if (terminal.epoch !== epoch) {
        const answer = await handIn(terminal, request);
        await store.tx((q) => nonces.useUp(q, nonce, expiresAt));
        return answer;
      }
      const keys = await keysOfEpoch(store.read, terminal, epoch, clock.now());
      if (!keys.some((key) => isSignedBy(key, terminalId, request))) {
        throw refusal('wrong-credentials', 'the signature is not of this terminal');
      }
      if (terminal.cloned) throw cloned();
      const isOne = await store.tx(async (q) => {
        await nonces.useUp(q, nonce, expiresAt);
        return followSession(q, platform, terminal, { session, address });
      });
      if (!isOne) throw cloned();
      const issued = await tokens.issue(terminalSubject(terminalId), tokenLifeMs, epoch, voidUpTo);
      // Tokens voided meanwhile would not include this one, which may be of a later second.
      if ((await voidUpToSecond(store.read, terminalId)) !== voidUpTo) {
        throw refusal('conflict', 'the tokens of this terminal were voided meanwhile; sign in again');
      }
      return { ...issued, ...moved, rotateKeys: terminal.rotateAskedAt !== null, journalOnly: false };
    },
  };
}

const cloned = () =>
  refusal('terminal-cloned', 'the key of this terminal is on two machines; its property must decide');

const isSignedBy = (key: string, terminalId: string, { epoch, nonce, session, signature }: TokenRequest): boolean =>
  verifyText(publicKeyOf('ed25519', key), signInContext, signInPreimage(terminalId, epoch, nonce, session), signature);

/** Who a terminal's token stands for, as long as the terminal is in service, in that epoch, and not revoked since. */
async function signedInTerminal({ store, tokens }: Platform, bearer: string): Promise<SignedInTerminal | undefined> {
  const claims = await tokens.verify(bearer);
  if (claims?.epoch === undefined) return undefined;
  const { epoch, subject, issuedAtSecond } = claims;
  for (const { prefix, isFormer } of [
    { prefix: terminalSubject(''), isFormer: false },
    { prefix: formerSubject(''), isFormer: true },
  ]) {
    if (!subject.startsWith(prefix)) continue;
    const terminalId = subject.slice(prefix.length);
    const terminal = await rows.findTerminal(store.read, { id: terminalId });
    if (!terminal || terminal.status === 'revoked') return undefined;
    if (isFormer) return terminal.epoch > epoch ? { kind: 'terminal', terminalId, epoch, isFormer } : undefined;
    if (terminal.status !== 'active' || terminal.epoch !== epoch) return undefined;
    if (issuedAtSecond <= (await voidUpToSecond(store.read, terminalId))) return undefined;
    return { kind: 'terminal', terminalId, epoch, isFormer };
  }
  return undefined;
}
