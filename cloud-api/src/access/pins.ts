import { setImmediate as nextTurn } from 'node:timers/promises';
import { newId } from '@gatecast/firmware-protocol';
import { pinPreimage } from '@gatecast/firmware-protocol/messages';
import { isTrivialPin } from '../communities/rules.ts';
import type { Communities } from '../communities/service.ts';
import type { Resident } from '../communities/resident-contract.ts';
import type { Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import * as rows from './credential-store.ts';
import type { AccessLists } from './lists.ts';
import { requireEntry } from './own-entry.ts';
import { similarPins } from './pin-rules.ts';
import { residentTerms } from './resident-terms.ts';
import { pinEpoch } from './rules.ts';
import { taggerOf } from './tags.ts';

export interface Pins {
  /** Opens like the PIN, and tells the property that it was typed under threat. Rejects with `trivial-pin` or `pin-too-similar`. */
  setDuress(who: Account, residentId: string, pin: string, call: Call): Promise<void>;
  /** A second time changes nothing. */
  removeDuress(who: Account, residentId: string): Promise<void>;
}

/** A PIN becomes a tag in the transaction that sets it, and voids the one before. */
export function createPins(platform: Platform, communities: Communities, lists: AccessLists): Pins {
  const { store, clock, audit } = platform;
  communities.onPin(async (q, resident, pin, who) => {
    if (who.role === 'resident') await requireEntry(q, communities, who, clock.now());
    await setPin(q, platform, { communities, lists }, { resident, pin, duress: false });
  });

  return {
    async setDuress(who, residentId, pin, call) {
      if (isTrivialPin(pin)) throw refusal('trivial-pin', 'a stranger would try this PIN; choose another');
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const resident = await communities.resident(q, residentId);
          if (who.role === 'resident') await requireEntry(q, communities, who, clock.now());
          if (resident.state !== 'active') throw refusal('moved-out', 'this person has moved out');
          await setPin(q, platform, { communities, lists }, { resident, pin, duress: true });
          await rows.notePins(q, residentId, { hasDuressPin: true });
          await audit(q, { who, action: 'resident.set-duress-pin', subject: residentId });
        }),
      );
    },
    async removeDuress(who, residentId) {
      await store.tx(async (q) => {
        const { communityId } = await communities.resident(q, residentId);
        const old = (await rows.liveOfResident(q, residentId, clock.now())).filter(isPin(true));
        if (old.length === 0) return;
        const revoked = await rows.revokeAll(q, idsOf(old), clock.now());
        await rows.notePins(q, residentId, { hasDuressPin: false });
        await audit(q, { who, action: 'resident.remove-duress-pin', subject: residentId });
        await lists.publish(q, communityId, revoked);
      });
    },
  };
}

interface NewPin {
  readonly resident: Resident;
  readonly pin: string;
  readonly duress: boolean;
}
interface PinParts {
  readonly communities: Communities;
  readonly lists: AccessLists;
}

async function setPin(
  q: Tx,
  { clock, signer }: Platform,
  { communities, lists }: PinParts,
  wanted: NewPin,
): Promise<void> {
  const { resident, pin, duress } = wanted;
  const { id: residentId, communityId, unit } = resident;
  const now = clock.now();
  const tag = await taggerOf(q, signer, communityId);
  const pins = await rows.livePinsOfUnit(q, communityId, unit, now);
  const isReplaced = (one: (typeof pins)[number]) => one.residentId === residentId && one.duress === duress;
  const others = pins.filter((one) => !isReplaced(one));
  // The terminal compares tags, and so can we: each PIN that is too near, under each of the others' ids.
  const near = [...similarPins(pin)];
  for (const other of others) {
    if (near.some((one) => tag(pinPreimage(other.id, one)) === other.tag))
      throw refusal(
        'pin-too-similar',
        'choose a PIN that differs more from others; one slip of a finger must not be another’s',
      );
    // In a community of forty equal towers there are a hundred people in flats of that number.
    await nextTurn();
  }
  const old = (await rows.liveOfResident(q, residentId, now)).filter(isPin(duress));
  const revoked = await rows.revokeAll(q, idsOf(old), now);
  const id = newId('credential');
  await q.insert(q.t.credentials).values({
    id,
    communityId,
    kind: 'unit-pin',
    ...(await residentTerms(q, communities, resident)),
    unit,
    duress,
    epoch: pinEpoch,
    tag: tag(pinPreimage(id, pin)),
    createdAt: now,
  });
  await lists.publish(q, communityId, [...revoked, id]);
}

const isPin =
  (duress: boolean) =>
  (one: { readonly kind: string; readonly duress: boolean }): boolean =>
    one.kind === 'unit-pin' && one.duress === duress;

const idsOf = (credentials: readonly { readonly id: string }[]): string[] => credentials.map(({ id }) => id);
