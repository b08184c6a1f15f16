import { days, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import {
  stopContext,
  stopPreimage,
  topicsOf,
  type DocumentKind,
  type Hint,
  type StopOrder,
} from '@gatecast/firmware-protocol/messages';
import { and, asc, desc, eq, gt, gte, inArray, lt } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { PlacedTerminal } from './store.ts';

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

interface StopParts extends Pick<Platform, 'store' | 'signer' | 'log' | 'clock'> {
  readonly link: Pick<Platform['link'], 'hint'>;
  /** How long a screen that hears nothing may play what it has. */
  readonly config: Pick<Platform['config'], 'offlineClipDays'>;
}

/** An order as it is kept, without whom it is for. */
interface Order {
  readonly clips: readonly string[];
  readonly at: InstantMs;
}

/**
 * Tells every terminal that may have the files, right after the commit: long before all their manifests are made anew, which costs milliseconds for each
 * community. Also those that are thought to be away: what is known of that is some moments old, and a message nobody hears costs nothing. Who connects later is
 * told by {@link remindAfterCommit}.
 */
export async function stopAfterCommit(parts: StopParts, q: Tx, { clips, at, communityIds }: ClipStop): Promise<void> {
  if (clips.length === 0 || communityIds?.length === 0) return;
  const { stopOrders: t } = q.t;
  const now = parts.clock.now();
  await q.delete(t).where(lt(t.at, instant(now - days(parts.config.offlineClipDays))));
  await q.insert(t).values({ clips, approvedTo: at, communityIds: communityIds ?? null, at: now });
  q.afterCommit(() => tellAll(parts, { clips, at }, communityIds));
}

async function tellAll(parts: StopParts, order: Order, communityIds: readonly string[] | undefined): Promise<void> {
  const { read } = parts.store;
  const signed = signedFor(parts, read, order);
  for (let page = await concerned(read, communityIds, ''); page.length > 0;) {
    const hints = page.map(async ({ id, version, companyId }) => tell(parts, id, version, await signed(companyId)));
    await Promise.all(hints);
    page = await concerned(read, communityIds, page.at(-1)?.id ?? '');
  }
}

/** The order under the signature of a company's door authority, signed once for each. */
function signedFor({ signer }: StopParts, q: Reads, { clips, at }: Order): (companyId: string) => Promise<StopOrder> {
  const said = { clips: [...clips], at };
  const signatures = new Map<string, Promise<StopOrder['signature']>>();
  return async (companyId) => {
    const known = signatures.get(companyId);
    const made = known ?? signer.sign(q, 'door-authority', companyId, stopContext, stopPreimage(said));
    signatures.set(companyId, made);
    return { ...said, signature: await made };
  };
}

async function tell({ link }: StopParts, terminalId: string, version: number, stop: StopOrder): Promise<void> {
  const hint: Hint = { v: 1, kind: mediaKind, version, stop };
  await link.hint(topicsOf(terminalId).hint, JSON.stringify(hint), `stop ${stop.clips.join(' ')}`);
}

/** More were not given since a manifest that is a few moments old; of older ones the newest count, and the manifest that follows tells all. */
const remindedMax = 64;
/** A manifest that was being made while the order was given may have read the clip before. */
const madeMeanwhileMs = minutes(1);

/**
 * For a terminal that has just connected: the orders since the manifest that it has in force was made, after the commit. The manifest that leaves the files out
 * may not be made yet, or the terminal fetches it only after the screen has gone on. `inForce` undefined: it has none, and plays nothing.
 */
export async function remindAfterCommit(
  parts: StopParts,
  q: Tx,
  { id, companyId, communityId, protocol }: PlacedTerminal,
  inForce: number | undefined,
): Promise<void> {
  if (inForce === undefined || (protocol ?? 0) < stopsSinceProtocol) return;
  const { stopOrders: t, documentVersions: v } = q.t;
  const [made] = await q
    .select({ at: v.at })
    .from(v)
    .where(and(eq(v.terminalId, id), eq(v.kind, mediaKind), eq(v.version, inForce)));
  // A version that nobody remembers is old: every order still counts.
  const since = instant((made?.at ?? 0) - madeMeanwhileMs);
  const given = await q.select().from(t).where(gte(t.at, since)).orderBy(desc(t.no)).limit(remindedMax);
  const own = given.filter(({ communityIds }) => communityIds === null || communityIds.includes(communityId));
  if (own.length === 0) return;
  q.afterCommit(async () => {
    parts.log.info({ terminalId: id, orders: own.length }, 'a terminal that connects is told what to stop');
    for (const { clips, approvedTo: at } of own)
      await tell(parts, id, inForce, await signedFor(parts, parts.store.read, { clips, at })(companyId));
  });
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
