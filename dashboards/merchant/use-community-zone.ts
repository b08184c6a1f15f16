import { useReadPages } from '../kit/api/use-read.ts';
import { homeZone } from '../kit/format.ts';

/** The zone of a community's clocks; until the communities are known, the zone at home. */
export function useCommunityZone(): (communityId: string) => string {
  const { items } = useReadPages('GET /v1/communities', { query: { limit: 200 } });
  return (communityId) => items.find((community) => community.id === communityId)?.zone ?? homeZone;
}
