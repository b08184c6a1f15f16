import { ComplaintsPage } from '../../kit/console/screens/complaints-page.tsx';
import { WallPage } from '../../kit/console/screens/wall-page.tsx';
import { useCommunity } from '../community-context.tsx';

/** The screens of the chosen community. */
export function CommunityWall() {
  const { community } = useCommunity();
  return community && <WallPage key={community.id} communityId={community.id} />;
}

/** What was said of the screens of all communities: nothing waits unseen behind another choice. */
export function CommunityComplaints() {
  return <ComplaintsPage />;
}
