import { communityFacts, entrancesOf } from './profiles.ts';
import { communitiesNamed, findCommunities, largestCommunities } from './store.ts';

/** What others read of communities with nothing but a database: in the program, and on a thread of its own. */
export const communityReads = {
  /** Those of the communities that there are. */
  about: findCommunities,
  /** Ids of the largest, by households. */
  largest: largestCommunities,
  /** Of many at once: who lives there and when it rests; what does not exist is left out. */
  facts: communityFacts,
  /** The entrances of many at once. */
  entrancesOf,
  /** Those with this in their names, by name: what a stranger may know of them. */
  named: communitiesNamed,
} as const;

export type CommunityReads = typeof communityReads;
