import { Button, Select } from 'antd';
import type { CommandRecord } from '@gatecast/cloud-api/client';
import { useId, useState } from 'react';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { countdownText } from '../../kit/countdown.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loading, ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import type { CardSaving } from './add-card.tsx';
import { LabelField } from './card-by-number.tsx';
import { learnProgressOf, learningWindowMs } from './learn-progress.ts';

const doorsMax = 200;
const pollMs = 1_000;

interface LearnCardProps extends CardSaving {
  readonly communityId: string;
}

/** Picks a door, asks its reader to wait for a card, shows what was read, and saves it. */
export function LearnCard({ communityId, ...saving }: LearnCardProps) {
  const m = useMessages().residents.newCard;
  const id = useId();
  const { items, query } = useReadPages('GET /v1/terminals', { query: { communityId, limit: doorsMax } });
  const doors = items.filter(({ status }) => status === 'active');
  const [chosen, setChosen] = useState<string | null>(null);
  const door = doors.find((each) => each.id === chosen) ?? doors.find(({ online }) => online);
  const learn = useWrite('POST /v1/terminals/:id/commands');
  const start = (): void => {
    if (door) learn.mutate({ params: { id: door.id }, body: { kind: 'learn-card' } });
  };
  if (query.isPending) return <Loading />;
  if (!door) return <p className="notice is-warn">{m.noDoor}</p>;
  if (learn.data)
    return <Learning key={learn.data.id} command={learn.data} onAgain={() => learn.reset()} {...saving} />;
  return (
    <div className="stack">
      <div className="field">
        <label htmlFor={id}>{m.door}</label>
        <Select
          id={id}
          size="large"
          value={door.id}
          onChange={setChosen}
          options={doors.map((each) => ({
            value: each.id,
            label: each.online ? each.entranceName : `${each.entranceName} · ${m.offline}`,
            disabled: !each.online,
          }))}
        />
      </div>
      <ProblemNotice error={learn.error} />
      <Button type="primary" size="large" icon={<Icon name="card" />} loading={learn.isPending} onClick={start}>
        {m.start}
      </Button>
    </div>
  );
}

interface LearningProps extends CardSaving {
  readonly command: CommandRecord;
  readonly onAgain: () => void;
}

function Learning({ command: sent, onAgain, busy, error, onSave }: LearningProps) {
  const m = useMessages().residents.newCard;
  const now = useNow();
  const [label, setLabel] = useState('');
  const [over, setOver] = useState(false);
  const { data: command = sent } = useRead(
    'GET /v1/commands/:id',
    { params: { id: sent.id } },
    { refetchInterval: over ? false : pollMs },
  );
  const progress = learnProgressOf(command, now);
  const isOver = progress.state !== 'sending' && progress.state !== 'waiting';
  if (isOver !== over) setOver(isOver);
  if (progress.state === 'nothing' || progress.state === 'not-sent')
    return <NothingRead hints={progress.state === 'nothing'} onAgain={onAgain} />;
  if (progress.state === 'seen') {
    return (
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ commandId: sent.id, ...(label.trim() && { label: label.trim() }) });
        }}
      >
        <output className="notice is-good">
          <Icon name="check" />
          <span>
            <b className="digits learned">{m.seen(progress.last4)}</b>
            <span className="notice-more">{m.seenHint}</span>
          </span>
        </output>
        <LabelField value={label} onChange={setLabel} />
        <ProblemNotice error={error} />
        <div className="row dialog-actions">
          <Button size="large" onClick={onAgain}>
            {m.again}
          </Button>
          <Button type="primary" size="large" htmlType="submit" loading={busy}>
            {m.save}
          </Button>
        </div>
      </form>
    );
  }
  return <HoldCard until={progress.state === 'waiting' ? progress.until : null} now={now} />;
}

function HoldCard({ until, now }: { readonly until: number | null; readonly now: number }) {
  const m = useMessages().residents.newCard;
  if (until === null) {
    return (
      <output className="state">
        <span className="spinner" />
        <span>{m.sending}</span>
      </output>
    );
  }
  const left = Math.max(0, until - now);
  return (
    <div className="state hold-card">
      <span className="state-picture">
        <Icon name="card" size={40} />
      </span>
      <h2 aria-live="polite">{m.hold}</h2>
      <p>{m.holdHint}</p>
      <progress className="progress" max={learningWindowMs} value={left} aria-label={m.left(countdownText(left))} />
      <span className="digits" aria-hidden="true">
        {m.left(countdownText(left))}
      </span>
    </div>
  );
}

function NothingRead({ hints, onAgain }: { readonly hints: boolean; readonly onAgain: () => void }) {
  const m = useMessages().residents.newCard;
  return (
    <div className="stack">
      <p className="notice is-warn" role="alert">
        <Icon name="alert" />
        <b>{hints ? m.nothing : m.notSent}</b>
      </p>
      {hints && (
        <ul className="fact-list">
          {m.nothingHint.map((hint) => (
            <li key={hint}>
              <Icon name="check" size={18} />
              {hint}
            </li>
          ))}
        </ul>
      )}
      <Button type="primary" size="large" onClick={onAgain}>
        {m.again}
      </Button>
    </div>
  );
}
