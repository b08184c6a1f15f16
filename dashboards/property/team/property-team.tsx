import { TeamPage, type InvitableRole } from '../../kit/console/account/team-page.tsx';
import { useCommunity } from '../community-context.tsx';

/** Whom a property manager may invite: colleagues at the desk, and guards with a phone. */
const roles: readonly InvitableRole[] = ['guard', 'property'];
const joinAt = (role: InvitableRole): string => (role === 'guard' ? '/guard/' : '/property/');

export function PropertyTeam() {
  const { all } = useCommunity();
  return <TeamPage roles={roles} joinAt={joinAt} communities={all} />;
}
