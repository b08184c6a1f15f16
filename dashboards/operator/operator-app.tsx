import { lazy, Suspense, useEffect } from 'react';
import { RoleGate } from '../kit/app-root.tsx';
import { useWords } from '../kit/i18n/language-context.tsx';
import { SignInPage } from '../kit/session/sign-in-page.tsx';
import { Loading } from '../kit/ui/states.tsx';
import { useMessages } from './messages/zh.ts';

/** The trace is often a narrow pane in another page and needs none of the desk kit. */
const TracePage = lazy(() => import('./trace/trace-page.tsx'));
const OperatorConsole = lazy(() => import('./operator-console.tsx'));
/** Where invitations lead. */
const isInvited = location.pathname.replace(/\/$/, '').endsWith('/join');
const JoinPage = lazy(() =>
  import('../kit/console/account/join-page.tsx').then((module) => ({ default: module.JoinPage })),
);
const traceOnly = location.pathname.replace(/\/$/, '').endsWith('/trace') && window.self !== window.top;

export function OperatorApp() {
  const m = useMessages();
  const { kit } = useWords();
  useEffect(() => {
    document.title = `${m.app} · ${kit.product}`;
  }, [m, kit]);
  if (isInvited) {
    return (
      <Suspense fallback={<Loading />}>
        <JoinPage onJoined={() => location.replace('/operator/')} />
      </Suspense>
    );
  }
  return (
    <RoleGate roles={['operator']} signIn={<SignInPage title={m.app} subtitle={m.signInHint} by="email" />}>
      <Suspense fallback={<Loading />}>{traceOnly ? <TracePage /> : <OperatorConsole />}</Suspense>
    </RoleGate>
  );
}
