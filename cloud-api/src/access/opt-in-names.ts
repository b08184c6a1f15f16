import { randomBytes } from 'node:crypto';
import { hours } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { ConsentPurpose } from '../platform/privacy.ts';
import { unrevokedOfResident } from './credential-store.ts';
import type { AccessLists } from './lists.ts';

interface NameParts {
  readonly communities: Communities;
  readonly lists: AccessLists;
}

/** Names at random that access lists give whoever agreed to one purpose. */
interface NameBook {
  readonly purpose: ConsentPurpose;
  nameOf(q: Reads, residentId: string): Promise<string | undefined>;
  add(q: Tx, residentId: string, name: string): Promise<void>;
  drop(q: Tx, residentIds: readonly string[]): Promise<void>;
  /** The next residents with a name, in the order of their ids. */
  named?(q: Reads, after: string, limit: number): Promise<string[]>;
  /** After names of a community were given or taken. */
  changed?(q: Tx, communityId: string): Promise<void>;
}

/** For frequency caps: plays and campaigns know no pseudonym, and the name stands nowhere else in the cloud. */
export const adPseudonymBook: NameBook = {
  purpose: 'screen-pseudonym',
  async nameOf(q, residentId) {
    const t = q.t.adPseudonyms;
    const [row] = await q.select().from(t).where(eq(t.residentId, residentId));
    return row?.pseudonym;
  },
  async add(q, residentId, pseudonym) {
    await q.insert(q.t.adPseudonyms).values({ residentId, pseudonym });
  },
  async drop(q, residentIds) {
    await q.delete(q.t.adPseudonyms).where(inArray(q.t.adPseudonyms.residentId, [...residentIds]));
  },
  async named(q, after, limit) {
    const t = q.t.adPseudonyms;
    const found = await q
      .select({ id: t.residentId })
      .from(t)
      .where(gt(t.residentId, after))
      .orderBy(asc(t.residentId))
      .limit(limit);
    return found.map(({ id }) => id);
  },
};

/** How many residents of each community have such a name. */
export async function countNamed(q: Reads, communityIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (communityIds.length === 0) return new Map();
  const { adPseudonyms: t, residents } = q.t;
  const found = await q
    .select({ communityId: residents.communityId, people: sql<number>`count(*)`.mapWith(Number) })
    .from(t)
    .innerJoin(residents, eq(residents.id, t.residentId))
    .where(inArray(residents.communityId, [...communityIds]))
    .groupBy(residents.communityId);
  return new Map(found.map(({ communityId, people }) => [communityId, people]));
}

/** Of those, how many in a community named each group and agreed that screens may know it. */
export async function countGroups(q: Reads, communityId: string): Promise<ReadonlyMap<Segment, number>> {
  const { adPseudonyms: t, audienceDeclarations: d } = q.t;
  const found = await q
    .select({ segment: d.segment, people: sql<number>`count(*)`.mapWith(Number) })
    .from(t)
    .innerJoin(d, eq(d.residentId, t.residentId))
    .where(and(eq(d.communityId, communityId), eq(d.onScreens, true)))
    .groupBy(d.segment);
  return new Map(found.map(({ segment, people }) => [segment, people]));
}

/** For words at one's own door. */
export const noticeNameBook: NameBook = {
  purpose: 'pickup-notice',
  async nameOf(q, residentId) {
    const t = q.t.noticeNames;
    const [row] = await q.select().from(t).where(eq(t.residentId, residentId));
    return row?.name;
  },
  async add(q, residentId, name) {
    await q.insert(q.t.noticeNames).values({ residentId, name });
  },
  async drop(q, residentIds) {
    await q.delete(q.t.noticeNames).where(inArray(q.t.noticeNames.residentId, [...residentIds]));
  },
};

/** Tells the lists of somebody's community what they are beside their name there. */
export async function republishNames(q: Tx, { communities, lists }: NameParts, residentId: string): Promise<void> {
  if ((await adPseudonymBook.nameOf(q, residentId)) === undefined) return;
  const { communityId } = await communities.resident(q, residentId);
  const credentials = await unrevokedOfResident(q, residentId);
  const ids = credentials.map(({ id }) => id);
  if (ids.length > 0) await lists.publish(q, communityId, ids);
}

/** Looked at together. */
const namesPerStep = 500;

/** `adPseudonym` and `noticeName` of the access list. */
const nameBytes = 16;

/**
 * Gives whoever opts in a name at random in the access lists of their community, and takes it away as soon as they opt out, move out, or may not
 * consent any more. Each purpose has a name of its own.
 */
export function followOptIns(platform: Platform, { communities, lists }: NameParts, book: NameBook): void {
  const { privacy, jobs, store } = platform;

  async function settle(q: Tx, residentId: string, communityId: string): Promise<void> {
    const isWanted = await privacy.consentOf(q, residentId, book.purpose);
    if (isWanted === ((await book.nameOf(q, residentId)) !== undefined)) return;
    if (isWanted) await book.add(q, residentId, randomBytes(nameBytes).toString('base64url'));
    else await book.drop(q, [residentId]);
    await book.changed?.(q, communityId);
    const credentials = await unrevokedOfResident(q, residentId);
    if (credentials.length === 0) return;
    await lists.publish(
      q,
      communityId,
      credentials.map(({ id }) => id),
    );
  }

  // A wording that became wider ends the names of those who agreed to the one before, though nobody says anything.
  if (book.named)
    jobs.handle(`access.opt-ins-${book.purpose}`, {
      everyMs: hours(1),
      async run() {
        let after = '';
        for (;;) {
          const some = (await book.named?.(store.read, after, namesPerStep)) ?? [];
          for (const id of some) await lapse(id);
          const last = some.at(-1);
          if (last === undefined) return;
          after = last;
        }
      },
    });
  async function lapse(residentId: string): Promise<void> {
    if (await privacy.consentOf(store.read, residentId, book.purpose)) return;
    await store.tx(async (q) => settle(q, residentId, (await communities.resident(q, residentId)).communityId));
  }

  privacy.onConsentChanged(async (q, residentId, purpose) => {
    if (purpose === book.purpose) await settle(q, residentId, (await communities.resident(q, residentId)).communityId);
  });
  communities.onResidentChanged(async (q, changes) => {
    for (const { after } of changes) await settle(q, after.id, after.communityId);
  });
  // What opened for them is taken back by itself.
  communities.onLeft(async (q, left) => {
    if (left.length === 0) return;
    const named = [];
    for (const one of left) if ((await book.nameOf(q, one.id)) !== undefined) named.push(one);
    if (named.length === 0) return;
    await book.drop(
      q,
      named.map(({ id }) => id),
    );
    for (const id of new Set(named.map(({ communityId }) => communityId))) await book.changed?.(q, id);
  });
}
