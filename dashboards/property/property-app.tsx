import { lazy, Suspense, useEffect } from 'react';
import { RoleGate } from '../kit/app-root.tsx';
import { useWords } from '../kit/i18n/language-context.tsx';
import { SignInPage } from '../kit/session/sign-in-page.tsx';
import { Loading } from '../kit/ui/states.tsx';
import { useMessages } from './messages/zh.ts';

/** Where invitations lead. */
const isInvited = location.pathname.replace(/\/$/, '').endsWith('/join');
const JoinPage = lazy(() =>
  import('../kit/console/account/join-page.tsx').then((module) => ({ default: module.JoinPage })),
);
/** The desk kit is large; the sign-in page does not wait for it. */
const PropertyConsole = lazy(() => import('./property-console.tsx'));

export function PropertyApp() {
  const m = useMessages();
  const { kit } = useWords();
  useEffect(() => {
    document.title = `${m.app} · ${kit.product}`;
  }, [m, kit]);
  if (isInvited) {
    return (
      <Suspense fallback={<Loading />}>
        <JoinPage onJoined={() => location.replace('/property/')} />
      </Suspense>
    );
  }
  return (
    <RoleGate roles={['property']} signIn={<SignInPage title={m.app} subtitle={m.signInHint} by="email" />}>
      <Suspense fallback={<Loading />}>
        <PropertyConsole />
      </Suspense>
    </RoleGate>
  );
}
