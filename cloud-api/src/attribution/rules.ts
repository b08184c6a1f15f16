import { days, halfHourOf, type InstantMs } from '@gatecast/firmware-protocol';
import { parseShortLink, type ParsedShortLink } from '@gatecast/firmware-protocol/messages';

/** A code on a phone's photo is still good for so long. */
const shortLinkLifeMs = days(30);

/** Why a scanned code leads nowhere; the visitor sees one friendly page for all of them. */
export type ShortLinkFault = 'malformed' | 'unknown-terminal' | 'forged' | 'from-the-future' | 'too-old';

/** Takes a token apart and checks its half-hour; the MAC is checked with the terminal's key afterwards. */
export function readShortLink(token: string, now: InstantMs): ParsedShortLink | { readonly fault: ShortLinkFault } {
  const parsed = parseShortLink(token);
  if (!parsed) return { fault: 'malformed' };
  const { halfHour } = parsed.link;
  if (halfHour > halfHourOf(now)) return { fault: 'from-the-future' };
  return now - halfHour > shortLinkLifeMs ? { fault: 'too-old' } : parsed;
}

/** The last hop that a trace has come to. */
export function reachedBy(order: { readonly status: string } | null): 'visit' | 'order' | 'paid' | 'picked-up' {
  if (!order) return 'visit';
  if (order.status === 'picked-up') return 'picked-up';
  return ['paid', 'ready', 'refunding', 'refunded'].includes(order.status) ? 'paid' : 'order';
}

const hops = ['visit', 'order', 'paid', 'picked-up'];

/** Of several orders that came of one visit, the one that came furthest; of equals the first. */
export function furthest<O extends { readonly status: string }>(orders: readonly O[]): O | null {
  const rank = (order: O) => hops.indexOf(reachedBy(order));
  return orders.reduce<O | null>((best, order) => (best === null || rank(order) > rank(best) ? order : best), null);
}
