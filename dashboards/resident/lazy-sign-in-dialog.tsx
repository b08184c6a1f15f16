import { lazy, Suspense, type ComponentProps } from 'react';

export const signInDialog = () => import('./sign-in-dialog.tsx');
const SignInDialog = lazy(() => signInDialog().then((module) => ({ default: module.SignInDialog })));

/** The sign-in dialog, fetched when somebody who is not signed in wants to order. */
export function LazySignInDialog(props: ComponentProps<typeof SignInDialog>) {
  return <Suspense fallback={null}>{props.open && <SignInDialog {...props} />}</Suspense>;
}
