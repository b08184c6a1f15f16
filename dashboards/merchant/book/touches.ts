import type { Slot } from '@gatecast/cloud-api/client';

/** As many touches as one booking may have (the cloud's own limit). */
const touchesMax = 10_000;

type Sale = Pick<Slot, 'freeTouches' | 'touchPriceFen'>;

/** What can be booked of a half-hour at once. */
export const mostTouches = (slot: Sale): number => Math.min(touchesMax, slot.freeTouches);

/** The nearest number of touches that can be booked; anything unreadable becomes 1. */
export function clampTouches(wanted: number, slot: Sale): number {
  if (!Number.isFinite(wanted)) return 1;
  return Math.max(1, Math.min(mostTouches(slot), Math.round(wanted)));
}

/** What a booking costs, in fen: the price of a touch, once for each. */
export const bookingPriceFen = (touches: number, slot: Sale): number => touches * slot.touchPriceFen;

/** Numbers worth one tap: round ones below what is free, and all of it. */
export function suggestedTouches(slot: Sale): readonly number[] {
  const most = mostTouches(slot);
  return [10, 50, 100, 200, 500, 1_000]
    .filter((touches) => touches < most)
    .slice(-3)
    .concat(most);
}
