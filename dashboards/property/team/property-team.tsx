import type { PlaceOf } from '../../kit/console/account/invite-dialog.tsx';
import { joinAt } from '../../kit/console/account/join-address.ts';
import { TeamPage, type InvitableRole } from '../../kit/console/account/team-page.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';

/** Whom a property manager may invite: guards with a phone, colleagues at the desk, and who leads a community's group-buys. */
const roles: readonly InvitableRole[] = ['guard', 'property', 'leader'];

export function PropertyTeam() {
  const { all } = useCommunity();
  const label = useMessages().allCommunities;
  const placeOf: PlaceOf = (role) => (role === 'leader' ? { field: 'communityId', label, options: all } : null);
  return <TeamPage roles={roles} joinAt={joinAt} communities={all} placeOf={placeOf} />;
}
