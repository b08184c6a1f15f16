import type { InstantMs } from '@gatecast/firmware-protocol';
import {
  stopContext,
  stopPreimage,
  topicsOf,
  type DocumentKind,
  type Hint,
  type StopOrder,
} from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gt, gte, inArray } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';

/** Files that stop at once, by SHA-256. */
export interface ClipStop {
  readonly clips: readonly string[];
  /** It holds for what was approved until then. */
  readonly at: InstantMs;
  /** Undefined: on every screen. */
  readonly communityIds?: readonly string[];
}

/** Terminals of an older version do not know orders: a hint would only make them ask, all at once, for what is not made yet. */
const stopsSinceProtocol = 5;
/** Terminals told at a time: others get their turn of the loop in between. */
const pageSize = 2_000;

interface StopParts extends Pick<Platform, 'store' | 'signer'> {
  readonly link: Pick<Platform['link'], 'hint'>;
}

/**
 * Tells every terminal that may have the files, right after the commit: long before all their manifests are made anew, which costs milliseconds for each
 * community. Also those that are thought to be away: what is known of that is some moments old, and a message nobody hears costs nothing.
 */
export function stopAfterCommit(parts: StopParts, q: Tx, stop: ClipStop): void {
  if (stop.clips.length > 0) q.afterCommit(() => tellAll(parts, stop));
}

async function tellAll({ store, signer, link }: StopParts, { clips, at, communityIds }: ClipStop): Promise<void> {
  const said = { clips: [...clips], at };
  const signatures = new Map<string, Promise<StopOrder['signature']>>();
  const signatureOf = (companyId: string): Promise<StopOrder['signature']> => {
    const known = signatures.get(companyId);
    const made = known ?? signer.sign(store.read, 'door-authority', companyId, stopContext, stopPreimage(said));
    signatures.set(companyId, made);
    return made;
  };
  for (let page = await concerned(store.read, communityIds, ''); page.length > 0;) {
    const hints = page.map(async ({ id, version, companyId }) => {
      const hint: Hint = { v: 1, kind: mediaKind, version, stop: { ...said, signature: await signatureOf(companyId) } };
      await link.hint(topicsOf(id).hint, JSON.stringify(hint), `stop ${said.clips.join(' ')}`);
    });
    await Promise.all(hints);
    page = await concerned(store.read, communityIds, page.at(-1)?.id ?? '');
  }
}

const mediaKind: DocumentKind = 'media';

/** Terminals in service that have a manifest, by id, from one on. */
async function concerned(q: Reads, communityIds: readonly string[] | undefined, from: string) {
  const { terminals: t, terminalDocuments: d, communities } = q.t;
  return q
    .select({ id: t.id, version: d.desired, companyId: communities.companyId })
    .from(t)
    .innerJoin(communities, eq(communities.id, t.communityId))
    .innerJoin(d, and(eq(d.terminalId, t.id), eq(d.kind, mediaKind)))
    .where(
      and(
        gt(t.id, from),
        eq(t.status, 'active'),
        gte(t.protocol, stopsSinceProtocol),
        communityIds && inArray(t.communityId, [...communityIds]),
      ),
    )
    .orderBy(asc(t.id))
    .limit(pageSize);
}
