import { errors, jwtVerify, type JWTPayload } from 'jose';
import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { terminalId, tokenAudience, tokenIssuer, type Principal } from '@gatecast/firmware-protocol/messages';
import type { Credentials } from './access-policy.ts';
import { Refusal } from './refusal.ts';
import type { Trust } from './trust.ts';

/** Who a token names, and until when. */
export interface TokenSession {
  readonly principal: Principal;
  readonly subject: string;
  readonly issuedAtSecond: number;
  readonly expiresAt: InstantMs;
}

/** The session that a token opens. Rejects with Refusal. */
export async function authenticate({ clientId, username, token }: Credentials, trust: Trust): Promise<TokenSession> {
  if (clientId === '') throw new Refusal('empty-client-id'); // a terminal bears its own id, a cloud process one of its choice
  const claims = await verifiedClaims(token, trust);
  const session = sessionOf(claims);
  if (trust.revocations.voids(session.subject, session.issuedAtSecond)) throw new Refusal('revoked');
  if (!mayBeCalled(session.principal, clientId, username)) throw new Refusal('wrong-client-id');
  return session;
}

async function verifiedClaims(token: string, trust: Trust): Promise<JWTPayload> {
  const { keys, clock } = trust;
  if (!trust.ready) await trust.refresh();
  if (!trust.ready) throw new Refusal('no-keys'); // the refresh told why; the client is told to come back
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find(kid);
        if (!key) throw new Refusal('unknown-key');
        return key;
      },
      {
        algorithms: ['EdDSA'],
        issuer: tokenIssuer,
        audience: tokenAudience,
        requiredClaims: ['sub', 'iat', 'exp'],
        currentDate: new Date(clock.now()),
      },
    );
    return payload;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof errors.JWTExpired) throw new Refusal('token-expired');
    if (error instanceof errors.JOSEError) throw new Refusal('bad-token');
    throw error;
  }
}

function sessionOf({ sub = '', iat = 0, exp = 0 }: JWTPayload): TokenSession {
  const principal = principalOf(sub);
  if (!principal) throw new Refusal('bad-token');
  return { principal, subject: sub, issuedAtSecond: iat, expiresAt: instant(exp * 1_000) };
}

function principalOf(subject: string): Principal | undefined {
  if (subject === 'service:cloud') return { kind: 'cloud' };
  const terminal = /^terminal:(.+)$/.exec(subject)?.[1];
  return terminal !== undefined && isTerminal(terminal) ? { kind: 'terminal', terminal } : undefined;
}

/** A new connection ends the old one of the same client id, so nobody may bear a terminal's id but that terminal. */
function mayBeCalled(who: Principal, clientId: string, username: string | undefined): boolean {
  if (who.kind === 'cloud') return !isTerminal(clientId);
  return clientId === who.terminal && (username === undefined || username === who.terminal);
}

const isTerminal = (text: string): boolean => terminalId.safeParse(text).success;
