import {
  keyRotationContext,
  keyRotationPreimage,
  type KeyRotationRequest,
  type keyRotationResponse,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { endKey, requireSealingKey } from './machine-keys.ts';
import { keyOverlapMs } from './rules.ts';
import { beginSessionsAnew } from './sessions.ts';
import * as rows from './store.ts';

type RotatedHook = (q: Tx, terminal: rows.PlacedTerminal) => Promise<void>;

export interface KeyRotation {
  /** New keys of the same machine, in the same epoch. The same keys again change nothing. Rejects with `wrong-credentials`. */
  rotate(terminalId: string, request: KeyRotationRequest): Promise<z.output<typeof keyRotationResponse>>;
  /** The terminal makes new keys when it signs in next, within the hour. */
  ask(who: Account, terminalId: string): Promise<void>;
  /** Somebody says that there is one machine only: it may sign in again. Rejects with `terminal-not-cloned`. */
  settleClone(who: Account, terminalId: string): Promise<void>;
  /** Runs in the transaction of a rotation: what was sealed to the old key must be sealed to the new one. */
  onRotated(hook: RotatedHook): void;
}

/** What becomes of a terminal's keys between its claims. */
export function createKeyRotation({ store, clock, audit }: Platform): KeyRotation {
  const hooks: RotatedHook[] = [];

  const placed = async (q: Tx, id: string): Promise<rows.PlacedTerminal> => {
    const terminal = await rows.findTerminal(q, { id });
    if (!terminal) throw notFound('terminal');
    return terminal;
  };

  return {
    onRotated: (hook) => void hooks.push(hook),

    async rotate(terminalId, request) {
      const { from, identityKey, sealingKey } = request;
      requireSealingKey(sealingKey);
      return store.tx(async (q) => {
        const known = await placed(q, terminalId);
        const overlapMs = keyOverlapMs;
        if (known.identityKey === identityKey && known.sealingKey === sealingKey) return { overlapMs };
        if (known.identityKey !== from || !isSignedByBoth(known, request)) {
          throw refusal('wrong-credentials', 'new keys are signed by the old key and by the new one');
        }
        const now = clock.now();
        await endKey(q, known, now, 'rotated');
        const change = { identityKey, sealingKey, keysSince: now, rotateAskedAt: null };
        const t = q.t.terminals;
        await q
          .update(t)
          .set(change)
          .where(and(eq(t.id, terminalId), eq(t.identityKey, from)));
        await audit(q, {
          who: 'system',
          action: 'terminal.rotate-keys',
          subject: terminalId,
          facts: { epoch: known.epoch },
        });
        for (const hook of hooks) await hook(q, { ...known, ...change });
        return { overlapMs };
      });
    },

    ask: (who, terminalId) =>
      store.tx(async (q) => {
        const { status } = await placed(q, terminalId);
        if (status !== 'active') throw refusal('terminal-unclaimed', 'a terminal that is not in service has no keys');
        const t = q.t.terminals;
        await q.update(t).set({ rotateAskedAt: clock.now() }).where(eq(t.id, terminalId));
        await audit(q, { who, action: 'terminal.ask-key-rotation', subject: terminalId });
      }),

    settleClone: (who, terminalId) =>
      store.tx(async (q) => {
        const terminal = await placed(q, terminalId);
        if (!terminal.cloned) throw refusal('terminal-not-cloned', 'nothing is to be decided about this terminal');
        await beginSessionsAnew(q, terminal);
        const { kind, other } = terminal.cloned;
        const facts = { kind, otherAddress: other.address };
        await audit(q, { who, action: 'terminal.one-machine', subject: terminalId, facts });
      }),
  };
}

function isSignedByBoth({ id, epoch }: rows.PlacedTerminal, request: KeyRotationRequest): boolean {
  const text = keyRotationPreimage(id, epoch, request);
  const isBy = (key: string, signature: string) =>
    verifyText(publicKeyOf('ed25519', key), keyRotationContext, text, signature);
  return isBy(request.from, request.signedByOld) && isBy(request.identityKey, request.signedByNew);
}
