import { SecurityPage } from '../../kit/console/account/security-page.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { TeamCard } from './team-card.tsx';

/** The own account, and for the owner whoever works in the stores. */
export function AccountPage() {
  const role = useSession().session?.me.role;
  return (
    <div className="stack">
      {role === 'merchant' && <TeamCard />}
      <SecurityPage />
    </div>
  );
}
