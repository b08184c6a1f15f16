import { Button } from 'antd';
import { ApiError, type ResidentRecord } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { CredentialsCard } from '../credentials/credentials-card.tsx';
import { useMessages } from '../messages/zh.ts';
import { EditResident } from './edit-resident.tsx';
import { HostedPasses } from './hosted-passes.tsx';
import { Household } from './household.tsx';
import { MoveOut } from './move-out.tsx';
import { PersonalData } from './personal-data.tsx';
import { ResidentFacts } from './resident-facts.tsx';
import { ResidentRecords } from './resident-records.tsx';
import './residents.css';

/** All that the property does for one resident. */
export function ResidentPage({ id }: { readonly id: string }) {
  const m = useMessages().residents;
  const query = useRead('GET /v1/residents/:id', { params: { id } });
  const isGone = query.error instanceof ApiError && query.error.problem.code === 'not-found';
  return (
    <>
      <Link href="/residents" className="back-link">
        <Icon name="back" />
        {m.back}
      </Link>
      {isGone ? (
        <Empty icon="person" title={m.notFound}>
          <p>{m.notFoundHint}</p>
        </Empty>
      ) : (
        <Loaded query={query}>{(resident) => <Known resident={resident} />}</Loaded>
      )}
    </>
  );
}

function Known({ resident }: { readonly resident: ResidentRecord }) {
  return (
    <>
      <Head resident={resident} />
      <div className="resident-columns">
        <div className="stack">
          <ResidentFacts resident={resident} />
          <Household resident={resident} />
        </div>
        <div className="stack">
          <CredentialsCard resident={resident} />
          <HostedPasses resident={resident} />
        </div>
      </div>
      <div className="stack resident-below">
        <ResidentRecords resident={resident} />
        <PersonalData resident={resident} />
      </div>
    </>
  );
}

function Head({ resident }: { readonly resident: ResidentRecord }) {
  const m = useMessages();
  const [, go] = useLocation();
  const [editing, setEditing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const left = resident.state === 'moved-out';
  return (
    <div className="page-head">
      <div className="resident-head">
        <span className="resident-mark is-large" aria-hidden="true">
          {resident.name.slice(0, 1)}
        </span>
        <div>
          <h1>{resident.name}</h1>
          <p>
            {resident.building} · {m.log.unit(resident.unit)}{' '}
            <span className={`badge ${left ? '' : 'is-good'}`}>{m.residents.states[resident.state]}</span>
          </p>
        </div>
      </div>
      <div className="row">
        {left ? (
          <Button size="large" icon={<Icon name="shield" />} onClick={() => go(`/residents/${resident.id}/proof`)}>
            {m.residents.moveOut.see}
          </Button>
        ) : (
          <>
            <Button size="large" onClick={() => setEditing(true)}>
              {m.residents.edit}
            </Button>
            <Button size="large" danger icon={<Icon name="exit" />} onClick={() => setLeaving(true)}>
              {m.residents.moveOut.button}
            </Button>
          </>
        )}
      </div>
      <EditResident resident={resident} open={editing} onClose={() => setEditing(false)} />
      <MoveOut resident={resident} open={leaving} onClose={() => setLeaving(false)} />
    </div>
  );
}
