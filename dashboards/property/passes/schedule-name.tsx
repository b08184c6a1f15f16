import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';

const schedulesShownMax = 200;

export function ScheduleName({ communityId, id }: { readonly communityId: string; readonly id: string }) {
  const { data } = useRead('GET /v1/communities/:id/access-schedules', {
    params: { id: communityId },
    query: { limit: schedulesShownMax },
  });
  return <Link href="/schedules">{data?.items.find((each) => each.id === id)?.name ?? '…'}</Link>;
}
