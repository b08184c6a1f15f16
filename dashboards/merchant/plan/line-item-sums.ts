import type { Booking } from '@gatecast/cloud-api/client';

const halfHourMs = 1_800_000;

/** True of what lies in more than one half-hour of one community, which has a plan of its own. */
export const spansSeveral = ({ at, toAt, communityIds }: Pick<Booking, 'at' | 'toAt' | 'communityIds'>): boolean =>
  communityIds.length > 1 || toAt - at > halfHourMs;

/** What would go back as it stands: the price of what was not delivered, less what went back before. The cloud counts again once all screens have told. */
export function refundOutlookFen({
  priceFen,
  touches,
  deliveredMilli,
  refundedFen,
}: Pick<Booking, 'priceFen' | 'touches' | 'deliveredMilli' | 'refundedFen'>): number {
  const delivered = Math.min(touches, Math.floor(deliveredMilli / 1_000));
  return Math.max(0, priceFen - Math.floor((priceFen * delivered) / touches) - refundedFen);
}
