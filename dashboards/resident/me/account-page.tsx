import type { ReactNode } from 'react';
import { TopBar } from '../top-bar.tsx';
import { useMeWords } from './me-words.ts';

interface AccountPageProps {
  readonly page: keyof ReturnType<typeof useMeWords>['pages'];
  readonly children: ReactNode;
}

/** The frame of a page below `/me`. */
export function AccountPage({ page, children }: AccountPageProps) {
  const words = useMeWords();
  return (
    <>
      <TopBar title={words.pages[page].title} back="/me" />
      <main className="page account-page">{children}</main>
    </>
  );
}
