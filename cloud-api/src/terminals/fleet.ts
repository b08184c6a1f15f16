import { newId } from '@gatecast/firmware-protocol';
import type { TerminalConfig } from '@gatecast/firmware-protocol/messages';
import { seal, shortLinkKeyPurpose } from '@gatecast/firmware-protocol/node';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { newTerminal, NewTerminalCreated, TerminalSettings, terminalSettingsPatch } from './contract.ts';
import type { Documents } from './documents.ts';
import { revokeTokens } from './revocations.ts';
import { settingsDefault, wiring } from './rules.ts';
import { settingsOf } from './show.ts';
import * as rows from './store.ts';

export interface Fleet {
  /** Rejects with `entrance-taken`, or `not-found` for an entrance of another community. */
  create(who: Account, input: z.output<typeof newTerminal>, call: Call): Promise<NewTerminalCreated>;
  /** For a repaired or replaced terminal: the old one stays in force until the code is used. */
  renewClaimCode(who: Account, terminalId: string): Promise<NewTerminalCreated>;
  /** Takes it out of service; its connection ends within seconds. */
  revoke(who: Account, terminalId: string): Promise<void>;
  configure(who: Account, terminalId: string, patch: z.output<typeof terminalSettingsPatch>, call: Call): Promise<void>;
  /** HMAC key of the terminal's QR links. */
  shortLinkKey(q: Reads, terminalId: string): Promise<Buffer>;
}

/** What a property does with its terminals. */
export function createFleet(platform: Platform, communities: Communities, documents: Documents, claims: Claims): Fleet {
  const { store, clock, signer, audit, publicUrl } = platform;
  const shortLinkKey = (q: Reads, terminalId: string) => signer.derive(q, 'short-link-root', platformOwner, terminalId);

  const publishConfig = async (q: Tx, terminal: rows.PlacedTerminal): Promise<void> => {
    if (terminal.sealingKey === null) return;
    const sealedKey = seal(terminal.sealingKey, shortLinkKeyPurpose, await shortLinkKey(q, terminal.id));
    await documents.publish(q, terminal, 'config', configOf(terminal, sealedKey, `${publicUrl()}/q/`));
  };
  claims.onClaimed(publishConfig);

  const insert = async (q: Tx, who: Account, input: z.output<typeof newTerminal>): Promise<{ id: string }> => {
    const entrance = await communities.entrance(q, input.entranceId);
    if (entrance.communityId !== input.communityId) throw notFound('entrance');
    if (await rows.findTerminal(q, { entranceId: entrance.id })) {
      throw refusal('entrance-taken', 'this entrance has a terminal already');
    }
    const id = newId('terminal');
    const no = (await rows.highestNo(q)) + 1;
    const settings = columnsOf(settingsDefault);
    const createdAt = clock.now();
    await q.insert(q.t.terminals).values({ id, no, ...input, ...settings, status: 'unclaimed', epoch: 0, createdAt });
    await audit(q, { who, action: 'terminal.create', subject: id });
    return { id };
  };

  return {
    shortLinkKey,
    create: (who, input, call) =>
      store.tx(async (q) => {
        const { id } = await once(q, clock, call, () => insert(q, who, input));
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
          const change = columnsOf({ ...settingsOf(before), ...definedOnly(patch) });
          await q.update(q.t.terminals).set(change).where(eq(q.t.terminals.id, terminalId));
          await audit(q, { who, action: 'terminal.configure', subject: terminalId, facts: { ...patch } });
          await publishConfig(q, { ...before, ...change });
        }),
      );
    },
  };
}

const columnsOf = ({ openMs, quiet, volumePercent }: TerminalSettings) => ({
  openMs,
  quietFromMinute: quiet.fromMinute,
  quietToMinute: quiet.toMinute,
  volumePercent,
});

/** A patch without the properties that are there but undefined. */
const definedOnly = (patch: z.output<typeof terminalSettingsPatch>): Partial<TerminalSettings> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

function configOf(terminal: rows.PlacedTerminal, sealedKey: string, base: string): TerminalConfig {
  const { quiet, volumePercent, openMs } = settingsOf(terminal);
  const { entranceId: entrance, entranceName: name, placement } = terminal;
  return {
    communityName: terminal.communityName,
    zone: terminal.zone,
    doors: [{ entrance, name, placement, openMs, ...wiring }],
    screen: { quiet, volumePercent },
    shortLinks: { base, terminalNo: terminal.no, sealedKey },
  };
}
