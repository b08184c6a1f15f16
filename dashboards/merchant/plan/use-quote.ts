import type { Endpoints, Quote } from '@gatecast/cloud-api/client';
import { useQuery } from '@tanstack/react-query';
import { queryKeyOf, useApi } from '../../kit/api/api-context.tsx';
import { useSettled } from '../../kit/use-settled.ts';

export type Wanted = Endpoints['POST /v1/quotes']['body'];

interface LiveQuote {
  /** The last answer; an older wish's while `isOld`. */
  readonly quote: Quote | undefined;
  readonly isOld: boolean;
  readonly error: unknown;
  readonly askAgain: () => void;
}

/** A quote for what is wanted now, asked once the choice stands still; answers to earlier choices are dropped. Null: nothing to ask. */
export function useQuote(wanted: Wanted | null): LiveQuote {
  const { client } = useApi();
  const now = JSON.stringify(wanted);
  const settled = useSettled(now);
  const query = useQuery({
    queryKey: queryKeyOf('POST /v1/quotes', { body: settled }),
    queryFn: ({ signal }) => client('POST /v1/quotes', { body: JSON.parse(settled) as Wanted, signal }),
    enabled: settled !== 'null',
    placeholderData: (before) => before,
  });
  const isOld = settled !== now || query.isPlaceholderData || query.isFetching;
  return {
    quote: wanted ? query.data : undefined,
    isOld,
    error: wanted ? query.error : null,
    askAgain: () => void query.refetch(),
  };
}
