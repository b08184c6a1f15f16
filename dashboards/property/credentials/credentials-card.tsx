import { App, Button } from 'antd';
import type { Credential, Resident } from '@gatecast/cloud-api/client';
import { useState, type ReactNode } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Failed, Loading } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { AddCard } from './add-card.tsx';
import { Delivery } from '../passes/delivery.tsx';
import { CredentialRow, RevokeCredential } from './credential-row.tsx';
import { SetPin, type PinKind } from './set-pin.tsx';
import './credentials.css';

/** A safety net under the live events, which tell when a door has taken something over. */
const refetchMs = 10_000;

/** All the ways in which one resident opens doors. */
export function CredentialsCard({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents.ways;
  const { items, query } = useReadPages(
    'GET /v1/residents/:id/credentials',
    { params: { id: resident.id } },
    { refetchInterval: refetchMs },
  );
  const active = items.filter(({ state }) => state === 'active');
  const past = items.filter(({ state }) => state !== 'active');
  const lives = resident.state === 'active';
  return (
    <section className="card stack">
      <h2>{m.title}</h2>
      {!lives && <p className="notice">{m.movedOut}</p>}
      {query.isPending ? (
        <Loading />
      ) : query.error && items.length === 0 ? (
        <Failed error={query.error} retry={query.refetch} />
      ) : (
        <>
          {lives && <Pins resident={resident} pin={active.find(({ kind }) => kind === 'pin')} />}
          {(lives || active.length > 0) && <Held resident={resident} credentials={active} />}
          {past.length > 0 && (
            <details>
              <summary>{m.past(past.length)}</summary>
              <ul className="way-rows">
                {past.map((credential) => (
                  <CredentialRow key={credential.id} credential={credential} />
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}

interface PinsProps {
  readonly resident: Resident;
  /** The PIN in force. */
  readonly pin: Credential | undefined;
}

function Pins({ resident, pin }: PinsProps) {
  const m = useMessages().residents.ways;
  const [setting, setSetting] = useState<PinKind | null>(null);
  return (
    <ul className="way-rows">
      <Way
        icon="key"
        title={m.pin}
        text={resident.hasPin ? m.howTo(resident.unit) : m.pinNone}
        isMissing={!resident.hasPin}
      >
        {pin && <Delivery delivered={pin.delivered} />}
        <Button onClick={() => setSetting('pin')}>{resident.hasPin ? m.changePin : m.setPin}</Button>
        {pin && <RevokeCredential credential={pin} />}
      </Way>
      {!resident.isChild && resident.hasPin && (
        <Way icon="shield" title={m.duress} text={resident.hasDuressPin ? m.duressHint : m.duressNone}>
          <Button onClick={() => setSetting('duress-pin')}>
            {resident.hasDuressPin ? m.changeDuress : m.setDuress}
          </Button>
          {resident.hasDuressPin && <RemoveDuress resident={resident} />}
        </Way>
      )}
      <SetPin resident={resident} kind={setting} onClose={() => setSetting(null)} />
    </ul>
  );
}

interface WayProps {
  readonly icon: 'key' | 'shield';
  readonly title: string;
  readonly text: string;
  readonly isMissing?: boolean;
  readonly children: ReactNode;
}

function Way({ icon, title, text, isMissing = false, children }: WayProps) {
  return (
    <li className="way-row">
      <span className={`way-mark ${isMissing ? 'is-warn' : ''}`}>
        <Icon name={isMissing ? 'alert' : icon} />
      </span>
      <span className="way-what">
        <b>{title}</b>
        <span className="soft">{text}</span>
      </span>
      <span className="way-actions">{children}</span>
    </li>
  );
}

function RemoveDuress({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents.ways;
  const { kit } = useWords();
  const { modal, message } = App.useApp();
  const remove = useWrite('DELETE /v1/residents/:id/duress-pin', [
    'GET /v1/residents/:id',
    'GET /v1/residents/:id/credentials',
  ]);
  const ask = (): void =>
    void modal.confirm({
      title: m.removeDuressTitle,
      content: m.removeDuressText,
      okText: m.revoke,
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync({ params: { id: resident.id } }).then(
          () => void message.success(m.removedDuress),
          (error: unknown) => void message.error(problemSentence(error, kit)),
        ),
    });
  return (
    <Button danger onClick={ask} aria-label={m.removeDuress}>
      {m.revoke}
    </Button>
  );
}

function Held({ resident, credentials }: { readonly resident: Resident; readonly credentials: readonly Credential[] }) {
  const m = useMessages().residents.ways;
  const [adding, setAdding] = useState(false);
  const lives = resident.state === 'active';
  const cards = credentials.filter(({ kind }) => kind === 'card');
  const phones = credentials.filter(({ kind }) => kind === 'phone');
  return (
    <>
      <h3>{m.cards}</h3>
      <Rows credentials={cards} none={m.cardsNone} />
      {lives && (
        <Button className="start" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
          {m.addCard}
        </Button>
      )}
      <h3>{m.phones}</h3>
      <Rows credentials={phones} none={m.phonesNone} />
      <AddCard
        owner={{ kind: 'resident', id: resident.id, name: resident.name }}
        communityId={resident.communityId}
        open={adding}
        onClose={() => setAdding(false)}
      />
    </>
  );
}

function Rows({ credentials, none }: { readonly credentials: readonly Credential[]; readonly none: string }) {
  if (credentials.length === 0) return <p className="soft">{none}</p>;
  return (
    <ul className="way-rows">
      {credentials.map((credential) => (
        <CredentialRow key={credential.id} credential={credential} />
      ))}
    </ul>
  );
}
