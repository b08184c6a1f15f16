import { SecurityCards } from '../../kit/console/account/security-page.tsx';
import { Link } from 'wouter';
import { useSession } from '../../kit/session/session-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { ReportsLink } from '../reports/reports-link.tsx';
import { useSignUpWords } from '../sign-up/sign-up-words.ts';
import { TeamCard } from './team-card.tsx';

/** The own account, and for the owner whoever works in the stores. */
export function AccountPage() {
  const words = useMessages();
  const role = useSession().session?.me.role;
  return (
    <div className="stack">
      <h1 className="page-title">{words.account}</h1>
      {role === 'merchant' && <PermitsLink />}
      {role === 'merchant' && <PapersLink />}
      {role === 'merchant' && <ReportsLink />}
      {role === 'merchant' && <TeamCard />}
      <SecurityCards />
    </div>
  );
}

function PermitsLink() {
  const words = useMessages();
  return (
    <Link href="/permits" className="button is-wide">
      <Icon name="shield" /> {words.permits}
    </Link>
  );
}

function PapersLink() {
  const m = useSignUpWords();
  return (
    <Link href="/profile" className="button is-wide">
      <Icon name="shop" /> {m.profile}
    </Link>
  );
}
