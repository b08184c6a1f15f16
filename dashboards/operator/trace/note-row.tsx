import type { LiveEvent } from '@gatecast/cloud-api/client';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages, type Messages } from '../messages/zh.ts';
import { wordOf } from './hop-text.tsx';
import { textFact, type TraceNames } from './names.ts';
import type { Note } from './trace-items.ts';

interface NoteLook {
  readonly icon: IconName;
  readonly tone: 'good' | 'bad' | 'warn' | 'idle';
  readonly text: string;
}

interface NoteRowProps {
  readonly note: Note;
  readonly names: TraceNames;
  readonly now: number;
}

/** Something beside the chains, in one quiet line. */
export function NoteRow({ note, names, now }: NoteRowProps) {
  const m = useMessages().trace;
  const format = useFormats();
  const { language } = useWords();
  const look = lookOf(note.event, names, m);
  const place = names.place(note.event);
  return (
    <li className={`note is-${look.tone}`} lang={language === 'zh' ? 'zh-CN' : 'en'}>
      <Icon name={look.icon} size={18} />
      <span>
        {place && <b>{place} </b>}
        {look.text}
        {note.count > 1 && <b className="digits"> ×{note.count}</b>}
      </span>
      <time className="soft digits">{format.relative(note.lastAt, now)}</time>
    </li>
  );
}

function lookOf(event: LiveEvent, names: TraceNames, m: Messages['trace']): NoteLook {
  const { type, facts } = event;
  const version = typeof facts['version'] === 'number' ? facts['version'] : 0;
  const kind = textFact(event, 'kind') ?? textFact(event, 'document');
  const document = wordOf(m.documents, kind);
  switch (type) {
    case 'access':
      if (kind === 'refused')
        return { icon: 'cross', tone: 'bad', text: `${m.refused} · ${wordOf(m.refusal, facts['reason'])}` };
      if (kind === 'mode' || kind === 'reader')
        return {
          icon: kind === 'mode' ? 'lock' : 'key',
          tone: 'idle',
          text: `${wordOf(m.accessKinds, kind)} · ${wordOf(m.accessReasons, facts['reason'])}`,
        };
      return { icon: 'exit', tone: 'idle', text: wordOf(m.accessKinds, kind) };
    case 'alarm':
      if (kind === 'door-online') return { icon: 'check', tone: 'good', text: wordOf(m.accessKinds, kind) };
      if (facts['reason'] === 'over')
        return { icon: 'check', tone: 'good', text: `${wordOf(m.accessKinds, kind)} · ${m.alarmOver}` };
      return { icon: 'alert', tone: 'bad', text: wordOf(m.accessKinds, kind ?? facts['alarm']) };
    case 'play':
      return { icon: 'film', tone: 'idle', text: `${m.ambient} · ${names.clip(event)?.title ?? ''}` };
    case 'terminal-online':
      return { icon: 'wifi', tone: 'good', text: m.terminalOnline };
    case 'terminal-offline':
      return { icon: 'wifi', tone: 'bad', text: m.terminalOffline };
    case 'document-published':
      return { icon: 'upload', tone: 'idle', text: m.published(document, version) };
    case 'document-applied':
      return { icon: 'check', tone: 'good', text: m.applied(document, version) };
    case 'document-failed':
      return { icon: 'alert', tone: 'bad', text: m.notApplied(document, version) };
    case 'command':
      return { icon: 'remote', tone: 'idle', text: `${m.command} · ${wordOf(m.commandStates, facts['state'])}` };
    case 'half-hour':
      return { icon: 'clock', tone: 'idle', text: m.halfHour };
    case 'clip':
      return {
        icon: 'film',
        tone: 'idle',
        text: `${textFact(event, 'title') ?? m.clip} · ${wordOf(m.clipStates, facts['status'])}`,
      };
    case 'booking':
      return { icon: 'megaphone', tone: 'good', text: `${m.booking} · ${wordOf(m.bookingStates, facts['status'])}` };
    case 'order':
      return { icon: 'bag', tone: 'idle', text: `${m.orderChanged} · ${wordOf(m.orderStates, facts['status'])}` };
    default:
      return { icon: 'list', tone: 'idle', text: type };
  }
}
