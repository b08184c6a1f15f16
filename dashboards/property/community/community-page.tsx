import type { Community } from '@gatecast/cloud-api/client';
import { useCommunity } from '../community-context.tsx';
import { CommunityFacts } from './community-facts.tsx';
import { useCommunityWords } from './community-words.ts';
import { Entrances } from './entrances.tsx';
import { PassKeys } from './pass-keys.tsx';
import { UnsoldZone } from './unsold-zone.tsx';

export function CommunityPage() {
  const { community } = useCommunity();
  return community && <CommunityCards key={community.id} community={community} />;
}

/** What is set once for a whole community. */
function CommunityCards({ community }: { readonly community: Community }) {
  const m = useCommunityWords();
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <div className="stack">
        <UnsoldZone community={community} />
        <Entrances communityId={community.id} />
        <CommunityFacts community={community} />
        <PassKeys communityId={community.id} />
      </div>
    </>
  );
}
