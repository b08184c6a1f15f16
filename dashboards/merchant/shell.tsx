import type { Role } from '@gatecast/cloud-api/client';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useApi } from '../kit/api/use-api.ts';
import { useWords } from '../kit/i18n/language-context.tsx';
import { useSession } from '../kit/session/session-context.tsx';
import { Icon, type IconName } from '../kit/ui/icon.tsx';
import { LanguageSwitch } from '../kit/ui/language-switch.tsx';
import { useMessages } from './messages/use-messages.ts';

const pages = [
  { href: '/', icon: 'chart', word: 'navOverview' },
  { href: '/clips', icon: 'film', word: 'navClips' },
  { href: '/book', icon: 'megaphone', word: 'navBook' },
  { href: '/deals', icon: 'bag', word: 'navDeals' },
  { href: '/verify', icon: 'ticket', word: 'navVerify' },
] as const satisfies readonly { href: string; icon: IconName; word: string }[];
const staffPages = [
  { href: '/', icon: 'ticket', word: 'navVerify' },
  { href: '/orders', icon: 'list', word: 'navOrders' },
] as const;

/** The frame of every page: tabs below on a phone, a rail at the side on a desk. */
export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <div className="shell">
      <ShopBar />
      <Pages />
      <main className="shell-page">{children}</main>
    </div>
  );
}

function ShopBar() {
  const words = useMessages();
  const { kit } = useWords();
  const { session, store } = useSession();
  const { client } = useApi();
  return (
    <header className="shop-bar">
      <strong>
        <Icon name="shop" size={22} /> {session?.me.scope?.name ?? session?.me.name}
      </strong>
      <LanguageSwitch />
      <Link href="/account" className="button is-quiet" aria-label={words.account}>
        <Icon name="person" size={22} />
      </Link>
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

function Pages() {
  const words = useMessages();
  const [path] = useLocation();
  const shown = pagesOf(useSession().session?.me.role);
  if (shown.length === 0) return null;
  return (
    <nav className="shell-nav" aria-label={words.title}>
      {shown.map(({ href, icon, word }) => (
        <Link key={href} href={href} aria-current={isUnder(path, href) ? 'page' : undefined}>
          <Icon name={icon} size={24} />
          {words[word]}
        </Link>
      ))}
    </nav>
  );
}

function pagesOf(role: Role | undefined) {
  switch (role) {
    case 'merchant':
      return pages;
    case 'store-staff':
      return staffPages;
    default:
      return [];
  }
}

/** Results belong to the overview. */
const isUnder = (path: string, href: string): boolean =>
  href === '/' ? path === '/' || path.startsWith('/results/') : path.startsWith(href);
