import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { ModeOverride } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { ConfigDocuments } from './config-document.ts';
import type { CommunityMode, NewMode } from './contract.ts';
import { overrideOf } from './door-rules.ts';
import * as rows from './store.ts';

export interface Modes {
  /** Lockdown, free passage or back to normal from now on. Rejects with `mode-minutes-invalid`. */
  set(who: Account, terminalId: string, mode: NewMode, call: Call): Promise<void>;
  /** The same for every terminal of a community; says what becomes of it at each. */
  setForCommunity(who: Account, communityId: string, mode: NewMode, call: Call): Promise<CommunityMode>;
}

/** What a property sets by hand, before any schedule. It travels as part of the config, so that a terminal that is away obeys when it is back. */
export function createModes({ store, clock, audit }: Platform, configs: ConfigDocuments): Modes {
  const override = (q: Tx, terminal: rows.PlacedTerminal, modeOverride: ModeOverride | null) =>
    applyOverride(q, configs, terminal, modeOverride);

  return {
    async set(who, terminalId, mode, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const terminal = await rows.findTerminal(q, { id: terminalId });
          if (!terminal) throw notFound('terminal');
          await override(q, terminal, requireOverride(mode, clock.now()));
          await audit(q, { who, action: 'terminal.mode', subject: terminalId, facts: { ...mode } });
        }),
      );
    },
    async setForCommunity(who, communityId, mode, call) {
      // Before the transaction: presences are written all the time, and a fleet's would have a lockdown tried again and again.
      const online = await onlineIn(store.read, communityId);
      return store.tx((q) =>
        once(q, clock, call, async () => {
          const modeOverride = requireOverride(mode, clock.now());
          const terminals = await terminalsIn(q, communityId);
          for (const terminal of terminals) {
            await override(q, terminal, modeOverride);
            await nextTurn();
          }
          await audit(q, { who, action: 'community.mode', subject: communityId, facts: { ...mode } });
          return { items: outcomes(terminals, online) };
        }),
      );
    },
  };
}

function requireOverride(mode: NewMode, now: InstantMs): ModeOverride | null {
  const modeOverride = overrideOf(mode, now);
  if (modeOverride === undefined) {
    throw refusal('mode-minutes-invalid', 'this mode needs its minutes, a day at most');
  }
  return modeOverride;
}

async function applyOverride(
  q: Tx,
  configs: ConfigDocuments,
  terminal: rows.PlacedTerminal,
  modeOverride: ModeOverride | null,
): Promise<void> {
  await q.update(q.t.terminals).set({ modeOverride }).where(eq(q.t.terminals.id, terminal.id));
  await configs.publish(q, { ...terminal, modeOverride });
}

const terminalsIn = (q: Reads, communityId: string) =>
  rows.listTerminals(q, { communityId }, '', rows.terminalsPerCommunityMax);

async function onlineIn(q: Reads, communityId: string): Promise<ReadonlySet<string>> {
  const ids = (await terminalsIn(q, communityId)).map(({ id }) => id);
  return new Set((await rows.presencesOf(q, ids)).filter((row) => row.online).map((row) => row.terminalId));
}

function outcomes(terminals: readonly rows.PlacedTerminal[], online: ReadonlySet<string>): CommunityMode['items'] {
  return terminals.map(({ id, entranceName, status }) => {
    const reached = online.has(id) ? 'sent' : 'waiting';
    return { terminalId: id, entranceName, state: status === 'active' ? reached : status };
  });
}
