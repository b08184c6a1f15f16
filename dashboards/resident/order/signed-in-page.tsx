import { useState, type ReactNode } from 'react';
import { useSession } from '../../kit/session/session-context.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useOrderWords } from './order-words.ts';
import { SignInDialog } from '../sign-in-dialog.tsx';

/** What only a signed-in resident can see; the others are asked for their number on the spot. */
export function SignedInPage({ children }: { readonly children: ReactNode }) {
  const words = useOrderWords();
  const { session } = useSession();
  const [open, setOpen] = useState(false);
  if (session) return children;
  return (
    <Empty icon="ticket" title={words.signedOutOrders}>
      <button type="button" className="button is-primary is-large" onClick={() => setOpen(true)}>
        {words.signInHere}
      </button>
      <SignInDialog open={open} onClose={() => setOpen(false)} onSignedIn={() => setOpen(false)} />
    </Empty>
  );
}
