import { Button } from 'antd';
import type { ListedCommand } from '@gatecast/cloud-api/client';
import { useFormats } from '../../../i18n/language-context.tsx';
import { useNow } from '../../../use-now.ts';
import { Icon } from '../../../ui/icon.tsx';
import { nameOf, reached, reasonOf, toneOf } from './command-look.ts';
import { useCommandWords } from './command-words.ts';

interface CommandRowProps {
  readonly command: ListedCommand;
  readonly zone: string;
  readonly onShow: () => void;
}

/** One command: what, by whom, how far, and when each state was reached. */
export function CommandRow({ command, zone, onShow }: CommandRowProps) {
  const m = useCommandWords();
  const format = useFormats();
  const now = useNow(60_000);
  const reason = reasonOf(command, m);
  const { by, file, queuedAt, times, state } = command;
  const role = by ? m.roles[by.role] : undefined;
  const who = by ? [by.name, role].filter(Boolean).join(' · ') || m.gone : m.system;
  const tookMs = state === 'EXECUTED' && times['EXECUTED'] !== undefined ? times['EXECUTED'] - queuedAt : null;
  return (
    <li className="command-row">
      <div className="command-head">
        <b>{nameOf(command, m)}</b>
        <span className={`command-state is-${toneOf(command)}`}>{m.states[state]}</span>
        {tookMs !== null && <span className="soft digits">{m.took(tookMs)}</span>}
      </div>
      <p className="soft">
        {who} · <time>{format.timeOrDate(queuedAt, now, zone)}</time>
      </p>
      {reason && <p className="command-reason">{reason}</p>}
      <ol className="command-times">
        {reached(command).map(({ state: reachedState, at }) => (
          <li key={reachedState}>
            {m.states[reachedState]} <time className="digits">{format.timeToTheSecond(at, zone)}</time>
          </li>
        ))}
      </ol>
      {file && (
        <Button icon={<Icon name={command.kind === 'pull-logs' ? 'list' : 'camera'} size={18} />} onClick={onShow}>
          {command.kind === 'pull-logs' ? m.seeLog : m.seePicture}
        </Button>
      )}
    </li>
  );
}
