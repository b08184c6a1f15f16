import { setImmediate as breathe } from 'node:timers/promises';
import { endOf } from '../campaigns/claims.ts';
import { halfHoursOf } from '../campaigns/line-item.ts';
import type { BookingRow } from '../campaigns/line-item-ends.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { Category } from '../content/categories.ts';
import type { Content } from '../content/service.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Reads } from '../platform/db/store.ts';

export interface OffSaleParts {
  readonly campaigns: Pick<Campaigns, 'about'>;
  readonly communities: Pick<Communities, 'about'>;
  readonly content: Pick<Content, 'about'>;
  readonly inventory: Pick<Inventory, 'unsoldThen'>;
}

/** Of a line item so many of its communities are looked at: what keeps it is seldom the matter of one alone. */
const communitiesAsked = 20;

/** Of the half-hours in which a line item was to play, how many owners or a black-out had taken off sale by the time that they came. */
export async function offSale(
  q: Reads,
  { campaigns, communities, content, inventory }: OffSaleParts,
  row: BookingRow,
  communityIds: readonly string[],
): Promise<{ readonly sold: number; readonly unsold: number }> {
  const category = await categoryOf(q, { campaigns, content }, row.campaignId);
  const about = await communities.about(q, communityIds.slice(0, communitiesAsked));
  const { placements, dayparts, firstDay, lastDay } = row;
  const days = firstDay === null || lastDay === null ? null : { firstDay, lastDay };
  const span = { from: row.at, to: endOf(row), days, dayparts: dayparts ?? [] };
  let [sold, unsold] = [0, 0];
  for (const community of about.values()) {
    const why = await inventory.unsoldThen(q, community, row.at);
    const doors = placements === null || placements.length === 0 ? (['any'] as const) : placements;
    const halfHours = halfHoursOf(span, community.zone);
    sold += halfHours.length;
    unsold += halfHours.filter((at) => doors.every((placement) => why({ at, placement, category }) !== null)).length;
    await breathe();
  }
  return { sold, unsold };
}

async function categoryOf(
  q: Reads,
  { campaigns, content }: Pick<OffSaleParts, 'campaigns' | 'content'>,
  campaignId: string,
): Promise<Category | null> {
  const clipId = (await campaigns.about(q, [campaignId])).get(campaignId)?.clipId ?? '';
  return (await content.about(q, [clipId])).get(clipId)?.category ?? null;
}
