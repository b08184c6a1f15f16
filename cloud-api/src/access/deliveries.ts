import type { Reads } from '../platform/db/store.ts';
import type { Delivered } from './credential-contract.ts';
import type { AccessLists } from './lists.ts';

/** How far each credential has come: of the terminals that it concerns, those which have in force what became of it last. */
export async function deliveredOf(
  q: Reads,
  lists: Pick<AccessLists, 'deliveryOf'>,
  ids: readonly string[],
): Promise<(id: string) => Delivered> {
  const deliveries = await lists.deliveryOf(q, ids);
  return (id) => {
    const own = deliveries.get(id) ?? [];
    return { terminals: own.filter(({ applied }) => applied).length, of: own.length };
  };
}
