import type { Client, Endpoint } from '@gatecast/cloud-api/client';
import { createContext, useContext } from 'react';
import type { CloudClock } from './clock.ts';

export type ReadEndpoint = Extract<Endpoint, `GET ${string}`>;

interface Api {
  readonly client: Client;
  readonly clock: CloudClock;
}
export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi outside ApiProvider');
  return api;
}
