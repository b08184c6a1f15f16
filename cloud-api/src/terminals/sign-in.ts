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
import { createNonces } from './nonces.ts';
import { terminalSubject, voidUpToSecond } from './revocations.ts';
import { tokenLifeMs } from './rules.ts';
import * as rows from './store.ts';

export interface TerminalSignIn {
  challenge(terminalId: string): Promise<z.output<typeof challengeResponse>>;
  /** Rejects with `challenge-expired`, `wrong-epoch`, `wrong-credentials` or `terminal-revoked`. */
  token(terminalId: string, request: z.output<typeof tokenRequest>): Promise<TokenResponse>;
}

/** A terminal proves its identity key and gets a token for an hour, MQTT password and HTTP bearer alike. */
export function createTerminalSignIn(platform: Platform): TerminalSignIn {
  const { store, tokens } = platform;
  const nonces = createNonces(platform);
  platform.authenticateWith((bearer) => signedInTerminal(platform, bearer));

  return {
    challenge: (terminalId) => nonces.issue(terminalId),
    async token(terminalId, { nonce, epoch, signature }) {
      const terminal = await rows.findTerminal(store.read, { id: terminalId });
      if (!terminal) throw notFound('terminal');
      if (terminal.status === 'revoked') throw refusal('terminal-revoked', 'this terminal may not sign in any more');
      const expiresAt = await nonces.expiry(terminalId, nonce);
      if (expiresAt === undefined) throw refusal('challenge-expired', 'ask for a new challenge');
      if (terminal.epoch !== epoch) {
        throw refusal('wrong-epoch', 'this terminal was claimed again', { expected: terminal.epoch });
      }
      if (!isSignedBy(terminal.identityKey, signInPreimage(terminalId, epoch, nonce), signature)) {
        throw refusal('wrong-credentials', 'the signature is not of this terminal');
      }
      await store.tx((q) => nonces.useUp(q, nonce, expiresAt));
      return tokens.issue(terminalSubject(terminalId), tokenLifeMs, epoch);
    },
  };
}

const isSignedBy = (key: string | null, text: string, signature: string): boolean =>
  key !== null && verifyText(publicKeyOf('ed25519', key), signInContext, text, signature);

/** Who a terminal's token stands for, as long as the terminal is in service, in that epoch, and not revoked since. */
async function signedInTerminal({ store, tokens }: Platform, bearer: string): Promise<SignedInTerminal | undefined> {
  const claims = await tokens.verify(bearer);
  const prefix = terminalSubject('');
  if (!claims?.subject.startsWith(prefix) || claims.epoch === undefined) return undefined;
  const terminalId = claims.subject.slice(prefix.length);
  const terminal = await rows.findTerminal(store.read, { id: terminalId });
  if (terminal?.status !== 'active' || terminal.epoch !== claims.epoch) return undefined;
  if (claims.issuedAtSecond <= (await voidUpToSecond(store.read, terminalId))) return undefined;
  return { kind: 'terminal', terminalId, epoch: claims.epoch };
}
