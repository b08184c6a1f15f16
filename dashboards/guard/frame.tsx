import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useApi } from '../kit/api/api-context.tsx';
import { useWords } from '../kit/i18n/language-context.tsx';
import { useLiveState } from '../kit/live/live-context.tsx';
import { useSession } from '../kit/session/session-context.tsx';
import { Icon, type IconName } from '../kit/ui/icon.tsx';
import { LanguageSwitch } from '../kit/ui/language-switch.tsx';
import { useOnline } from '../kit/use-online.ts';
import { SoundSwitch } from './alarms/sound-switch.tsx';
import { useMessages } from './messages/use-messages.ts';

/** Who is on duty above, the two pages below, where the thumb is. */
export function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="guard">
      <Head />
      <Connection />
      <main className="guard-main">{children}</main>
      <Tabs />
    </div>
  );
}

function Head() {
  const { kit } = useWords();
  const words = useMessages();
  const { session, store } = useSession();
  const { client } = useApi();
  useEffect(() => {
    document.title = words.title;
  }, [words]);
  return (
    <header className="guard-head">
      <h1>
        {words.title}
        <span>
          <Link href="/account">{session?.me.name}</Link>
        </span>
      </h1>
      <SoundSwitch />
      <LanguageSwitch />
      <button
        type="button"
        className="button is-quiet"
        aria-label={kit.signOut}
        // The token is dropped whatever the cloud answers; without an answer it ends there by itself.
        onClick={() => void store.signOut(client).catch(() => undefined)}
      >
        <Icon name="exit" size={22} />
      </button>
    </header>
  );
}

/** Says so when what one sees may be old: nothing is worse here than a quiet page that has lost its line. */
function Connection() {
  const words = useMessages();
  const online = useOnline();
  const state = useLiveState();
  const isCut = !online || state === 'waiting';
  return (
    <output className="guard-connection" hidden={!isCut}>
      <Icon name="wifi" /> {online ? words.reconnecting : words.noNetwork}
    </output>
  );
}

const tabs = [
  { href: '/', icon: 'shield', word: 'tabWatch' },
  { href: '/visitors', icon: 'people', word: 'tabVisitors' },
] as const satisfies readonly { href: string; icon: IconName; word: string }[];

function Tabs() {
  const words = useMessages();
  const [path] = useLocation();
  return (
    <nav className="guard-tabs" aria-label={words.title}>
      {tabs.map(({ href, icon, word }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          <Icon name={icon} size={26} />
          {words[word]}
        </Link>
      ))}
    </nav>
  );
}
