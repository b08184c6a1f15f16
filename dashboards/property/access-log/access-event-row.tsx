import type { AccessEvent } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

type Kind = AccessEvent['kind'];

interface Look {
  readonly icon: IconName;
  readonly tone: 'good' | 'bad' | 'warn' | 'idle';
}

const look: Record<Kind, Look> = {
  opened: { icon: 'doorOpen', tone: 'good' },
  refused: { icon: 'cross', tone: 'bad' },
  exit: { icon: 'exit', tone: 'idle' },
  fire: { icon: 'flame', tone: 'bad' },
  forced: { icon: 'alert', tone: 'bad' },
  'held-open': { icon: 'alert', tone: 'warn' },
  tamper: { icon: 'alert', tone: 'bad' },
  'door-offline': { icon: 'alert', tone: 'warn' },
  'door-online': { icon: 'check', tone: 'idle' },
  'wrong-codes': { icon: 'alert', tone: 'warn' },
  power: { icon: 'power', tone: 'bad' },
  duress: { icon: 'shield', tone: 'bad' },
  passback: { icon: 'alert', tone: 'warn' },
  'lock-fault': { icon: 'alert', tone: 'bad' },
  'reader-insecure': { icon: 'shield', tone: 'bad' },
  'reader-offline': { icon: 'alert', tone: 'warn' },
  mode: { icon: 'lock', tone: 'idle' },
  reader: { icon: 'key', tone: 'idle' },
  help: { icon: 'megaphone', tone: 'warn' },
  'code-storm': { icon: 'alert', tone: 'bad' },
  'break-glass': { icon: 'shield', tone: 'bad' },
};
/** An alarm or a fire that is over asks nothing of anybody. */
const ended: Look = { icon: 'check', tone: 'idle' };
const viaIcon: Record<NonNullable<AccessEvent['via']>, IconName> = {
  pin: 'key',
  code: 'ticket',
  card: 'card',
  qr: 'qr',
  remote: 'remote',
  exit: 'exit',
  fire: 'flame',
};

/** A row that came in much later than it happened was kept by a terminal without a connection. */
const lateMs = 60_000;

interface AccessEventRowProps {
  readonly event: AccessEvent;
  readonly now: number;
  readonly zone: string;
  readonly showDoor: boolean;
}

/** Who, which door, how, when; a refusal in red with its reason. */
export function AccessEventRow({ event, now, zone, showDoor }: AccessEventRowProps) {
  const m = useMessages().log;
  const format = useFormats();
  const { icon, tone } = event.reason === 'over' ? ended : look[event.kind];
  const isLate = event.receivedAt - event.at > lateMs;
  return (
    <li className={`access-row is-${tone}`}>
      <time className="digits" dateTime={new Date(event.at).toISOString()} title={format.dateTime(event.at, zone)}>
        {format.timeToTheSecond(event.at, zone)}
        <small>{format.relative(event.at, Math.max(now, event.at))}</small>
      </time>
      <span className="access-mark">
        <Icon name={icon} size={22} />
      </span>
      <span className="access-what">
        <b>{m.kinds[event.kind]}</b>
        {event.reason && <span className="access-reason">{m.reason[event.reason] ?? event.reason}</span>}
        {event.pulseMs !== null && <span className="soft">{m.openFor(event.pulseMs / 1_000)}</span>}
      </span>
      <Person event={event} />
      {showDoor && <span className="access-door">{event.entranceName}</span>}
      <span className="access-how">
        {event.via && (
          <>
            <Icon name={viaIcon[event.via]} /> {m.via[event.via]}
          </>
        )}
        {isLate && <span className="badge is-warn">{m.late(format.timeOrDate(event.receivedAt, now, zone))}</span>}
      </span>
    </li>
  );
}

function Person({ event: { who, kind, via } }: { readonly event: AccessEvent }) {
  const m = useMessages().log;
  const isSomebody = via !== 'remote' && (kind === 'opened' || kind === 'refused');
  if (!who) return <span className="access-who soft">{isSomebody && m.unnamed}</span>;
  return (
    <span className="access-who">
      <b>{who.name}</b>
      <span className="soft">
        {m.person[who.person]}
        {who.unit !== null && ` · ${m.unit(who.unit)}`}
      </span>
    </span>
  );
}
