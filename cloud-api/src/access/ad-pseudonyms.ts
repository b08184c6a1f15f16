import { randomBytes } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { unrevokedOfResident } from './credential-store.ts';
import type { AccessLists } from './lists.ts';

interface PseudonymParts {
  readonly communities: Communities;
  readonly lists: AccessLists;
}

/** `adPseudonym` of the access list. */
const pseudonymBytes = 16;

/**
 * Gives whoever opts in a name at random in the access lists of their community, and takes it away as soon as they opt out, move out, or may not
 * consent any more. It stands nowhere else in the cloud: plays and campaigns know no pseudonym.
 */
export function followOptIns(platform: Platform, { communities, lists }: PseudonymParts): void {
  const { privacy } = platform;

  async function settle(q: Tx, residentId: string, communityId: string): Promise<void> {
    const t = q.t.adPseudonyms;
    const [known] = await q.select().from(t).where(eq(t.residentId, residentId));
    const isWanted = await privacy.consentOf(q, residentId, 'screen-pseudonym');
    if (isWanted === (known !== undefined)) return;
    if (isWanted) {
      const pseudonym = randomBytes(pseudonymBytes).toString('base64url');
      await q.insert(t).values({ residentId, pseudonym });
    } else await q.delete(t).where(eq(t.residentId, residentId));
    const credentials = await unrevokedOfResident(q, residentId);
    if (credentials.length === 0) return;
    await lists.publish(
      q,
      communityId,
      credentials.map(({ id }) => id),
    );
  }

  privacy.onConsentChanged(async (q, residentId, purpose) => {
    if (purpose === 'screen-pseudonym')
      await settle(q, residentId, (await communities.resident(q, residentId)).communityId);
  });
  communities.onResidentChanged(async (q, changes) => {
    for (const { after } of changes) await settle(q, after.id, after.communityId);
  });
  // What opened for them is taken back by itself.
  communities.onLeft(async (q, left) => {
    const t = q.t.adPseudonyms;
    const ids = left.map(({ id }) => id);
    if (ids.length > 0) await q.delete(t).where(inArray(t.residentId, ids));
  });
}
