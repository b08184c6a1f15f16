import type { Community } from '@gatecast/cloud-api/client';
import { useMemo } from 'react';
import { useApi, useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { unsoldZones } from '../../kit/unsold-zones.ts';
import { instant } from '../../kit/zone.ts';
import { byDistance, type Near } from './place-order.ts';

const rows = 200;

/** The communities around the store, as a list of them is shown. */
export interface Around {
  /** Where something is sold, in the order in which they are shown: the own one first, then by distance. */
  readonly near: readonly Near<Community>[];
  /** Where nothing is sold: their clocks are off the half-hours that are. The nearest first. */
  readonly unsold: readonly Community[];
  readonly ownId: string | undefined;
  /** Whether the store has said where it is; otherwise distances are from its community, or there are none. */
  readonly isPlaced: boolean;
}
interface AskedAround {
  /** Undefined until it is known. */
  readonly data: Around | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** All communities by their distance from the store. */
export function useNear(): AskedAround {
  const communities = useAllPages(useReadPages('GET /v1/communities', { query: { limit: rows } }), rows);
  const stores = useRead('GET /v1/stores', { query: { limit: rows } });
  const { items, query } = communities;
  const { clock } = useApi();
  const zones = useMemo(() => unsoldZones(items, instant(clock.now())), [items, clock]);
  const asked = { error: items.length === 0 ? query.error : null, refetch: query.refetch };
  if (query.isLoading || asked.error || stores.isLoading) return { ...asked, data: undefined };
  const store = stores.data?.items[0];
  const own = items.find(({ id }) => id === store?.communityId);
  // A store that has not said where it is stands next to its own community.
  const all = byDistance(items, store?.location ?? own?.location ?? null, own?.id);
  const near = all.filter(({ place }) => !zones.has(place.zone));
  const unsold = all.map(({ place }) => place).filter(({ zone }) => zones.has(zone));
  return { ...asked, data: { near, unsold, ownId: own?.id, isPlaced: Boolean(store?.location) } };
}
