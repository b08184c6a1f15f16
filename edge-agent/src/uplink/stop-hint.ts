import {
  hint,
  stopContext,
  stopPreimage,
  type ClaimResponse,
  type StopOrder,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, verifyText } from '@gatecast/firmware-protocol/node';

/** A hint with an order of the greatest length has a quarter of it. */
const hintBytesMax = 4_096;

/** The order in a hint; undefined of one that only says what is out, and of what cannot be read: then it is asked for. */
export function stopOrderIn(payload: Uint8Array): StopOrder | undefined {
  if (payload.length > hintBytesMax) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return hint.safeParse(value).data?.stop;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** True if the door authority that this terminal has pinned has given the order. */
export function isGenuine(order: StopOrder, { kid, publicKey }: ClaimResponse['doorAuthority']): boolean {
  if (order.signature.kid !== kid) return false;
  return verifyText(publicKeyOf('ed25519', publicKey), stopContext, stopPreimage(order), order.signature.value);
}
