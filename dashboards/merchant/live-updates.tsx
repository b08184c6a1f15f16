import { LiveProvider, useLiveEvents, type LiveRefreshes } from '../kit/live/live-context.tsx';
import { tellProgress } from './clips/maker/preview-progress.ts';
import { StillFigures } from './still-figures.tsx';

/** Which answers an event makes stale. */
const refreshes: LiveRefreshes = {
  clip: ['GET /v1/clips', 'GET /v1/campaigns'],
  permit: ['GET /v1/permits'],
  booking: ['GET /v1/bookings', 'GET /v1/bookings/:id', 'GET /v1/slots', 'GET /v1/exposures'],
  'half-hour': ['GET /v1/campaigns/:id/result', 'GET /v1/campaign-results', 'GET /v1/exposures', 'GET /v1/slots'],
  report: ['GET /v1/reports'],
  invoice: ['GET /v1/invoices', 'GET /v1/invoices/:id/lines'],
  dispute: ['GET /v1/disputes', 'GET /v1/disputes/:id'],
  visit: ['GET /v1/campaigns/:id/result', 'GET /v1/campaign-results', 'GET /v1/traces'],
  order: [
    'GET /v1/campaigns/:id/result',
    'GET /v1/campaign-results',
    'GET /v1/traces',
    'GET /v1/deals',
    'GET /v1/orders',
  ],
  group: ['GET /v1/campaigns/:id/result', 'GET /v1/campaign-results', 'GET /v1/traces', 'GET /v1/deals'],
  pickup: ['GET /v1/campaigns/:id/result', 'GET /v1/campaign-results', 'GET /v1/traces', 'GET /v1/orders'],
  team: ['GET /v1/team'],
};

/** Keeps the pages live and says when they are not; loaded beside them, since nothing on them waits for it. */
export const LiveUpdates = () => (
  <LiveProvider refreshes={refreshes}>
    <PreviewNews />
    <StillFigures />
  </LiveProvider>
);

/** Passes on how far a preview is. */
function PreviewNews() {
  useLiveEvents(({ type, subject, facts }) => {
    if (type === 'clip-preview') tellProgress(subject, Number(facts['percent']));
  });
  return null;
}
