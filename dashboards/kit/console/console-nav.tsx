import { useEffect, useId, useRef, useState, type ComponentType } from 'react';
import { Link, matchRoute, useLocation, useRouter } from 'wouter';
import { Icon, type IconName } from '../ui/icon.tsx';
import './console-nav.css';

export interface NavItem {
  readonly path: string;
  /** Paths below belong to it too, as `/terminals/:id` to `/`. */
  readonly alsoFor?: string | readonly string[];
  readonly icon: IconName;
  readonly label: string;
  /** Stands beside the name while something there waits for somebody. */
  readonly mark?: ComponentType;
}

/** Pages that belong together: under one heading on a desk, behind one button along the bottom of a phone. */
export interface NavGroup {
  readonly icon: IconName;
  readonly label: string;
  readonly items: readonly NavItem[];
}

export type NavEntry = NavItem | NavGroup;

interface ConsoleNavProps {
  readonly label: string;
  readonly entries: readonly NavEntry[];
}

/** The places of a console. Single ones and groups can stand side by side; a phone has room for five of them. */
export function ConsoleNav({ label, entries }: ConsoleNavProps) {
  const [location] = useLocation();
  const [opened, setOpened] = useState<{ readonly group: string; readonly at: string } | null>(null);
  const nav = useRef<HTMLElement>(null);
  // Whoever has gone somewhere needs the list no more.
  const open = opened?.at === location ? opened.group : null;
  useEffect(() => {
    if (open === null) return;
    const pressed = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && nav.current?.contains(target))) setOpened(null);
    };
    const typed = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return;
      setOpened(null);
      nav.current?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
    };
    addEventListener('pointerdown', pressed);
    addEventListener('keydown', typed);
    return () => {
      removeEventListener('pointerdown', pressed);
      removeEventListener('keydown', typed);
    };
  }, [open]);
  return (
    <nav ref={nav} className="console-nav" aria-label={label}>
      {entries.map((entry) =>
        'items' in entry ? (
          <Group
            key={entry.label}
            group={entry}
            open={open === entry.label}
            onToggle={(wanted) => setOpened(wanted ? { group: entry.label, at: location } : null)}
          />
        ) : (
          <NavLink key={entry.path} item={entry} />
        ),
      )}
    </nav>
  );
}

interface GroupProps {
  readonly group: NavGroup;
  /** Matters on a phone only; a desk shows all of them. */
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

function Group({ group, open, onToggle }: GroupProps) {
  const id = useId();
  const isHere = useIsHere();
  const here = group.items.some(isHere);
  return (
    <section className="console-nav-group" aria-labelledby={`${id}-title`}>
      <p id={`${id}-title`}>{group.label}</p>
      <button
        type="button"
        className={`console-nav-item ${here ? 'is-here' : ''}`}
        aria-expanded={open}
        aria-controls={`${id}-items`}
        onClick={() => onToggle(!open)}
      >
        <Icon name={group.icon} size={22} />
        <span>{group.label}</span>
        {group.items.map(({ path, mark: Mark }) => Mark && <Mark key={path} />)}
      </button>
      <ul id={`${id}-items`} className={open ? 'is-open' : ''}>
        {group.items.map((item) => (
          <li key={item.path}>
            <NavLink item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function NavLink({ item }: { readonly item: NavItem }) {
  const isHere = useIsHere();
  const { mark: Mark } = item;
  return (
    <Link href={item.path} className="console-nav-item" aria-current={isHere(item) ? 'page' : undefined}>
      <Icon name={item.icon} size={22} />
      <span>{item.label}</span>
      {Mark && <Mark />}
    </Link>
  );
}

function useIsHere(): (item: NavItem) => boolean {
  const { parser } = useRouter();
  const [location] = useLocation();
  return ({ path, alsoFor }) =>
    [path, ...[alsoFor ?? []].flat()].some((pattern) => matchRoute(parser, pattern, location)[0]);
}
