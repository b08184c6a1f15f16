import { newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { newTerminal, NewTerminalCreated } from './contract.ts';
import { revokeTokens } from './revocations.ts';
import { settingsDefault } from './rules.ts';
import { columnsOf, type SettingsDesk, type SettingsPatch } from './settings.ts';
import * as rows from './store.ts';

export interface Fleet {
  /** A terminal at an entrance, claimed by nobody; its id. Rejects with `entrance-taken`, or `not-found` for an entrance of another community. */
  insert(q: Tx, who: Account, input: z.output<typeof newTerminal>): Promise<string>;
  /** Rejects with `entrance-taken`, or `not-found` for an entrance of another community. */
  create(who: Account, input: z.output<typeof newTerminal>, call: Call): Promise<NewTerminalCreated>;
  /** For a repaired or replaced terminal: the old one stays in force until the code is used. */
  renewClaimCode(who: Account, terminalId: string): Promise<NewTerminalCreated>;
  /** Takes it out of service; its connection ends within seconds. */
  revoke(who: Account, terminalId: string): Promise<void>;
  /** Rejects with the code of the first reason why no door can be built like that. */
  configure(who: Account, terminalId: string, patch: SettingsPatch, call: Call): Promise<void>;
}

/** What a property does with its terminals. */
export function createFleet(
  { store, clock, audit }: Platform,
  communities: Communities,
  settings: SettingsDesk,
  claims: Claims,
): Fleet {
  const insert = async (q: Tx, who: Account, input: z.output<typeof newTerminal>): Promise<string> => {
    const entrance = await communities.entrance(q, input.entranceId);
    if (entrance.communityId !== input.communityId) throw notFound('entrance');
    if (await rows.findTerminal(q, { entranceId: entrance.id })) {
      throw refusal('entrance-taken', 'this entrance has a terminal already');
    }
    const id = newId('terminal');
    const no = (await rows.highestNo(q)) + 1;
    const columns = columnsOf(settingsDefault);
    const createdAt = clock.now();
    await q.insert(q.t.terminals).values({ id, no, ...input, ...columns, status: 'unclaimed', epoch: 0, createdAt });
    await audit(q, { who, action: 'terminal.create', subject: id });
    return id;
  };

  return {
    insert,
    create: (who, input, call) =>
      store.tx(async (q) => {
        const { id } = await once(q, clock, call, async () => ({ id: await insert(q, who, input) }));
        // Asked again with the same key: the first code is stored nowhere, so the answer holds a new one and the first is void.
        return claims.issueCode(q, id);
      }),
    renewClaimCode: (who, terminalId) =>
      store.tx(async (q) => {
        await audit(q, { who, action: 'terminal.renew-claim-code', subject: terminalId });
        return claims.issueCode(q, terminalId);
      }),
    revoke: (who, terminalId) =>
      store.tx(async (q) => {
        // A code that is still about would bring it back.
        const claimVoid = { claimCodeHash: null, claimExpiresAt: null };
        await q
          .update(q.t.terminals)
          .set({ status: 'revoked', ...claimVoid })
          .where(eq(q.t.terminals.id, terminalId));
        await revokeTokens(q, terminalId, clock.now());
        await audit(q, { who, action: 'terminal.revoke', subject: terminalId });
      }),
    async configure(who, terminalId, patch, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const before = await rows.findTerminal(q, { id: terminalId });
          if (!before) throw notFound('terminal');
          await settings.change(q, who, before, patch);
        }),
      );
    },
  };
}
