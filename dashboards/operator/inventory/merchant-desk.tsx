import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useListText } from '../../kit/list-text.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { DeskButtons } from './desk-buttons.tsx';
import { useInventoryPageWords } from './page-words.ts';
import '../review/review.css';
import './inventory-page.css';

const statuses = ['applied', 'approved', 'rejected', 'suspended'] as const;
type Status = (typeof statuses)[number];
/** Signed links to photos last an hour. */
const refetchMs = 10 * 60_000;

const isStatus = (value: string): value is Status => (statuses as readonly string[]).includes(value);

/** Stores that signed up by themselves: the licence big, what there is to check beside it. */
export function MerchantDesk() {
  const m = useInventoryPageWords();
  const [status, setStatus] = useState<Status>('applied');
  const pages = useReadPages('GET /v1/merchant-applications', { query: { status } }, { refetchInterval: refetchMs });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.desk}</h1>
          <p>{m.deskIntro}</p>
        </div>
        <Segmented
          size="large"
          aria-label={m.desk}
          value={status}
          onChange={(value) => isStatus(value) && setStatus(value)}
          options={statuses.map((value) => ({ value, label: m.deskTabs[value] ?? value }))}
        />
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="shop" title={status === 'applied' ? m.deskEmpty : m.deskNone}>
            <p>{m.deskHint}</p>
          </Empty>
        }
      >
        {(merchants) => (
          <div className="stack">
            {merchants.map((merchant) => (
              <Application key={merchant.id} merchant={merchant} />
            ))}
          </div>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Application({ merchant }: { readonly merchant: MerchantProfile }) {
  const m = useInventoryPageWords();
  const { formats } = useWords();
  const { name, appliedAt, missing, reason, note } = merchant;
  return (
    <article className="card stack" aria-label={name}>
      <div className="section-head">
        <h2>{name}</h2>
        {appliedAt !== null && <span className="soft">{m.signedUp(formats.dateTime(appliedAt, homeZone))}</span>}
      </div>
      <div className="desk-application">
        <LicencePhoto merchant={merchant} />
        <Checks merchant={merchant} />
      </div>
      {reason !== null && (
        <p className="notice is-warn">
          {m.whyWords[reason] ?? reason}
          {note && ` · “${note}”`}
        </p>
      )}
      {merchant.status === 'applied' && missing.length > 0 && <p className="notice is-warn">{m.missing}</p>}
      <DeskButtons merchant={merchant} />
    </article>
  );
}

function LicencePhoto({ merchant: { licence, name } }: { readonly merchant: MerchantProfile }) {
  const m = useInventoryPageWords();
  if (licence === null)
    return (
      <div className="desk-photo">
        <span>
          <Icon name="camera" size={32} />
          <br />
          {m.licenceNone}
        </span>
      </div>
    );
  return (
    <a className="desk-photo" href={licence.photoUrl} target="_blank" rel="noreferrer">
      <img src={licence.photoUrl} alt={`${m.licence} ${name}`} loading="lazy" />
      <small>{m.licenceOpen}</small>
    </a>
  );
}

function Checks({ merchant: { licence, payee, stores, owner, contactCheck } }: { readonly merchant: MerchantProfile }) {
  const m = useInventoryPageWords();
  const { formats } = useWords();
  const list = useListText();
  return (
    <dl className="desk-facts">
      {licence && (
        <div>
          <dt>{m.code}</dt>
          <dd>
            <b className="digits">{licence.number}</b>
            <br />
            <span className="badge is-good">{m.codeRight}</span>{' '}
            <span className={`badge ${licence.alsoOf.length === 0 ? '' : 'is-warn'}`}>
              {licence.alsoOf.length === 0 ? m.alsoNone : m.alsoOf(list(licence.alsoOf))}
            </span>
          </dd>
        </div>
      )}
      <div>
        <dt>{m.stores}</dt>
        {stores.map((store) => (
          <dd key={store.id}>
            <b>{store.name}</b>
            <br />
            <span className="soft">
              {store.address} · {store.hours}
            </span>
          </dd>
        ))}
      </div>
      {owner && (
        <div>
          <dt>{m.owner}</dt>
          <dd>
            {owner.name}
            <br />
            <span className="soft">{owner.email}</span>
          </dd>
          {contactCheck && (
            <dd>
              <span className="badge is-good">
                {m.contactChecked(
                  m.contacts[contactCheck.how],
                  formats.dateTime(contactCheck.at, homeZone),
                  contactCheck.by ?? '',
                )}
              </span>
            </dd>
          )}
        </div>
      )}
      <div>
        <dt>{m.payee}</dt>
        <dd>{payee === null ? m.payeeNone : `${payee.holder} · ${payee.bank} · ${payee.account}`}</dd>
      </div>
    </dl>
  );
}
