import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Credential, Delivered } from './credential-contract.ts';
import * as rows from './credential-store.ts';
import { deliveredOf } from './deliveries.ts';
import type { AccessLists } from './lists.ts';

interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}
type Holder = { readonly residentId: string } | { readonly passId: string };

export interface Credentials {
  /** Rejects with `not-found`; a pass is no credential of its own here, and `who` may have to know nothing of a PIN for under threat. */
  find(q: Reads, who: Account, id: string): Promise<rows.CredentialRow>;
  show(q: Reads, id: string): Promise<Credential>;
  /** What the holder has or had, in the order of the ids. Who opens under threat is told to the person and to the property alone. */
  list(who: Account, holder: Holder, paging: Paging): Promise<Page<Credential>>;
  /** A second time changes nothing. */
  revoke(who: Account, id: string): Promise<Credential>;
}

export function createCredentials({ store, clock, audit }: Platform, lists: AccessLists): Credentials {
  const find = async (q: Reads, id: string) => {
    const row = await rows.findCredential(q, id);
    if (!row || row.kind === 'code') throw notFound('credential');
    return row;
  };
  const showAll = async (q: Reads, found: readonly rows.CredentialRow[]): Promise<Credential[]> => {
    const delivered = await deliveredOf(
      q,
      lists,
      found.map(({ id }) => id),
    );
    return found.map((row) => shown(row, delivered(row.id), clock.now()));
  };
  const show = async (q: Reads, id: string): Promise<Credential> => {
    const [one] = await showAll(q, [await find(q, id)]);
    if (!one) throw notFound('credential');
    return one;
  };

  return {
    async find(q, who, id) {
      const row = await find(q, id);
      if (row.duress && !mayKnowOfDuress(who)) throw notFound('credential');
      return row;
    },
    show,
    async list(who, holder, { cursor, limit = pageSizeDefault }) {
      const afterId = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const page = { withDuress: mayKnowOfDuress(who), afterId, limit: limit + 1 };
      const found = await rows.credentialsOf(store.read, holder, page);
      const { items, nextCursor } = pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
      return { items: await showAll(store.read, items), nextCursor };
    },
    async revoke(who, id) {
      await store.tx(async (q) => {
        const row = await find(q, id);
        const revoked = await rows.revokeAll(q, [id], clock.now());
        if (revoked.length === 0) return;
        if (row.kind === 'unit-pin' && row.residentId !== null)
          await rows.notePins(q, row.residentId, row.duress ? { hasDuressPin: false } : { hasPin: false });
        await audit(q, {
          who,
          action: 'credential.revoke',
          subject: id,
          facts: { kind: row.duress ? 'pin' : row.kind },
        });
        await lists.publish(q, row.communityId, revoked);
      });
      return show(store.read, id);
    },
  };
}

/** Who opens under threat is told to the person and to the property alone. */
const mayKnowOfDuress = ({ role }: Account): boolean => role === 'property' || role === 'resident';

function shown(row: rows.CredentialRow, delivered: Delivered, now: InstantMs): Credential {
  const { id, label, cardFormat: format, cardLast4: last4, createdAt, revokedAt } = row;
  return {
    id,
    kind: kindOf(row),
    label,
    card: format !== null && last4 !== null ? { format, last4 } : null,
    state: revokedAt !== null ? 'revoked' : row.to !== null && row.to <= now ? 'expired' : 'active',
    createdAt,
    revokedAt,
    delivered,
  };
}

function kindOf({ kind, duress }: rows.CredentialRow): Credential['kind'] {
  if (kind === 'card' || kind === 'phone') return kind;
  return duress ? 'duress-pin' : 'pin';
}
