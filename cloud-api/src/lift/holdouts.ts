import { localTime, type InstantMs } from '@gatecast/firmware-protocol';
import { holdoutDraw } from '@gatecast/firmware-protocol/node';
import type { Reads } from '../platform/db/store.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Whether a campaign rests in a community on the local day of a moment. The unit is a whole community and a whole day of it: an order knows its community and
 * nothing of a door, and one resident passes the gate, the unit door and the lift of a day alike.
 *
 * @param ppm the largest holdout of the campaign's line items that run there on that day.
 */
export type HeldOut = (
  where: { readonly communityId: string; readonly zone: string },
  at: InstantMs,
  ppm: number,
) => boolean;

export interface Holdouts {
  /** The key of a campaign's draws, base64url: the same for ever, and nobody's to guess from outside. */
  keyOf(q: Reads, campaignId: string): Promise<string>;
  of(q: Reads, campaignId: string): Promise<HeldOut>;
}

export function createHoldouts({ signer }: Pick<Platform, 'signer'>): Holdouts {
  const keyOf = async (q: Reads, campaignId: string) =>
    (await signer.derive(q, 'holdout', platformOwner, campaignId)).toString('base64url');
  return {
    keyOf,
    of: async (q, campaignId) => heldOutBy(await keyOf(q, campaignId)),
  };
}

/** The draws of a campaign, by its key. */
export const heldOutBy =
  (key: string): HeldOut =>
  ({ communityId, zone }, at, ppm) =>
    ppm > 0 && isHeldOut(key, { communityId, day: localTime(at, zone).date }, ppm);

/** `day`: local, `2026-11-23`. */
export const isHeldOut = (
  key: string,
  { communityId, day }: { readonly communityId: string; readonly day: string },
  ppm: number,
): boolean => holdoutDraw(key, `${communityId}|${day}`) < ppm;

/**
 * What is to be planned so that so much is delivered in the end: on the days that are held out a house clip takes the campaign's turns. In expectation; what the
 * draw does to one campaign is made up by the plans after it.
 */
export const plannedWithHoldout = (milliTouches: number, ppm: number): number =>
  Math.ceil((milliTouches * 1_000_000) / (1_000_000 - ppm));
