import { offerCode, pairingDigitsText } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import { atMs, id, name } from '../platform/contract.ts';

/** `POST /v1/terminal-offers/look`: what is written on a terminal's screen, for the community that it is to serve. */
export const offerLook = z.object({ code: offerCode, communityId: id });

/** A machine on a wall that asks to be claimed, to whoever typed its code. */
export const terminalOffer = z.object({
  id,
  communityId: id,
  model: z.string(),
  agentVersion: z.string(),
  /** What its screen must show before anybody says yes. */
  digits: pairingDigitsText,
  /**
   * `waiting`: the machine has not said yet that it shows them; `shown`: it says so, signed with its key; `other`: it shows other ones, so somebody in
   * between has changed a key.
   */
  screen: z.enum(['waiting', 'shown', 'other']),
  /** Until then it is kept for this company. */
  expiresAt: atMs,
});
export type TerminalOffer = z.infer<typeof terminalOffer>;

/** `POST /v1/terminal-offers/:id/claim`: the digits are the same. */
export const offerClaim = z.object({
  entranceId: id,
  /** Of a new terminal; one that is there keeps its name. */
  name,
  /** True: the machine takes the place of the one that serves the entrance now, which is out from then on. */
  replace: z.boolean(),
});
export type OfferClaim = z.output<typeof offerClaim>;

export const offerClaimed = z.object({ terminalId: id, epoch: z.int() });
