import type { Delivery } from '../../delivery/service.ts';
import type { Reads } from '../../platform/db/store.ts';
import type { Sign } from './watch-rules.ts';

/** From so many line items on they have one cause, and are one alarm. */
const singlesMax = 20;

/** Line items that are going to fall short: an alarm each, or one for very many. What is paused stands still because somebody wanted it. */
export async function behindSigns(q: Reads, { runningBehind }: Pick<Delivery, 'runningBehind'>): Promise<Sign[]> {
  const found = await runningBehind(q, singlesMax);
  const about = { kind: 'line-item-behind' as const, terminalId: null, communityId: null, terminals: 0 };
  const signs = found.flatMap(({ bookingId, behindSince, touches, expectedMilli, name }) => {
    if (behindSince === null) return [];
    const missing = touches - Math.floor(expectedMilli / 1_000);
    return [{ ...about, subject: bookingId, since: behindSince, facts: { lineItem: bookingId, name, missing } }];
  });
  const [first] = signs;
  if (!first || signs.length <= singlesMax) return signs;
  return [{ ...about, since: first.since, facts: { lineItem: null, name: null, atLeast: signs.length } }];
}
