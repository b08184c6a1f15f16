import { Button, Input } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useDeferredValue, useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { AddResident } from './add-resident.tsx';
import { SetPin } from './set-pin.tsx';
import './residents.css';

export function ResidentsPage() {
  const { community } = useCommunity();
  return community && <Residents key={community.id} communityId={community.id} />;
}

function Residents({ communityId }: { readonly communityId: string }) {
  const m = useMessages().residents;
  const [search, setSearch] = useState('');
  const asked = useDeferredValue(search.trim());
  const [adding, setAdding] = useState(false);
  const [pinFor, setPinFor] = useState<Resident | null>(null);
  const pages = useReadPages('GET /v1/communities/:id/residents', {
    params: { id: communityId },
    query: asked ? { search: asked } : {},
  });
  const addButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
      {m.add}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
        <div className="row">
          <Input
            type="search"
            size="large"
            allowClear
            aria-label={m.search}
            placeholder={m.search}
            value={search}
            style={{ width: 240 }}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          {addButton}
        </div>
      </div>
      <LoadedPages
        pages={pages}
        empty={
          asked ? (
            <Empty icon="people" title={m.emptySearch} />
          ) : (
            <Empty icon="people" title={m.empty}>
              <p>{m.emptyHint}</p>
              {addButton}
            </Empty>
          )
        }
      >
        {(residents) => (
          <ul className="resident-rows card">
            {residents.map((resident) => (
              <ResidentRow key={resident.id} resident={resident} onSetPin={() => setPinFor(resident)} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <AddResident communityId={communityId} open={adding} onClose={() => setAdding(false)} />
      <SetPin resident={pinFor} onClose={() => setPinFor(null)} />
    </>
  );
}

function ResidentRow({ resident, onSetPin }: { readonly resident: Resident; readonly onSetPin: () => void }) {
  const m = useMessages();
  return (
    <li className="resident-row">
      <span className="resident-mark" aria-hidden="true">
        {resident.name.slice(0, 1)}
      </span>
      <b>{resident.name}</b>
      <span className="digits">
        {resident.building} · {m.log.unit(resident.unit)}
      </span>
      <span className="digits soft">{resident.phoneMasked}</span>
      <span className={`badge ${resident.hasPin ? 'is-good' : 'is-warn'}`}>
        <Icon name={resident.hasPin ? 'check' : 'alert'} size={16} />
        {resident.hasPin ? m.residents.hasPin : m.residents.noPin}
      </span>
      <Button
        onClick={onSetPin}
        aria-label={`${resident.hasPin ? m.residents.changePin : m.residents.setPin} ${resident.name}`}
      >
        {resident.hasPin ? m.residents.changePin : m.residents.setPin}
      </Button>
    </li>
  );
}
