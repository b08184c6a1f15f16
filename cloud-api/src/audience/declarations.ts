import { and, eq, inArray, ne } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { groupOnScreensFrom } from '../privacy/consent-texts.ts';
import type { OwnSegment } from './contract.ts';

/** What residents who agreed to personal offers say that they are. It is used as a sum of at least ten alone, and goes with the consent, the flat or the name. */
export interface Declarations {
  of(residentId: string): Promise<OwnSegment>;
  /** Rejects with `consent-needed` unless they agreed. Null takes it back. */
  declare(who: As<'resident'>, segment: OwnSegment['segment'], call: Call): Promise<OwnSegment>;
  /** Runs in the transaction in which what may stand beside somebody's name at the screens is another. */
  onGroup(hook: GroupHook): void;
}

type GroupHook = (q: Tx, residentId: string) => Promise<void>;

const purpose = 'personal-offers';

export function createDeclarations(platform: Platform, communities: Communities): Declarations {
  const { store, clock, privacy } = platform;
  const hooks: GroupHook[] = [];
  const told = async (q: Tx, residentId: string): Promise<void> => {
    for (const hook of hooks) await hook(q, residentId);
  };
  const mayStand = async (q: Reads, residentId: string): Promise<boolean> =>
    ((await privacy.agreedTo(q, residentId, purpose)) ?? 0) >= groupOnScreensFrom;
  privacy.onConsentChanged(async (q, residentId, changed) => {
    if (changed !== purpose) return;
    if (!(await privacy.consentOf(q, residentId, purpose))) await forget(q, [residentId]);
    else if (!(await allow(q, residentId, await mayStand(q, residentId)))) return;
    await told(q, residentId);
  });
  // Who turns out to be a child, or gets a guardian, agrees to nothing any more.
  communities.onResidentChanged(async (q, changes) => {
    for (const { after } of changes) if (!(await privacy.consentOf(q, after.id, purpose))) await forget(q, [after.id]);
    // Lists follow changes of residents by themselves.
  });
  communities.onLeft((q, left) =>
    forget(
      q,
      left.map(({ id }) => id),
    ),
  );
  privacy.register({
    name: 'audience',
    async export(q, residentId) {
      const found = await find(q, residentId);
      if (!found) return [];
      const heading = { zh: '我说自己属于哪一类', en: 'What I said that I am' };
      return [{ heading, items: [{ segment: found.segment, at: found.at }] }];
    },
    erase: (q, residentId) => forget(q, [residentId]),
  });

  const show = async (q: Reads, residentId: string): Promise<OwnSegment> => ({
    segment: (await find(q, residentId))?.segment ?? null,
    mayDeclare: await privacy.consentOf(q, residentId, purpose),
  });
  return {
    onGroup: (hook) => void hooks.push(hook),
    of: (residentId) => show(store.read, residentId),
    declare: ({ residentId, communityId }, segment, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          if (segment === null) {
            await forget(q, [residentId]);
            await told(q, residentId);
            return show(q, residentId);
          }
          if (!(await privacy.consentOf(q, residentId, purpose)))
            throw refusal('consent-needed', 'agree to personal offers first', { purpose });
          const onScreens = await mayStand(q, residentId);
          const set = { communityId, segment, at: clock.now(), onScreens };
          await q
            .insert(q.t.audienceDeclarations)
            .values({ residentId, ...set })
            .onConflictDoUpdate({ target: q.t.audienceDeclarations.residentId, set });
          await told(q, residentId);
          return show(q, residentId);
        }),
      ),
  };
}

async function find(q: Reads, residentId: string) {
  const t = q.t.audienceDeclarations;
  const [row] = await q.select().from(t).where(eq(t.residentId, residentId));
  return row;
}

/** False if nothing was named, or it stands there as it should. */
async function allow(q: Tx, residentId: string, onScreens: boolean): Promise<boolean> {
  const t = q.t.audienceDeclarations;
  const changed = await q
    .update(t)
    .set({ onScreens })
    .where(and(eq(t.residentId, residentId), ne(t.onScreens, onScreens)))
    .returning({ residentId: t.residentId });
  return changed.length > 0;
}

async function forget(q: Tx, residentIds: readonly string[]): Promise<void> {
  if (residentIds.length === 0) return;
  const t = q.t.audienceDeclarations;
  await q.delete(t).where(inArray(t.residentId, [...residentIds]));
}
