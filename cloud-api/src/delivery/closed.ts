import { setImmediate as breathe } from 'node:timers/promises';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { BookingRow } from '../campaigns/line-item-ends.ts';
import type { Closed } from '../campaigns/demand.ts';
import { restsOf } from '../campaigns/held-out.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Community } from '../communities/contract.ts';
import type { ClipBlocks } from '../complaints/clip-blocks.ts';
import type { Content } from '../content/service.ts';
import { unsoldThere, type Sellable } from '../inventory/decision-rules.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Holdouts } from '../lift/holdouts.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Reads } from '../platform/db/store.ts';

type ClipRow = Awaited<ReturnType<Content['about']>> extends ReadonlyMap<string, infer Row> ? Row : never;

export interface ClosedParts {
  readonly campaigns: Pick<Campaigns, 'about'>;
  readonly clipBlocks: Pick<ClipBlocks, 'across'>;
  readonly content: Pick<Content, 'about' | 'admissionsTo'>;
  readonly holdouts: Holdouts;
  readonly inventory: Pick<Inventory, 'sellable'>;
  readonly merchants: Pick<Merchants, 'publishing'>;
}

const perRead = 200;

/**
 * Reads once where a line item does not play, though it was sold there: what the owners, a black-out, a permit, children's hours or a property's list have
 * against its clip, from when on the clip is not approved any more, what its merchant may not publish, and the days that its campaign is held out. A screen shows
 * nothing of it there, so nothing is planned.
 */
export async function closedTo(
  q: Reads,
  parts: ClosedParts,
  {
    lines,
    communities,
    between,
  }: {
    readonly lines: readonly { readonly row: BookingRow }[];
    readonly communities: readonly Community[];
    readonly between: { readonly from: InstantMs; readonly to: InstantMs };
  },
): Promise<(line: { readonly row: BookingRow }) => Closed> {
  const ids = communities.map(({ id }) => id);
  const campaignIds = [...new Set(lines.map(({ row }) => row.campaignId))];
  const clipOf = new Map<string, string>();
  for await (const some of inParts(campaignIds))
    for (const [id, { clipId }] of await parts.campaigns.about(q, some)) clipOf.set(id, clipId);
  const clipIds = [...new Set(clipOf.values())];
  const clips = new Map<string, ClipRow>();
  for await (const some of inParts(clipIds))
    for (const [id, clip] of await parts.content.about(q, some)) clips.set(id, clip);
  const publishing = new Set<string>();
  for await (const some of inParts([...new Set(lines.map(({ row }) => row.merchantId))]))
    for (const id of await parts.merchants.publishing(q, some)) publishing.add(id);
  const states = new Map<string, Sellable>();
  const blocked = new Map<string, ReadonlySet<string>>();
  for await (const some of inParts(ids)) {
    for (const [id, state] of await parts.inventory.sellable(q, some, between)) states.set(id, state);
    for (const [id, clips] of await parts.clipBlocks.across(q, some)) blocked.set(id, clips);
  }
  const admissionIn = await parts.content.admissionsTo(q, communities, clipIds);
  const admissions = new Map(communities.map((community) => [community.id, admissionIn(community)]));
  await breathe();
  const rests = await restsOf(q, parts.holdouts, campaignIds);
  const zones = new Map(communities.map(({ id, zone }) => [id, zone]));
  return ({ row }) => {
    const clipId = clipOf.get(row.campaignId) ?? '';
    const clip = clips.get(clipId);
    const category = clip?.category ?? null;
    const mayPublish = publishing.has(row.merchantId);
    const isForPeople = row.product === 'ten-people';
    return (communityId, placement, at) => {
      if (!mayPublish) return 'not-publishing';
      if (!isApprovedAt(clip, at)) return 'clip-not-approved';
      if (blocked.get(communityId)?.has(clipId)) return 'clip-blocked';
      const state = states.get(communityId);
      const unsold = state ? unsoldThere(state, { at, placement, category }) : 'not-found';
      const why = unsold ?? admissions.get(communityId)?.(clipId, at) ?? null;
      if (why !== null) return why;
      const zone = zones.get(communityId) ?? '';
      return !isForPeople && rests(row.campaignId, { communityId, zone }, at) ? 'held-out' : null;
    };
  };
}

/** As screens have it: what was taken down is shown by none, and what is approved for a time by none after it. */
const isApprovedAt = (clip: ClipRow | undefined, at: InstantMs): boolean =>
  clip?.status === 'approved' && (clip.approvedUntil === null || at < clip.approvedUntil);

/** Others have their turn in between: reads of SQLite are over before they return. */
async function* inParts(ids: readonly string[]): AsyncGenerator<string[]> {
  for (let i = 0; i < ids.length; i += perRead) {
    yield ids.slice(i, i + perRead);
    await breathe();
  }
}
