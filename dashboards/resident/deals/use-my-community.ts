import { useApi, useRead } from '../../kit/api/api-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { rememberedVisit } from '../visit.ts';

interface MyCommunity {
  /** Undefined: not known, all deals are shown. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** True while a scan is being looked up. */
  readonly asking: boolean;
}

/** Whose deals to show: the resident's own community, or else the one whose screen was scanned. */
export function useMyCommunity(): MyCommunity {
  const { session } = useSession();
  const { clock } = useApi();
  const home = session?.me.scope;
  const visit = home ? null : rememberedVisit(clock.now());
  const scanned = useRead('GET /v1/visits/:id', { params: { id: visit?.id ?? '' } }, { enabled: visit !== null });
  if (home) return { id: home.id, name: home.name, asking: false };
  return { id: scanned.data?.communityId, name: undefined, asking: visit !== null && scanned.isLoading };
}
