import type { InstantMs } from '@gatecast/firmware-protocol';
import type { ModeOverride } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
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
    setForCommunity: (who, communityId, mode, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const modeOverride = requireOverride(mode, clock.now());
          const terminals = await rows.listTerminals(q, { communityId }, '', rows.terminalsPerCommunityMax);
          for (const terminal of terminals) await override(q, terminal, modeOverride);
          await audit(q, { who, action: 'community.mode', subject: communityId, facts: { ...mode } });
          return { items: await outcomes(q, terminals) };
        }),
      ),
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

async function outcomes(q: Tx, terminals: readonly rows.PlacedTerminal[]): Promise<CommunityMode['items']> {
  const ids = terminals.map(({ id }) => id);
  const online = new Set((await rows.presencesOf(q, ids)).filter((row) => row.online).map((row) => row.terminalId));
  return terminals.map(({ id, entranceName, status }) => {
    const reached = online.has(id) ? 'sent' : 'waiting';
    return { terminalId: id, entranceName, state: status === 'active' ? reached : status };
  });
}
