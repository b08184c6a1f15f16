import type { Booking, Endpoints } from '@gatecast/cloud-api/client';

type Targeting = NonNullable<Endpoints['PATCH /v1/bookings/:id']['body']['targeting']>;

/** Where what a line item still owes is to go. */
export interface Move {
  readonly communityIds: readonly string[];
  readonly firstDay: string;
  readonly lastDay: string;
  /** Otherwise any hour will do. */
  readonly keepsHours: boolean;
}

/** What the cloud is asked for: whom it is for and at which doors stays; null where it would be nowhere or never. */
export function movedFrom(
  { dayparts, placements, segment }: Pick<Booking, 'dayparts' | 'placements' | 'segment'>,
  { communityIds, firstDay, lastDay, keepsHours }: Move,
): Targeting | null {
  if (communityIds.length === 0 || firstDay === '' || lastDay === '' || firstDay > lastDay) return null;
  return {
    communityIds: [...communityIds],
    firstDay,
    lastDay,
    placements,
    segment,
    dayparts: keepsHours ? dayparts : [],
  };
}
