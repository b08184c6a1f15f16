import { Button, Modal } from 'antd';
import { ApiError, type Endpoints, type TerminalOffer } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { EntranceForm, type Placed } from './entrance-form.tsx';
import { useAddTerminalPageWords } from './words.ts';

interface CompareStepProps {
  readonly offer: TerminalOffer;
  readonly onClaimed: (claimed: Endpoints['POST /v1/terminal-offers/:id/claim']['result']) => void;
  /** `refused`: the digits were not the same. */
  readonly onOver: (refused?: boolean) => void;
}

/** The machine shows its digits within seconds of the code being typed. */
const pollMs = 1_500;

/** The digits at both ends, the entrance, and the yes or no of whoever stands before the screen. */
export function CompareStep({ offer: found, onClaimed, onOver }: CompareStepProps) {
  const m = useAddTerminalPageWords();
  const params = { id: found.id };
  const query = useRead('GET /v1/terminal-offers/:id', { params }, { refetchInterval: pollMs });
  const offer = query.data ?? found;
  const claim = useWrite('POST /v1/terminal-offers/:id/claim', ['GET /v1/terminals']);
  const isOver = query.error instanceof ApiError && query.error.problem.status === 404 && !claim.isPending;
  if (isOver) {
    return (
      <section className="card stack">
        <p className="notice is-warn">{m.expired}</p>
        <Button type="primary" size="large" onClick={() => onOver()}>
          {m.again}
        </Button>
      </section>
    );
  }
  const place = (placed: Placed): void => claim.mutate({ params, body: placed }, { onSuccess: onClaimed });
  return (
    <div className="add-terminal">
      <section className="card stack">
        <h2>{m.found(offer.model)}</h2>
        <p className="soft">{m.version(offer.agentVersion)}</p>
        <h2>{m.compareTitle}</h2>
        <Digits digits={offer.digits} />
        <p className="soft">{m.compareWhy}</p>
        <ScreenSays screen={offer.screen} />
        <Differ offerId={offer.id} onRefused={() => onOver(true)} />
      </section>
      <section className="card">
        <EntranceForm
          communityId={offer.communityId}
          mayInstall={offer.screen === 'shown'}
          busy={claim.isPending}
          error={claim.error}
          onSubmit={place}
        />
      </section>
    </div>
  );
}

/** In the groups in which they stand on the screen. */
function Digits({ digits }: { readonly digits: string }) {
  return (
    <p className="offer-digits digits" aria-label={digits}>
      {digits.split(' ').map((group, at) => (
        <span key={`${at}-${group}`}>{group}</span>
      ))}
    </p>
  );
}

function ScreenSays({ screen }: Pick<TerminalOffer, 'screen'>) {
  const m = useAddTerminalPageWords();
  const said = { waiting: m.waitingScreen, shown: m.shownScreen, other: m.otherScreen }[screen];
  const tone = { waiting: 'is-warn', shown: 'is-good', other: 'is-bad' }[screen];
  return (
    <p className={`notice ${tone}`} role="status" aria-live="polite">
      {screen === 'waiting' && <span className="spinner" />} {said}
    </p>
  );
}

function Differ({ offerId, onRefused }: { readonly offerId: string; readonly onRefused: () => void }) {
  const m = useAddTerminalPageWords();
  const [asking, setAsking] = useState(false);
  const refuse = useWrite('POST /v1/terminal-offers/:id/refuse');
  return (
    <div>
      <Button danger size="large" onClick={() => setAsking(true)}>
        {m.differ}
      </Button>
      <Modal open={asking} title={m.differTitle} footer={null} width={440} onCancel={() => setAsking(false)}>
        <div className="stack">
          <p>{m.differText}</p>
          <ProblemNotice error={refuse.error} />
          <div className="row dialog-actions">
            <Button size="large" onClick={() => setAsking(false)}>
              {m.cancel}
            </Button>
            <Button
              danger
              type="primary"
              size="large"
              loading={refuse.isPending}
              onClick={() => refuse.mutate({ params: { id: offerId } }, { onSuccess: onRefused })}
            >
              {m.differ}
            </Button>
          </div>
        </div>
      </Modal>
    </div>
  );
}
