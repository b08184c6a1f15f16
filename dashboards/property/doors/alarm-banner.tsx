import type { Terminal } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { alarmIcon, alarmsAbove, type Raised } from './door-look.ts';
import './doors.css';

/** Live events come at once; without them, and for what they missed, this asks again. */
const refetchMs = { live: 15_000, other: 4_000 };
const refreshMs = 60_000;
const terminalsMax = 200;
const doorsNamedMax = 6;

/** On top of every page while anything is raised at any door of the company; it goes when the alarms are over. */
export function AlarmBanner() {
  const live = useLiveState() === 'live';
  const { items, query } = useReadPages(
    'GET /v1/terminals',
    { query: { alarmed: 'true', limit: terminalsMax } },
    { refetchInterval: live ? refetchMs.live : refetchMs.other },
  );
  return (
    <div role="alert">
      <Banner terminals={items} hasMore={query.hasNextPage} />
    </div>
  );
}

interface BannerProps {
  readonly terminals: readonly Terminal[];
  /** There are more than were asked for. */
  readonly hasMore: boolean;
}

function Banner({ terminals, hasMore }: BannerProps) {
  const { doors, log } = useMessages();
  const m = doors.alarms;
  const format = useFormats();
  const now = useNow(refreshMs);
  const { count, newest, elsewhere } = alarmsAbove(terminals);
  if (!newest) return null;
  const { terminal, alarm } = newest;
  return (
    <section className="alarm-banner" aria-label={m.label}>
      <Icon name={alarmIcon[alarm.kind]} size={28} />
      <strong>{m.count(count, hasMore)}</strong>
      {/* The time of day, as « 3 s ago » would have all of it read out again and again. */}
      <span>
        {count > 1 && `${m.newest} · `}
        <b>{log.kinds[alarm.kind]}</b> · {m.at(terminal.communityName, terminal.entranceName)} ·{' '}
        {m.raised(format.timeOrDate(alarm.since, now, terminal.zone))}
      </span>
      <Link href={`/terminals/${terminal.id}`} className="alarm-look">
        {m.look}
      </Link>
      {elsewhere.length > 0 && <Elsewhere raised={elsewhere} />}
    </section>
  );
}

/** The other doors by name, each a way to its page. */
function Elsewhere({ raised }: { readonly raised: readonly Raised[] }) {
  const { doors, log } = useMessages();
  const m = doors.alarms;
  const unnamed = raised.length - doorsNamedMax;
  return (
    <ul aria-label={m.elsewhere}>
      {raised.slice(0, doorsNamedMax).map(({ terminal, alarm }) => (
        <li key={terminal.id}>
          <Link href={`/terminals/${terminal.id}`}>
            {m.at(terminal.communityName, terminal.entranceName)} · {log.kinds[alarm.kind]}
          </Link>
        </li>
      ))}
      {unnamed > 0 && <li>{m.more(unnamed)}</li>}
    </ul>
  );
}
