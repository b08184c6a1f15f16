import type { Terminal } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { alarmIcon, alarmsBeside, modeLook, modeStory, stateLook, type Look } from './door-look.ts';
import './doors.css';

const refreshMs = 15_000;

/** How the door stands, who may pass and what is raised: each a picture, a word and a colour. */
export function DoorStanding({ terminal }: { readonly terminal: Terminal }) {
  const { doors, log } = useMessages();
  const m = doors.standing;
  const format = useFormats();
  const now = useNow(refreshMs);
  const [door] = terminal.doors;
  const { told, others } = alarmsBeside(terminal.online ? door?.state : undefined, terminal.alarms);
  const since = (at: number): string => doors.alarms.raised(format.timeOrDate(at, now, terminal.zone));
  if (!door && terminal.alarms.length === 0 && !modeStory(terminal)) return null;
  return (
    <ul className="door-standing" aria-label={m.label}>
      {door &&
        (terminal.online ? (
          <Chip
            look={told ? { ...stateLook[door.state], tone: 'bad' } : stateLook[door.state]}
            text={m.state[door.state]}
            {...(told && { more: since(told.since) })}
          />
        ) : (
          <Chip look={{ icon: 'door', tone: 'idle' }} text={m.unknown} />
        ))}
      <ModeChip terminal={terminal} now={now} />
      {others.map((alarm) => (
        <Chip
          key={alarm.kind}
          look={{ icon: alarmIcon[alarm.kind], tone: 'bad' }}
          text={log.kinds[alarm.kind]}
          more={since(alarm.since)}
        />
      ))}
    </ul>
  );
}

function ModeChip({ terminal, now }: { readonly terminal: Terminal; readonly now: number }) {
  const m = useMessages().doors.standing;
  const format = useFormats();
  const story = modeStory(terminal);
  if (!story) return null;
  const ways = {
    'in-force': null,
    'on-its-way': m.onItsWay,
    waiting: m.waiting,
    refused: m.refused,
    'when-back': m.whenBack,
  };
  const end = story.until !== null ? m.until(format.timeOrDate(story.until, now, terminal.zone)) : null;
  const more = [end, story.bySchedule && m.bySchedule, ways[story.way]].filter(Boolean).join(' · ');
  const isInForce = story.way === 'in-force';
  const look: Look = isInForce ? modeLook[story.mode] : { ...modeLook[story.mode], tone: 'warn' };
  return <Chip look={look} text={isInForce ? m.mode[story.mode] : m.wish[story.mode]} more={more} />;
}

interface ChipProps {
  readonly look: Look;
  readonly text: string;
  readonly more?: string;
}

function Chip({ look: { icon, tone }, text, more }: ChipProps) {
  return (
    <li className={`standing is-${tone}`}>
      <Icon name={icon} size={22} />
      <span className="standing-text">
        <b>{text}</b>
        {more && <span>{more}</span>}
      </span>
    </li>
  );
}
