import { Link, useLocation } from 'wouter';
import { Icon, type IconName } from '../kit/ui/icon.tsx';
import { useMessages } from './messages/use-messages.ts';

const tabs = [
  { href: '/door', icon: 'door', word: 'tabDoor' },
  { href: '/', icon: 'bag', word: 'tabDeals' },
  { href: '/orders', icon: 'ticket', word: 'tabOrders' },
  { href: '/me', icon: 'person', word: 'tabMe' },
] as const satisfies readonly { href: string; icon: IconName; word: string }[];

/** The pages one may always go to; those below them have their own bar in its place. */
export function TabBar() {
  const words = useMessages();
  const [path] = useLocation();
  return (
    <nav className="tab-bar" aria-label={words.title}>
      {tabs.map(({ href, icon, word }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          <Icon name={icon} size={24} />
          {words[word]}
        </Link>
      ))}
    </nav>
  );
}
