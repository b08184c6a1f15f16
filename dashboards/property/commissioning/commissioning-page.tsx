import { Button, Input } from 'antd';
import type { Commissioning, Terminal } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { Empty, Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { OpenDoorButton } from '../terminals/open-door.tsx';
import { useCommissioningWords } from './commissioning-words.ts';
import './commissioning.css';

type Item = Commissioning['items'][number];

/** What happens at the door lights up here within moments. */
const pollMs = 2_000;
const icons: Readonly<Record<Item['item'], IconName>> = {
  reader: 'key',
  relay: 'lock',
  contact: 'door',
  exit: 'exit',
  fire: 'flame',
  screen: 'screen',
  sound: 'volume',
  uplink: 'wifi',
};
const tones: Readonly<Record<Item['state'], string>> = {
  waiting: '',
  seen: 'is-brand',
  confirmed: 'is-good',
  failed: 'is-bad',
  absent: '',
};
const isDone = ({ state }: Item): boolean => state === 'confirmed' || state === 'absent';

/** The proof of a new door: try each part, see that it was seen, sign. */
export function CommissioningPage({ id }: { readonly id: string }) {
  const m = useCommissioningWords();
  const terminal = useRead('GET /v1/terminals/:id', { params: { id } });
  const run = useRead('GET /v1/terminals/:id/commissioning', { params: { id } }, { refetchInterval: pollMs });
  return (
    <>
      <Link href={`/terminals/${id}`} className="back-link">
        <Icon name="back" />
        {m.back}
      </Link>
      <Loaded query={terminal}>
        {(shown) => (
          <>
            <h1>{m.title(shown.entranceName)}</h1>
            <Loaded query={run}>{(commissioning) => <Run terminal={shown} commissioning={commissioning} />}</Loaded>
          </>
        )}
      </Loaded>
    </>
  );
}

interface RunProps {
  readonly terminal: Terminal;
  readonly commissioning: Commissioning;
}

function Run({ terminal, commissioning }: RunProps) {
  const m = useCommissioningWords();
  const format = useFormats();
  const { state, items, signedBy, signedAt, staleSince } = commissioning;
  if (state === 'none') {
    return (
      <Empty icon="check" title={m.none}>
        <p>{m.noneHint}</p>
        <Start id={terminal.id} label={m.start} isFirst />
      </Empty>
    );
  }
  const done = items.filter(isDone).length;
  return (
    <div className="stack commissioning">
      {staleSince !== null && <p className="notice is-warn">{m.stale}</p>}
      {signedAt !== null && (
        <p className="notice is-good">
          <Icon name="check" /> {m.signed(signedBy ?? '', format.dateTime(signedAt, terminal.zone))}
        </p>
      )}
      <div className="row spread">
        <b>{m.progress(done, items.length)}</b>
        <progress className="progress" max={items.length} value={done} aria-label={m.progress(done, items.length)} />
      </div>
      <ol className="commissioning-items">
        {items.map((item) => (
          <ItemCard key={item.item} terminal={terminal} item={item} isFrozen={state === 'signed-off'} />
        ))}
      </ol>
      {state === 'running' && <SignOff id={terminal.id} mayClose={done === items.length} />}
      <div className="row screen-only">
        <Start id={terminal.id} label={m.restart} />
        <Button size="large" onClick={() => print()}>
          {m.print}
        </Button>
      </div>
    </div>
  );
}

interface StartProps {
  readonly id: string;
  readonly label: string;
  readonly isFirst?: boolean;
}

function Start({ id, label, isFirst = false }: StartProps) {
  const start = useWrite('POST /v1/terminals/:id/commissioning', ['GET /v1/terminals/:id/commissioning']);
  return (
    <>
      <Button
        {...(isFirst && { type: 'primary' as const })}
        size="large"
        loading={start.isPending}
        onClick={() => start.mutate({ params: { id } })}
      >
        {label}
      </Button>
      <ProblemNotice error={start.error} />
    </>
  );
}

interface ItemCardProps {
  readonly terminal: Terminal;
  readonly item: Item;
  readonly isFrozen: boolean;
}

function ItemCard({ terminal, item, isFrozen }: ItemCardProps) {
  const m = useCommissioningWords();
  const format = useFormats();
  const { item: name, task, state, at, seenAt, by, note } = item;
  const time = (moment: number): string => format.dateTime(moment, terminal.zone);
  return (
    <li className={`card commissioning-item is-${state}`}>
      <span className="commissioning-mark">
        <Icon name={isDone(item) ? 'check' : icons[name]} size={28} />
      </span>
      <div>
        <h2>{m.item[name]}</h2>
        {state === 'waiting' && <p>{m.task[task]}</p>}
        <p className="soft">
          {[
            ...(seenAt === null ? [] : [m.seenAt(time(seenAt))]),
            ...(by === null || at === null ? [] : [m.saidBy(by, time(at))]),
          ].join(' · ')}
        </p>
        {note && <p>{note}</p>}
      </div>
      <span className={`badge ${tones[state]}`}>{m.state[state]}</span>
      {!isFrozen && <Words terminal={terminal} item={item} />}
    </li>
  );
}

function Words({ terminal, item: { item, state, note } }: Omit<ItemCardProps, 'isFrozen'>) {
  const m = useCommissioningWords();
  const [text, setText] = useState(note ?? '');
  const say = useWrite('PUT /v1/terminals/:id/commissioning/:item', ['GET /v1/terminals/:id/commissioning']);
  const put = (word: 'confirmed' | 'failed' | 'absent'): void =>
    say.mutate({
      params: { id: terminal.id, item },
      body: { state: word, ...(text.trim() && { note: text.trim() }) },
    });
  return (
    <div className="commissioning-words screen-only">
      {item === 'relay' && state === 'waiting' && <OpenDoorButton terminal={terminal} />}
      <Input
        aria-label={`${m.item[item]} · ${m.note}`}
        placeholder={m.note}
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type={state === 'seen' ? 'primary' : 'default'} loading={say.isPending} onClick={() => put('confirmed')}>
        {m.confirm}
      </Button>
      <Button danger onClick={() => put('failed')}>
        {m.fail}
      </Button>
      <Button type="text" onClick={() => put('absent')}>
        {m.absent}
      </Button>
      <ProblemNotice error={say.error} />
    </div>
  );
}

function SignOff({ id, mayClose }: { readonly id: string; readonly mayClose: boolean }) {
  const m = useCommissioningWords();
  const sign = useWrite('POST /v1/terminals/:id/commissioning/sign-off', ['GET /v1/terminals/:id/commissioning']);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    sign.mutate({ params: { id }, body: { name: typeof name === 'string' ? name : '' } });
  };
  return (
    <form className="card stack screen-only" onSubmit={submit}>
      <h2>{m.signTitle}</h2>
      <p className="soft">{mayClose ? m.signHint : m.signWaits}</p>
      <Field label={m.signName} name="name" maxLength={60} autoComplete="name" required />
      <ProblemNotice error={sign.error} />
      <div>
        <Button type="primary" size="large" htmlType="submit" disabled={!mayClose} loading={sign.isPending}>
          {m.sign}
        </Button>
      </div>
    </form>
  );
}
