import { createHash, randomInt } from 'node:crypto';
import { after } from '@gatecast/firmware-protocol';
import type { ClaimRequest, ClaimResponse } from '@gatecast/firmware-protocol/messages';
import { seal } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { NewTerminalCreated } from './contract.ts';
import { claimCodeLifeMs } from './rules.ts';
import * as rows from './store.ts';

/** Crockford's base 32: no I, L, O, U. */
const claimAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const claimLength = 12;

/** Something that a terminal needs as soon as its keys are known. */
type ClaimHook = (q: Tx, terminal: rows.PlacedTerminal) => Promise<void>;

export interface Claims {
  /** A fresh one-time code for the terminal; the code before it is void. */
  issueCode(q: Tx, terminalId: string): Promise<NewTerminalCreated>;
  /** Runs in the transaction of every claim, after the keys are stored. */
  onClaimed(hook: ClaimHook): void;
  /** Rejects with `unknown-claim-code` or `claim-expired`. */
  claim(request: ClaimRequest): Promise<ClaimResponse>;
}

/** How a machine becomes one of our terminals: a one-time code against its public keys. */
export function createClaims({ store, clock, signer, config, audit }: Platform): Claims {
  const hooks: ClaimHook[] = [];

  const take = async (q: Tx, request: ClaimRequest): Promise<rows.PlacedTerminal> => {
    const known = await rows.findTerminal(q, { claimCodeHash: hashOf(request.code) });
    if (!known) throw refusal('unknown-claim-code', 'this claim code is unknown or used');
    if (known.claimExpiresAt === null || clock.now() >= known.claimExpiresAt) {
      throw refusal('claim-expired', 'this claim code is too old; ask for a new one');
    }
    const { identityKey, sealingKey } = request;
    const used = { claimCodeHash: null, claimExpiresAt: null };
    const change = { identityKey, sealingKey, status: 'active', epoch: known.epoch + 1, ...used } as const;
    await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, known.id));
    return { ...known, ...change };
  };

  return {
    async issueCode(q, terminalId) {
      const claimCode = Array.from({ length: claimLength }, () => claimAlphabet[randomInt(claimAlphabet.length)]).join(
        '',
      );
      const claimExpiresAt = after(clock.now(), claimCodeLifeMs);
      const change = { claimCodeHash: hashOf(claimCode), claimExpiresAt };
      await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, terminalId));
      return { id: terminalId, claimCode, claimExpiresAt };
    },
    onClaimed: (hook) => void hooks.push(hook),
    async claim(request) {
      requireSealingKey(request.sealingKey);
      return store.tx(async (q) => {
        const terminal = await take(q, request);
        const { id, epoch, companyId } = terminal;
        await audit(q, { who: 'system', action: 'terminal.claim', subject: id, facts: { epoch } });
        for (const hook of hooks) await hook(q, terminal);
        return {
          terminal: id as ClaimResponse['terminal'],
          epoch,
          doorAuthority: await signer.publicKey(q, 'door-authority', companyId),
          brokerUrl: config.brokerPublicUrl,
          timeKey: await signer.publicKey(q, 'checkpoint', platformOwner),
        };
      });
    },
  };
}

const hashOf = (code: string): string => createHash('sha256').update(`claim|${code}`).digest('base64url');

/** Some 32 bytes are no usable X25519 key; better said now than by the first list that cannot be sealed. */
function requireSealingKey(key: string): void {
  try {
    seal(key, 'probe', new Uint8Array());
  } catch {
    throw refusal('invalid-request', 'the sealing key is not a usable X25519 key', { path: 'sealingKey' });
  }
}
