import type { ReactNode } from 'react';
import { SignedInPage } from '../signed-in-page.tsx';
import { useOrderWords } from './order-words.ts';

export function SignedInOrders({ children }: { readonly children: ReactNode }) {
  const words = useOrderWords();
  return (
    <SignedInPage icon="ticket" title={words.signedOutOrders}>
      {children}
    </SignedInPage>
  );
}
