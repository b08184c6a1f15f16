import type { Terminal } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { alarmIcon } from './door-look.ts';
import './doors.css';

/** Live events come at once; without them, and for what they missed, this asks again. */
const refetchMs = { live: 15_000, other: 4_000 };
const refreshMs = 5_000;
const terminalsMax = 200;

interface Raised {
  readonly terminal: Terminal;
  readonly alarm: Terminal['alarms'][number];
}

/** On top of every page while anything is raised at any door of the company; it goes when the alarms are over. */
export function AlarmBanner() {
  const live = useLiveState() === 'live';
  const { items } = useReadPages(
    'GET /v1/terminals',
    { query: { alarmed: 'true', limit: terminalsMax } },
    { refetchInterval: live ? refetchMs.live : refetchMs.other },
  );
  const raised = items
    .flatMap((terminal) => terminal.alarms.map((alarm) => ({ terminal, alarm })))
    .toSorted((a, b) => b.alarm.since - a.alarm.since);
  return (
    <div role="alert">
      <Banner raised={raised} />
    </div>
  );
}

function Banner({ raised }: { readonly raised: readonly Raised[] }) {
  const { doors, log } = useMessages();
  const m = doors.alarms;
  const format = useFormats();
  const now = useNow(refreshMs);
  const [newest] = raised;
  if (!newest) return null;
  const { terminal, alarm } = newest;
  return (
    <section className="alarm-banner" aria-label={m.label}>
      <Icon name={alarmIcon[alarm.kind]} size={28} />
      <strong>{m.count(raised.length)}</strong>
      <span>
        {raised.length > 1 && `${m.newest} · `}
        <b>{log.kinds[alarm.kind]}</b> · {m.at(terminal.communityName, terminal.entranceName)} ·{' '}
        {format.relative(alarm.since, Math.max(now, alarm.since))}
      </span>
      <Link href={`/terminals/${terminal.id}`}>{m.look}</Link>
    </section>
  );
}
