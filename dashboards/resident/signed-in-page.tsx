import { useState, type ReactNode } from 'react';
import { useWords } from '../kit/i18n/language-context.tsx';
import { useSession } from '../kit/session/session-context.tsx';
import type { IconName } from '../kit/ui/icon.tsx';
import { Empty } from '../kit/ui/states.tsx';
import { SignInDialog } from './sign-in-dialog.tsx';

interface SignedInPageProps {
  readonly icon: IconName;
  /** What one signs in for. */
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

/** What only a signed-in resident can see; the others are asked for their number on the spot. */
export function SignedInPage({ icon, title, lead, children }: SignedInPageProps) {
  const { kit } = useWords();
  const { session, reason } = useSession();
  const [open, setOpen] = useState(false);
  if (session) return children;
  return (
    <Empty icon={icon} title={title}>
      {reason === 'expired' && <p>{kit.sessionExpired}</p>}
      {lead !== undefined && <p>{lead}</p>}
      <button type="button" className="button is-primary is-large" onClick={() => setOpen(true)}>
        {kit.signIn}
      </button>
      <SignInDialog open={open} onClose={() => setOpen(false)} onSignedIn={() => setOpen(false)} />
    </Empty>
  );
}
