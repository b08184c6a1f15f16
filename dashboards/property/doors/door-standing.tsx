import type { Terminal } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { alarmIcon, modeLook, modeStory, stateLook, type Look } from './door-look.ts';
import './doors.css';

const refreshMs = 15_000;

/** How the door stands, who may pass and what is raised: each a picture, a word and a colour. */
export function DoorStanding({ terminal }: { readonly terminal: Terminal }) {
  const { doors, log } = useMessages();
  const m = doors.standing;
  const format = useFormats();
  const now = useNow(refreshMs);
  const [door] = terminal.doors;
  if (!door && terminal.alarms.length === 0 && !modeStory(terminal)) return null;
  return (
    <ul className="door-standing" aria-label={m.label}>
      {door &&
        (terminal.online ? (
          <Chip look={stateLook[door.state]} text={m.state[door.state]} />
        ) : (
          <Chip look={{ icon: 'door', tone: 'idle' }} text={m.unknown} />
        ))}
      <ModeChip terminal={terminal} now={now} />
      {terminal.alarms.map(({ kind, since }) => (
        <Chip
          key={kind}
          look={{ icon: alarmIcon[kind], tone: 'bad' }}
          text={log.kinds[kind]}
          more={doors.alarms.raised(format.timeOrDate(since, now, terminal.zone))}
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
  const ways = { 'in-force': null, 'on-its-way': m.onItsWay, 'when-back': m.whenBack };
  const end = story.until !== null ? m.until(format.timeOrDate(story.until, now, terminal.zone)) : null;
  const more = [end, story.bySchedule && m.bySchedule, ways[story.way]].filter(Boolean).join(' · ');
  return <Chip look={modeLook[story.mode]} text={m.mode[story.mode]} more={more} />;
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
      <b>{text}</b>
      {more && <span>{more}</span>}
    </li>
  );
}
