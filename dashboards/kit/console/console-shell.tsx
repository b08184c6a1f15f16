import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { useApi } from '../api/api-context.tsx';
import { useWords } from '../i18n/language-context.tsx';
import { useLiveState } from '../live/live-context.tsx';
import { useSession } from '../session/session-context.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { LanguageSwitch } from '../ui/language-switch.tsx';
import './console-shell.css';

export interface NavItem {
  readonly path: string;
  /** Paths below belong to it too, as `/terminals/:id` to `/`. */
  readonly alsoFor?: string;
  readonly icon: IconName;
  readonly label: string;
}

interface ConsoleShellProps {
  readonly title: string;
  readonly nav: readonly NavItem[];
  /** Beside the title: the community that the page is about. */
  readonly scope?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the desk apps: places on the left, or along the bottom of a phone. */
export function ConsoleShell({ title, nav, scope, children }: ConsoleShellProps) {
  const { kit } = useWords();
  const { session, store } = useSession();
  const { client } = useApi();
  return (
    <div className="console">
      <header className="console-top">
        <span className="console-brand">
          <Icon name="doorOpen" size={24} />
          <b>{kit.product}</b>
          <span>{title}</span>
        </span>
        <div className="console-scope">{scope}</div>
        <LiveBadge />
        <LanguageSwitch />
        <div className="console-person">
          <span>{session?.me.name}</span>
          <button type="button" aria-label={kit.signOut} title={kit.signOut} onClick={() => void store.signOut(client)}>
            <Icon name="exit" />
          </button>
        </div>
      </header>
      <nav className="console-nav" aria-label={title}>
        {nav.map((item) => (
          <NavLink key={item.path} item={item} />
        ))}
      </nav>
      <main className="console-main">{children}</main>
    </div>
  );
}

function NavLink({ item }: { readonly item: NavItem }) {
  const [here] = useRoute(item.path);
  const [below] = useRoute(item.alsoFor ?? item.path);
  return (
    <Link href={item.path} className="console-nav-item" aria-current={here || below ? 'page' : undefined}>
      <Icon name={item.icon} size={22} />
      <span>{item.label}</span>
    </Link>
  );
}

function LiveBadge() {
  const { kit } = useWords();
  const state = useLiveState();
  const live = state === 'live';
  return (
    <output className={`badge console-live ${live ? 'is-good' : 'is-warn'}`}>
      <span className={`live-dot ${live ? 'is-live' : ''}`} />
      {live ? kit.live : kit.reconnecting}
    </output>
  );
}
