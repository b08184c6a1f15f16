import { createHash, randomInt } from 'node:crypto';
import { after } from '@gatecast/firmware-protocol';
import {
  claimContext,
  claimPreimage,
  type ClaimRequest,
  type ClaimResponse,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { NewTerminalCreated } from './contract.ts';
import { endKey, leaveOtherPlaces, requireSealingKey, type MachineKeys } from './machine-keys.ts';
import { codeAlphabet } from './offer-rules.ts';
import { expectTerminal } from './presence.ts';
import { revokeTokens } from './revocations.ts';
import { claimCodeLifeMs } from './rules.ts';
import * as rows from './store.ts';

const claimLength = 12;

/** Something that a terminal needs as soon as its keys are known. */
type ClaimHook = (q: Tx, terminal: rows.PlacedTerminal) => Promise<void>;

/** What is written on the machine that has come to a terminal's place. */
export interface Machine extends MachineKeys {
  /** Null: it did not say. */
  readonly model: string | null;
  readonly agentVersion: string;
}

export interface Claims {
  /** A fresh one-time code for the terminal; the code before it is void. */
  issueCode(q: Tx, terminalId: string): Promise<NewTerminalCreated>;
  /** Runs in the transaction of every claim, after the keys are stored. */
  onClaimed(hook: ClaimHook): void;
  /** Rejects with `unknown-claim-code`, `claim-expired` or `wrong-credentials`. */
  claim(request: ClaimRequest): Promise<ClaimResponse>;
  /** Makes the machine the terminal: a new epoch, and whatever machine was there before is out. */
  give(q: Tx, who: Account | 'system', known: rows.PlacedTerminal, machine: Machine): Promise<rows.PlacedTerminal>;
  /** What a claimed terminal is told, as often as it asks. */
  answer(q: Reads, terminal: rows.PlacedTerminal): Promise<ClaimResponse>;
}

/** How a machine becomes one of our terminals: its public keys at a terminal's place. */
export function createClaims(platform: Platform): Claims {
  const { store, clock, signer, config, audit } = platform;
  const hooks: ClaimHook[] = [];

  const give: Claims['give'] = async (q, who, known, { model, identityKey, sealingKey, agentVersion }) => {
    const now = clock.now();
    const before = known.identityKey;
    await endKey(q, known, now, known.status === 'revoked' ? 'revoked' : 'replaced');
    if (before !== null) await revokeTokens(q, known.id, now);
    const left = await leaveOtherPlaces(q, known.id, identityKey, now);
    const used = { claimCodeHash: null, claimExpiresAt: null };
    const fresh = { keysSince: now, rotateAskedAt: null, cloned: null };
    const change = {
      identityKey,
      sealingKey,
      model,
      status: 'active',
      epoch: known.epoch + 1,
      ...used,
      ...fresh,
    } as const;
    await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, known.id));
    const terminal = { ...known, ...change };
    const facts = { epoch: terminal.epoch, replaced: before !== null && before !== identityKey, left: left.join(',') };
    await audit(q, { who, action: 'terminal.claim', subject: known.id, facts });
    await expectTerminal(q, platform, terminal, agentVersion);
    for (const hook of hooks) await hook(q, terminal);
    return terminal;
  };

  const withCode = async (q: Tx, code: string): Promise<rows.PlacedTerminal> => {
    const known = await rows.findTerminal(q, { claimCodeHash: hashOf(code) });
    if (!known) throw refusal('unknown-claim-code', 'this claim code is unknown or used');
    if (known.claimExpiresAt === null || clock.now() >= known.claimExpiresAt) {
      throw refusal('claim-expired', 'this claim code is too old; ask for a new one');
    }
    return known;
  };

  const answer: Claims['answer'] = async (q, { id, epoch, companyId }) => ({
    terminal: id as ClaimResponse['terminal'],
    epoch,
    doorAuthority: await signer.publicKey(q, 'door-authority', companyId),
    brokerUrl: config.brokerPublicUrl,
    timeKey: await signer.publicKey(q, 'checkpoint', platformOwner),
  });

  return {
    async issueCode(q, terminalId) {
      const claimCode = Array.from({ length: claimLength }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join(
        '',
      );
      const claimExpiresAt = after(clock.now(), claimCodeLifeMs);
      const change = { claimCodeHash: hashOf(claimCode), claimExpiresAt };
      await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, terminalId));
      return { id: terminalId, claimCode, claimExpiresAt };
    },
    onClaimed: (hook) => void hooks.push(hook),
    give,
    answer,
    async claim(request) {
      const { code, signature, ...keys } = request;
      requireSealingKey(keys.sealingKey);
      if (signature !== undefined && !isOwnKey(request, signature)) throw notOwnKey();
      return store.tx(async (q) => {
        const known = await withCode(q, code);
        const elsewhere = await rows.findTerminal(q, { identityKey: keys.identityKey });
        // An older agent signs nothing; it may bring a key that nobody has, and take no terminal from its place by naming its key.
        if (signature === undefined && elsewhere && elsewhere.id !== known.id) throw notOwnKey();
        return answer(q, await give(q, 'system', known, { ...keys, model: null }));
      });
    },
  };
}

const isOwnKey = (request: ClaimRequest, signature: string): boolean =>
  verifyText(publicKeyOf('ed25519', request.identityKey), claimContext, claimPreimage(request), signature);

const notOwnKey = () => refusal('wrong-credentials', 'the signature is not of the key that is claimed');

const hashOf = (code: string): string => createHash('sha256').update(`claim|${code}`).digest('base64url');
