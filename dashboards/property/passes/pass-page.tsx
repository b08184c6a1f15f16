import { Button } from 'antd';
import { ApiError, type Pass } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { AddCard } from '../credentials/add-card.tsx';
import { CredentialRow } from '../credentials/credential-row.tsx';
import { Fact } from '../fact.tsx';
import { useMessages } from '../messages/zh.ts';
import { Delivery } from './delivery.tsx';
import { isUsable, passTone, passWindowText } from './pass-text.ts';
import { passKinds } from './pass-kinds.ts';
import { RevokePass } from './revoke-pass.tsx';
import { ScheduleName } from './schedule-name.tsx';
import './passes.css';
import { useListText } from '../../kit/list-text.ts';

/** Live events come first. */
const refetchMs = 5_000;
const refreshMs = 30_000;
const entrancesShownMax = 200;

/** One pass: what it opens and when, how it was used, and the doors' receipts once it is revoked. */
export function PassPage({ id }: { readonly id: string }) {
  const m = useMessages().passes;
  const query = useRead('GET /v1/passes/:id', { params: { id } }, { refetchInterval: refetchMs });
  const isGone = query.error instanceof ApiError && query.error.problem.code === 'not-found';
  return (
    <>
      <Link href="/passes" className="back-link">
        <Icon name="back" />
        {m.back}
      </Link>
      {isGone ? (
        <Empty icon="ticket" title={m.notFound}>
          <p>{m.notFoundHint}</p>
        </Empty>
      ) : (
        <Loaded query={query}>{(pass) => <Known pass={pass} />}</Loaded>
      )}
    </>
  );
}

function Known({ pass }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  return (
    <>
      <div className="page-head">
        <div className="pass-head">
          <span className={`pass-mark ${isUsable(pass) ? '' : 'is-over'}`}>
            <Icon name={passKinds[pass.person].icon} size={26} />
          </span>
          <div>
            <h1>{pass.label}</h1>
            <p>
              {m.person[pass.person]} <span className={`badge ${passTone[pass.state]}`}>{m.state[pass.state]}</span>
            </p>
          </div>
        </div>
        {isUsable(pass) && <RevokePass pass={pass} large />}
      </div>
      <div className="stack">
        {pass.state === 'revoked' ? <RevokedProof pass={pass} /> : <Delivered pass={pass} />}
        <Facts pass={pass} />
        {(pass.person === 'staff' || pass.person === 'maintenance' || pass.has.cards > 0) && <Cards pass={pass} />}
      </div>
    </>
  );
}

function RevokedProof({ pass: { delivered } }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  const { terminals, of } = delivered;
  const complete = terminals >= of;
  return (
    <section className="card">
      <h2>{m.revokedProof}</h2>
      <output className={`notice ${complete ? 'is-good' : 'is-warn'}`}>
        <Icon name={complete ? 'shield' : 'clock'} size={28} />
        <b>{complete ? m.revokedAll : m.revokedSome(terminals, of)}</b>
      </output>
    </section>
  );
}

function Delivered({ pass }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  if (!isUsable(pass)) return null;
  return (
    <section className="card">
      <h2>{m.delivery}</h2>
      <div className="row">
        {pass.codeWorksOffline && <Delivery delivered={pass.delivered} worksOffline />}
        <Delivery delivered={pass.delivered} />
        <span className="soft">{m.deliveryHint}</span>
      </div>
    </section>
  );
}

function Facts({ pass }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  const format = useFormats();
  const now = useNow(refreshMs);
  const zone = useCommunity().community?.zone ?? homeZone;
  const { has, host, uses, usedCount, lastUsedAt } = pass;
  const ways = [has.code ? m.hasCode : '', has.qr ? m.hasQr : '', has.cards > 0 ? m.hasCards(has.cards) : ''];
  return (
    <section className="card">
      <h2>{m.about}</h2>
      <dl className="facts">
        <Fact name={m.aboutWindow}>
          {passWindowText(pass, m, format, now, zone)}
          {pass.firstUseWithinHours !== null && ` · ${m.firstUseWithin(m.hours(pass.firstUseWithinHours))}`}
          {pass.lastsHours !== null && ` · ${m.lastsFor(m.hours(pass.lastsHours))}`}
        </Fact>
        <Fact name={m.aboutUses}>
          {usedCount === 0 && uses === null ? m.neverUsed : m.used(usedCount, uses)}
          {lastUsedAt !== null && ` · ${m.lastUsed(format.timeOrDate(lastUsedAt, now, zone))}`}
        </Fact>
        <Fact name={m.aboutDoors}>
          <DoorNames pass={pass} />
        </Fact>
        {pass.scheduleId !== null && (
          <Fact name={m.aboutSchedule}>
            <ScheduleName communityId={pass.communityId} id={pass.scheduleId} />
          </Fact>
        )}
        {pass.openMs !== null && <Fact name={m.aboutOpen}>{m.openFor(pass.openMs / 1_000)}</Fact>}
        <Fact name={m.aboutHas}>{ways.filter(Boolean).join(' · ')}</Fact>
        {host && (
          <Fact name={m.aboutHost}>
            <Link href={`/residents/${host.residentId}`}>{m.host(host.name, host.unit)}</Link>
          </Fact>
        )}
      </dl>
      <p className="soft card-action">{m.createdAt(format.dateTime(pass.createdAt, zone))}</p>
    </section>
  );
}

function DoorNames({ pass: { communityId, entranceIds } }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  const list = useListText();
  const { data } = useRead('GET /v1/communities/:id/entrances', {
    params: { id: communityId },
    query: { limit: entrancesShownMax },
  });
  if (entranceIds === null) return m.allDoors;
  const names = data?.items.filter(({ id }) => entranceIds.includes(id)).map(({ name }) => name);
  return names ? list(names) : m.someDoors;
}

function Cards({ pass }: { readonly pass: Pass }) {
  const m = useMessages().passes;
  const [adding, setAdding] = useState(false);
  const { items } = useReadPages('GET /v1/passes/:id/cards', { params: { id: pass.id } });
  return (
    <section className="card stack">
      <h2>{m.cards}</h2>
      {items.length === 0 && <p className="soft">{m.cardsNone}</p>}
      <ul className="way-rows">
        {items.map((card) => (
          <CredentialRow key={card.id} credential={card} />
        ))}
      </ul>
      {isUsable(pass) && (
        <Button className="start" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
          {m.addCard}
        </Button>
      )}
      <AddCard
        owner={{ kind: 'pass', id: pass.id, name: pass.label }}
        communityId={pass.communityId}
        open={adding}
        onClose={() => setAdding(false)}
      />
    </section>
  );
}
