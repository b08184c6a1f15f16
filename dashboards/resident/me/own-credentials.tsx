import type { Credential } from '@gatecast/cloud-api/client';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { canHoldKeys } from '../qr/phone-key.ts';
import { forgetPhoneKey, readPhoneKey } from '../qr/phone-key-store.ts';
import { useWaysInWords } from './ways-in-words.ts';

/** More than one person has. */
const credentialsMax = 100;

/** Cards and phones that open now, each to be disabled at once when it is lost. */
export function OwnCredentials() {
  const words = useWaysInWords();
  const query = useRead('GET /v1/me/credentials', { query: { limit: credentialsMax } });
  const here = useKeyHere();
  return (
    <LoadedOver query={query} heights={[110, 110]}>
      {({ items }) => {
        const active = (kind: Credential['kind']) =>
          items.filter((each) => each.kind === kind && each.state === 'active');
        return (
          <>
            <Group title={words.cards} none={words.noCards} credentials={active('card')} here={here} />
            <Group title={words.phones} none={words.noPhones} credentials={active('phone')} here={here}>
              {here === null && (
                <Link href="/door/qr" className="button">
                  <Icon name="qr" /> {words.toQr}
                </Link>
              )}
            </Group>
          </>
        );
      }}
    </LoadedOver>
  );
}

/** The credential whose key this browser holds. */
function useKeyHere(): string | null {
  const [here, setHere] = useState<string | null>(null);
  useEffect(() => {
    if (!canHoldKeys()) return;
    // A browser that keeps no keys shows none.
    readPhoneKey().then(
      (key) => setHere(key?.credential ?? null),
      () => undefined,
    );
  }, []);
  return here;
}

interface GroupProps {
  readonly title: string;
  readonly none: string;
  readonly credentials: readonly Credential[];
  readonly here: string | null;
  readonly children?: ReactNode;
}

function Group({ title, none, credentials, here, children }: GroupProps) {
  return (
    <section className="card account-card">
      <h2>{title}</h2>
      {credentials.length === 0 && <p className="account-soft">{none}</p>}
      <ul className="account-list">
        {credentials.map((credential) => (
          <li key={credential.id}>
            <OwnCredential credential={credential} isHere={credential.id === here} />
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

function OwnCredential({ credential, isHere }: { readonly credential: Credential; readonly isHere: boolean }) {
  const words = useWaysInWords();
  const formats = useFormats();
  const [asks, setAsks] = useState(false);
  const write = useWrite('DELETE /v1/me/credentials/:id', ['GET /v1/me/credentials']);
  const { label, card, createdAt, delivered } = credential;
  const name = [label, card && words.card(card.last4)].filter(Boolean).join(' · ');
  const disable = (): void =>
    write.mutate({ params: { id: credential.id } }, { onSuccess: () => void (isHere && forgetPhoneKey()) });
  return (
    <>
      <span>
        <b>{name}</b>
        {isHere && <span className="badge is-brand">{words.thisPhone}</span>}
        <span className="account-soft">
          {delivered.terminals < delivered.of ? words.onItsWay : words.since(formats.date(createdAt, homeZone))}
        </span>
      </span>
      {!asks && (
        <button type="button" className="button" onClick={() => setAsks(true)}>
          {words.remove}
        </button>
      )}
      {asks && (
        <div className="account-asks" role="alert">
          <p>{words.removeSure(name)}</p>
          <ProblemNotice error={write.error} />
          <div className="row">
            <button type="button" className="button" onClick={() => setAsks(false)}>
              {words.keep}
            </button>
            <button type="button" className="button is-danger" disabled={write.isPending} onClick={disable}>
              {words.remove}
            </button>
          </div>
        </div>
      )}
    </>
  );
}
