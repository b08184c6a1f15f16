import { createPublicKey } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { NewPhone } from './credential-contract.ts';
import * as rows from './credential-store.ts';
import type { AccessLists } from './lists.ts';
import { requireEntry } from './own-entry.ts';
import { residentTerms } from './resident-terms.ts';
import { pinEpoch } from './rules.ts';

export const phonesMax = 3;
const coordinateBytes = 32;

export interface Phones {
  /** The new credential's id. Rejects with `phone-key-invalid`, `phone-key-taken`, `too-many-phones` or `no-right-to-enter`. */
  add(who: As<'resident'>, input: NewPhone, call: Call): Promise<string>;
}

/** Phones that show a code of their own at a reader: a door knows the public half of a key that the phone cannot give away. */
export function createPhones({ store, clock, audit }: Platform, communities: Communities, lists: AccessLists): Phones {
  return {
    async add(who, { publicKey, label }, call) {
      const { x, odd } = pointOf(publicKey);
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          const now = clock.now();
          const resident = await requireEntry(q, communities, who, now);
          const { communityId, residentId } = who;
          const live = await rows.countLive(q, { residentId }, 'phone', now);
          if (live >= phonesMax) throw refusal('too-many-phones', `${phonesMax} phones are the most; remove one first`);
          if (!(await rows.freeTag(q, communityId, x, now)))
            throw refusal('phone-key-taken', 'this key is known already');
          const credential = newId('credential');
          await q.insert(q.t.credentials).values({
            id: credential,
            communityId,
            kind: 'phone',
            ...(await residentTerms(q, communities, resident)),
            unit: resident.unit,
            label,
            epoch: pinEpoch,
            tag: x,
            keyOdd: odd,
            createdAt: now,
          });
          await audit(q, { who, action: 'phone.add', subject: credential });
          await lists.publish(q, communityId, [credential]);
          return { id: credential };
        }),
      );
      return id;
    },
  };
}

/** The compressed form of an uncompressed point; rejects with `phone-key-invalid` what does not lie on the curve. */
function pointOf(publicKey: string): { readonly x: string; readonly odd: boolean } {
  const bytes = Buffer.from(publicKey, 'base64url');
  const [x, y] = [bytes.subarray(1, 1 + coordinateBytes), bytes.subarray(1 + coordinateBytes)];
  const coordinates = { x: x.toString('base64url'), y: y.toString('base64url') };
  try {
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', ...coordinates }, format: 'jwk' });
  } catch (cause) {
    throw Object.assign(refusal('phone-key-invalid', 'this is no point on P-256'), { cause });
  }
  return { x: coordinates.x, odd: ((y.at(-1) ?? 0) & 1) === 1 };
}
