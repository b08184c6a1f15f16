import { findCampaigns } from './store.ts';

/** What others read of campaigns with nothing but a database: in the program, and on a thread of its own. */
export const campaignReads = { about: findCampaigns } as const;
