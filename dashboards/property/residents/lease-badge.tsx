import { instant, localTime } from '@gatecast/firmware-protocol';
import { homeZone } from '../../kit/format.ts';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { daysUntil } from './lease.ts';

/** Within so many days the end of a lease is worth a word. */
const soonDays = 30;
const refreshMs = 60_000;

interface LeaseBadgeProps {
  /** `YYYY-MM-DD`, the last day of the lease. */
  readonly endsOn: string;
  /** Says nothing while the end is far. */
  readonly soonOnly?: boolean;
}

export function LeaseBadge({ endsOn, soonOnly = false }: LeaseBadgeProps) {
  const m = useMessages().residents;
  const zone = useCommunity().community?.zone ?? homeZone;
  const now = useNow(refreshMs);
  const days = daysUntil(endsOn, localTime(instant(now), zone).date);
  if (soonOnly && days > soonDays) return null;
  return <span className={`badge ${days <= soonDays ? 'is-warn' : ''}`}>{m.leaseOver(days)}</span>;
}
