import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import { useWords } from '../i18n/language-context.tsx';
import { useLiveState } from '../live/live-context.tsx';
import { useSession } from '../session/session-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { LanguageSwitch } from '../ui/language-switch.tsx';
import { ConsoleNav, type NavEntry } from './console-nav.tsx';
import './console-shell.css';

interface ConsoleShellProps {
  readonly title: string;
  readonly nav: readonly NavEntry[];
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
      <ConsoleNav label={title} entries={nav} />
      <main className="console-main">{children}</main>
    </div>
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
