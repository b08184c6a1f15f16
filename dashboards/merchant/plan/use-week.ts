import type { Client } from '@gatecast/cloud-api/client';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useApi } from '../../kit/api/api-context.tsx';
import { instant, localTime } from '../../kit/zone.ts';
import { bookingDays } from '../book/booking-days.ts';
import type { WeekCell } from './suggestion.ts';
import { mondayFirst } from './windows.ts';

const staleTime = 60_000;

/** The coming week at one community, half-hour by half-hour. */
export function useWeek(communityId: string, zone: string, now: number): UseQueryResult<readonly WeekCell[]> {
  const { client } = useApi();
  const dates = bookingDays(now, zone);
  return useQuery({
    queryKey: ['GET /v1/slots', 'week', communityId, dates[0]],
    queryFn: async ({ signal }) => {
      const days = await Promise.all(dates.map((date) => readDay(client, { communityId, date }, zone, signal)));
      return days.flat();
    },
    staleTime,
  });
}

async function readDay(
  client: Client,
  query: { readonly communityId: string; readonly date: string },
  zone: string,
  signal: AbortSignal,
): Promise<WeekCell[]> {
  const { items } = await client('GET /v1/slots', { query, signal });
  return items.map(({ at, forecastTouches, touchPriceFen, reason }) => {
    const { weekday, minute } = localTime(instant(at), zone);
    // The same half-hour of a later week can be had, when this week's is over or sold.
    const bookable = reason === null || reason === 'past' || reason === 'sold-out';
    return { weekday: mondayFirst(weekday), halfHour: minute / 30, expected: forecastTouches, touchPriceFen, bookable };
  });
}
