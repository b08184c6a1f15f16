import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon } from '../kit/ui/icon.tsx';
import { useMessages } from './messages/use-messages.ts';

interface TopBarProps {
  readonly title: string;
  /** Where the arrow leads. */
  readonly back: string;
  readonly children?: ReactNode;
}

export function TopBar({ title, back, children }: TopBarProps) {
  const words = useMessages();
  return (
    <header className="top-bar">
      <Link href={back} className="round-button" aria-label={words.back}>
        <Icon name="back" size={24} />
      </Link>
      <h1>{title}</h1>
      {children}
    </header>
  );
}
