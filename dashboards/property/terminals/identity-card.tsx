import { Button, Modal } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useIdentityWords } from './identity-words.ts';

const reads = ['GET /v1/terminals', 'GET /v1/terminals/:id'] as const;

interface IdentityProps {
  readonly terminal: Terminal;
}

/** Which machine this is and since when it has its keys; and the way to new ones. */
export function IdentityCard({ terminal }: IdentityProps) {
  const m = useIdentityWords();
  const format = useFormats();
  const { keysSince, keysAskedAt, model, status, zone } = terminal;
  return (
    <section className="card stack">
      <h2>{m.title}</h2>
      <dl className="settings-summary">
        <div>
          <dt>{m.model}</dt>
          <dd>{model ?? m.unknown}</dd>
        </div>
        <div>
          <dt>{m.keysSince}</dt>
          <dd className="digits">{keysSince === null ? m.unknown : format.dateTime(keysSince, zone)}</dd>
        </div>
      </dl>
      {keysAskedAt !== null && <p className="notice is-warn">{m.asked}</p>}
      {status === 'active' && keysAskedAt === null && (
        <Asked
          id={terminal.id}
          endpoint="POST /v1/terminals/:id/key-rotation"
          words={{ button: m.rotate, title: m.rotateTitle, text: m.rotateText }}
        />
      )}
    </section>
  );
}

/** The key of the terminal is on two machines: what was seen of each, and the two ways out. */
export function ClonedNotice({ terminal }: IdentityProps) {
  const m = useIdentityWords();
  const format = useFormats();
  const [, go] = useLocation();
  const { cloned, zone } = terminal;
  if (!cloned) return null;
  const { kind, sameMachine, known, other } = cloned;
  const time = (at: number): string => format.dateTime(at, zone);
  return (
    <section className="card stack cloned" role="alert">
      <h2>{m.clonedTitle}</h2>
      <p className="notice is-bad">{m.clonedText}</p>
      <p>{m.kinds[kind]}</p>
      {sameMachine !== null && <p>{sameMachine ? m.sameMachine : m.otherMachine}</p>}
      <ul className="digits">
        <li>{m.known(time(known.at), known.address ?? m.noAddress)}</li>
        <li>{m.other(time(other.at), other.address ?? m.noAddress)}</li>
      </ul>
      <p>{m.noBackup}</p>
      <div className="row">
        <Button type="primary" size="large" onClick={() => go('/terminals/add')}>
          {m.reinstall}
        </Button>
        <Asked
          id={terminal.id}
          endpoint="POST /v1/terminals/:id/one-machine"
          words={{ button: m.backup, title: m.backupTitle, text: m.backupText }}
        />
      </div>
    </section>
  );
}

interface AskedProps {
  readonly id: string;
  readonly endpoint: 'POST /v1/terminals/:id/key-rotation' | 'POST /v1/terminals/:id/one-machine';
  readonly words: { readonly button: string; readonly title: string; readonly text: string };
}

/** A button that says what it does before it does it. */
function Asked({ id, endpoint, words }: AskedProps) {
  const m = useIdentityWords();
  const [asking, setAsking] = useState(false);
  const write = useWrite(endpoint, reads);
  return (
    <div>
      <Button size="large" onClick={() => setAsking(true)}>
        {words.button}
      </Button>
      <Modal open={asking} title={words.title} footer={null} width={440} onCancel={() => setAsking(false)}>
        <div className="stack">
          <p>{words.text}</p>
          <ProblemNotice error={write.error} />
          <div className="row dialog-actions">
            <Button size="large" onClick={() => setAsking(false)}>
              {m.cancel}
            </Button>
            <Button
              type="primary"
              size="large"
              loading={write.isPending}
              onClick={() => write.mutate({ params: { id } }, { onSuccess: () => setAsking(false) })}
            >
              {words.button}
            </Button>
          </div>
        </div>
      </Modal>
    </div>
  );
}
