import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { CallOptions, Endpoint, Endpoints } from '@gatecast/cloud-api/client';
import { useRef } from 'react';
import { newIdempotencyKey } from './idempotency-key.ts';
import { useApi, type ReadEndpoint } from './use-api.ts';

type WriteEndpoint = Exclude<Endpoint, ReadEndpoint>;
type Result<E extends Endpoint> = Endpoints[E]['result'];

/**
 * A write. One intention keeps one idempotency key: pressing again after a lost answer repeats the same request and gets the
 * first answer; other content, or a success, starts a new key. `refreshes` are the endpoints whose answers it changes.
 */
export function useWrite<E extends WriteEndpoint>(
  endpoint: E,
  refreshes: readonly ReadEndpoint[] = [],
): UseMutationResult<Result<E>, Error, CallOptions<E>> {
  const { client } = useApi();
  const queries = useQueryClient();
  const intention = useRef<{ content: string; key: string } | null>(null);
  return useMutation<Result<E>, Error, CallOptions<E>>({
    mutationFn: (options) => {
      const content = JSON.stringify([options.params, options.query, options.body]);
      if (intention.current?.content !== content || options.body instanceof Blob)
        intention.current = { content, key: newIdempotencyKey() };
      return client(endpoint, { idempotencyKey: intention.current.key, ...options });
    },
    onSuccess: async () => {
      intention.current = null;
      await Promise.all(refreshes.map((read) => queries.invalidateQueries({ queryKey: [read] })));
    },
  });
}
