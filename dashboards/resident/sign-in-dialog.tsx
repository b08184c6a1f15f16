import { useEffect, useRef } from 'react';
import { PhoneSignIn } from '../kit/session/phone-sign-in.tsx';
import { useSession } from '../kit/session/session-context.tsx';
import { Dialog } from '../kit/ui/dialog.tsx';
import { useMessages } from './messages/use-messages.ts';
import '../kit/session/sign-in-page.css';

interface SignInDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Called once, as soon as somebody is signed in; what they wanted goes on from there. */
  readonly onSignedIn: () => void;
}

/** Signing in as a step of what one is doing, not as a page in the way. */
export function SignInDialog({ open, onClose, onSignedIn }: SignInDialogProps) {
  const words = useMessages();
  const { session } = useSession();
  const goOn = useRef(onSignedIn);
  useEffect(() => {
    goOn.current = onSignedIn;
  });
  const signedIn = open && session !== null;
  useEffect(() => {
    if (signedIn) goOn.current();
  }, [signedIn]);
  return (
    <Dialog open={open} title={words.signInToOrder} onClose={onClose}>
      <p className="sign-in-lead">{words.signInLead}</p>
      <PhoneSignIn submit={words.signInAndGoOn} />
    </Dialog>
  );
}
