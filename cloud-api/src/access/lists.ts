import { createHmac } from 'node:crypto';
import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import { credentialsMax, pinPreimage, type AccessList } from '@gatecast/firmware-protocol/messages';
import { pinKeyPurpose, seal } from '@gatecast/firmware-protocol/node';
import type { Communities } from '../communities/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import { denyKeptMs, listFor, pinEpoch } from './rules.ts';
import * as rows from './store.ts';

export interface AccessLists {
  /** How the terminals of a community know what was typed, `text` being a preimage of firmware-protocol. */
  tag(q: Reads, communityId: string, text: string): Promise<string>;
  /** New lists for every terminal of the community, in the transaction of the change; notes which version tells of `changed`. */
  publish(q: Tx, communityId: string, changed: readonly string[]): Promise<void>;
}

/** Signed access lists: made anew whenever somebody's right to enter changes, and when a terminal is claimed. */
export function createAccessLists(platform: Platform, terminals: Terminals): AccessLists {
  const { clock, signer } = platform;
  const pinKey = (q: Reads, communityId: string) => signer.derive(q, 'code-root', communityId, `pin-key|${pinEpoch}`);
  const listed = (q: Reads, communityId: string) => {
    const now = clock.now();
    return rows.listedCredentials(q, communityId, now, (now - denyKeptMs) as InstantMs);
  };

  const publishOne = async (q: Tx, terminal: TerminalRef, credentials: readonly rows.CredentialRow[]) => {
    if (terminal.sealingKey === null) return undefined;
    const sealed = seal(terminal.sealingKey, pinKeyPurpose(pinEpoch), await pinKey(q, terminal.communityId));
    const body: AccessList = {
      zone: terminal.zone,
      pinKeys: [{ epoch: pinEpoch, sealed }],
      ...listFor(terminal.entranceId, credentials, clock.now()),
    };
    if (body.credentials.length > credentialsMax) {
      throw refusal('list-full', `a terminal holds ${credentialsMax} credentials`);
    }
    return terminals.publishDocument(q, terminal.id, 'access', body);
  };

  terminals.onClaimed(async (q, terminal) => {
    await publishOne(q, terminal, await listed(q, terminal.communityId));
  });

  return {
    tag: async (q, communityId, text) =>
      createHmac('sha256', await pinKey(q, communityId))
        .update(text)
        .digest('base64url'),
    async publish(q, communityId, changed) {
      const credentials = await listed(q, communityId);
      for (const terminal of await terminals.ofCommunity(q, communityId)) {
        const version = await publishOne(q, terminal, credentials);
        if (version === undefined) continue;
        for (const id of changed) await rows.saveDelivery(q, id, terminal.id, version);
      }
    },
  };
}

/** A PIN becomes a tag in the transaction that sets it, and voids the one before. */
export function residentPins({ clock }: Platform, communities: Communities, lists: AccessLists): void {
  communities.onPin(async (q, { id: residentId, communityId, unit }, pin) => {
    const now = clock.now();
    for (const old of await rows.pinsOfResident(q, residentId)) await rows.revokeCredential(q, old.id, now);
    const id = newId('credential');
    const tag = await lists.tag(q, communityId, pinPreimage(id, pin));
    await q.insert(q.t.credentials).values({
      id,
      communityId,
      kind: 'unit-pin',
      person: 'resident',
      residentId,
      unit,
      epoch: pinEpoch,
      tag,
      createdAt: now,
    });
    await lists.publish(q, communityId, [id]);
  });
}
