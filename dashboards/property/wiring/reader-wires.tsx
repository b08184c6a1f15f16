import { Button } from 'antd';
import type { CommandRecord, Terminal } from '@gatecast/cloud-api/client';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

type Wire = Terminal['doors'][number]['readers'][number]['wire'];
type Asked = 'pair-readers' | 'rotate-keys';

const wireLook: Readonly<Record<Wire, { readonly tone: string; readonly icon: IconName }>> = {
  none: { tone: '', icon: 'check' },
  plain: { tone: 'is-warn', icon: 'unlock' },
  pairing: { tone: 'is-brand', icon: 'clock' },
  secured: { tone: 'is-good', icon: 'lock' },
  insecure: { tone: 'is-bad', icon: 'alert' },
  offline: { tone: '', icon: 'cross' },
};

/** How the wire to each reader is kept, and what gives it a key or a new one. */
export function ReaderWires({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().doors.wiring;
  const send = useWrite('POST /v1/terminals/:id/commands');
  const readers = terminal.doors[0]?.readers ?? [];
  const ask = (kind: Asked): void => send.mutate({ params: { id: terminal.id }, body: { kind } });
  const isReachable = terminal.status === 'active' && terminal.online;
  return (
    <section className="wiring-group" aria-label={m.wires}>
      <h3>{m.wires}</h3>
      <p className="hint">{readers.length === 0 ? m.noWires : m.wiresHint}</p>
      <ul className="reader-wires">
        {readers.map(({ address, wire }) => (
          <li key={address}>
            <span>{m.readerTitle(address)}</span>
            <span className={`badge ${wireLook[wire].tone}`}>
              <Icon name={wireLook[wire].icon} size={16} />
              {m.wire[wire]}
            </span>
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          size="large"
          icon={<Icon name="key" />}
          disabled={!isReachable}
          loading={send.isPending}
          onClick={() => ask('pair-readers')}
        >
          {m.pair}
        </Button>
        <Button size="large" disabled={!isReachable} loading={send.isPending} onClick={() => ask('rotate-keys')}>
          {m.rotate}
        </Button>
      </div>
      <p className="hint">{m.pairHint}</p>
      <ProblemNotice error={send.error} />
      {send.data && <KeyProgress sent={send.data} terminal={terminal} />}
    </section>
  );
}

const pollMs = 2_000;
const shownMax = 8;
const failed: readonly CommandRecord['state'][] = ['EXPIRED', 'REFUSED', 'UNKNOWN'];

/** What the readers have said since the command was sent. */
function KeyProgress({ sent, terminal }: { readonly sent: CommandRecord; readonly terminal: Terminal }) {
  const { doors, log } = useMessages();
  const m = doors.wiring;
  const format = useFormats();
  const { data: command = sent } = useRead(
    'GET /v1/commands/:id',
    { params: { id: sent.id } },
    { refetchInterval: pollMs },
  );
  const { items } = useReadPages(
    'GET /v1/access-events',
    { query: { terminalId: terminal.id, kind: 'reader', limit: shownMax } },
    { refetchInterval: pollMs },
  );
  const since = items.filter(({ receivedAt }) => receivedAt >= (sent.times['QUEUED'] ?? 0));
  const { kind } = sent;
  return (
    <ol className="key-progress" aria-live="polite">
      {(kind === 'pair-readers' || kind === 'rotate-keys') && <li>{m.asked[kind]}</li>}
      {failed.includes(command.state) && <li className="is-bad">{m.notDone}</li>}
      {since.toReversed().map((event) => (
        <li key={event.id}>
          <time className="digits soft">{format.timeToTheSecond(event.at, terminal.zone)}</time>{' '}
          <b>{log.reason[event.reason ?? ''] ?? event.reason}</b>
        </li>
      ))}
    </ol>
  );
}
