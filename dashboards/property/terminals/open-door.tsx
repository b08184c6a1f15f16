import { Button, Modal } from 'antd';
import type { CommandRecord, Terminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { commandWay, progressOf } from './command-progress.ts';

/** Live events tell each state at once; this is for when they cannot come through. */
const pollMs = 1_000;

/** Opens the door from here: asks once, sends, and shows how far the command has come until its end. */
export function OpenDoorButton({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages();
  const [asked, setAsked] = useState(false);
  const reachable = terminal.status === 'active' && terminal.online;
  return (
    <>
      <Button
        type="primary"
        size="large"
        icon={<Icon name="key" />}
        disabled={!reachable}
        title={reachable ? undefined : m.command.offline}
        onClick={() => setAsked(true)}
      >
        {m.terminals.open}
      </Button>
      <Modal
        open={asked}
        title={m.command.confirmTitle(terminal.entranceName)}
        footer={null}
        width={440}
        destroyOnHidden
        onCancel={() => setAsked(false)}
      >
        <OpenDoor terminal={terminal} onClose={() => setAsked(false)} />
      </Modal>
    </>
  );
}

function OpenDoor({ terminal, onClose }: { readonly terminal: Terminal; readonly onClose: () => void }) {
  const m = useMessages().command;
  const { kit } = useWords();
  const send = useWrite('POST /v1/terminals/:id/commands');
  const open = (): void => send.mutate({ params: { id: terminal.id }, body: { kind: 'open' } });
  return (
    <div className="stack open-door">
      {send.data ? <CommandSteps sent={send.data} zone={terminal.zone} /> : <p>{m.confirmText}</p>}
      <ProblemNotice error={send.error} />
      <div className="row open-door-actions">
        <Button size="large" onClick={onClose}>
          {send.data ? kit.close : kit.cancel}
        </Button>
        <Button type="primary" size="large" loading={send.isPending} onClick={open}>
          {send.data ? m.again : m.confirm}
        </Button>
      </div>
    </div>
  );
}

function CommandSteps({ sent, zone }: { readonly sent: CommandRecord; readonly zone: string }) {
  const m = useMessages().command;
  const format = useFormats();
  const [over, setOver] = useState(false);
  const { data: command = sent } = useRead(
    'GET /v1/commands/:id',
    { params: { id: sent.id } },
    { refetchInterval: over ? false : pollMs },
  );
  const progress = progressOf(command);
  if (progress.isOver !== over) setOver(progress.isOver);
  const current = commandWay.findIndex((state) => command.times[state] === undefined);
  return (
    <div className="stack" aria-live="polite">
      <ol className="command-steps">
        {progress.steps.map(({ state, reachedAt }, index) => (
          <li
            key={state}
            className={reachedAt !== null ? 'is-reached' : index === current && !progress.end ? 'is-next' : ''}
          >
            <span className="command-step-mark">
              {reachedAt !== null && <Icon name={state === 'EXECUTED' ? 'doorOpen' : 'check'} />}
            </span>
            <span>{m.states[state]}</span>
            <time className="digits soft">{reachedAt !== null && format.timeToTheSecond(reachedAt, zone)}</time>
          </li>
        ))}
      </ol>
      {progress.tookMs !== null && <p className="notice is-good">{m.took(progress.tookMs)}</p>}
      {progress.end && <p className="notice is-bad">{m.ends[progress.end]}</p>}
    </div>
  );
}
