import { LiveProvider, type LiveRefreshes } from '../kit/live/live-context.tsx';

/** Which answers an event makes stale. */
const refreshes: LiveRefreshes = {
  order: ['GET /v1/orders', 'GET /v1/orders/:id', 'GET /v1/deals/:id'],
  group: ['GET /v1/orders', 'GET /v1/orders/:id', 'GET /v1/deals', 'GET /v1/deals/:id'],
  command: ['GET /v1/me/commands/:id'],
  pass: ['GET /v1/me/passes'],
  pickup: ['GET /v1/orders', 'GET /v1/orders/:id'],
};

/** Keeps the pages live; loaded beside them, since nothing on them waits for it. */
export const LiveUpdates = () => <LiveProvider refreshes={refreshes}>{null}</LiveProvider>;
