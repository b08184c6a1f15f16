import { Button, Select } from 'antd';
import type { AccessEvent } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { useSearchParams } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { AccessEventRow } from './access-event-row.tsx';
import { byDay } from './by-day.ts';
import './access-log.css';

const pageSize = 50;
const refreshMs = 5_000;

/** Who opened which door, how and when; what just happened is on top. The filters live in the address, so that a view can be sent on. */
export function AccessLogPage() {
  const m = useMessages().log;
  const { community } = useCommunity();
  const [search, setSearch] = useSearchParams();
  const door = search.get('door');
  const kind = search.get('kind');
  const resident = search.get('resident');
  const pages = useReadPages('GET /v1/access-events', {
    query: {
      limit: pageSize,
      ...(community && { communityId: community.id }),
      ...(door && { terminalId: door }),
      ...(kind && { kind: kind as AccessEvent['kind'] }),
      ...(resident && { residentId: resident }),
    },
  });
  const filter = (name: 'door' | 'kind', value: string): void =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });

  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
        <Filters door={door} kind={kind} onChange={filter} />
      </div>
      <LoadedPages
        pages={pages}
        empty={
          door || kind || resident ? (
            <Empty icon="list" title={m.emptyFilter}>
              <Button size="large" onClick={() => setSearch({})}>
                {m.clearFilter}
              </Button>
            </Empty>
          ) : (
            <Empty icon="list" title={m.empty}>
              <p>{m.emptyHint}</p>
            </Empty>
          )
        }
      >
        {(events) => <Days events={events} zone={community?.zone ?? homeZone} />}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Days({ events, zone }: { readonly events: readonly AccessEvent[]; readonly zone: string }) {
  const m = useMessages().log;
  const format = useFormats();
  const now = useNow(refreshMs);
  const today = format.date(now, zone);
  return byDay(events, (at) => format.date(at, zone)).map(([day, rows]) => (
    <section key={day} className="card access-day">
      <h2>{day === today ? `${m.today} · ${day}` : day}</h2>
      <ol className="access-rows">
        {rows.map((event) => (
          <AccessEventRow key={event.id} event={event} now={now} zone={zone} showDoor />
        ))}
      </ol>
    </section>
  ));
}

interface FiltersProps {
  readonly door: string | null;
  readonly kind: string | null;
  readonly onChange: (name: 'door' | 'kind', value: string) => void;
}

function Filters({ door, kind, onChange }: FiltersProps) {
  const m = useMessages().log;
  const id = useId();
  const { community } = useCommunity();
  const { items: terminals } = useReadPages('GET /v1/terminals', {
    query: community ? { communityId: community.id } : {},
  });
  return (
    <div className="row access-filters">
      <label htmlFor={`${id}-door`}>{m.filterDoor}</label>
      <Select
        id={`${id}-door`}
        value={door ?? ''}
        onChange={(value) => onChange('door', value)}
        options={[
          { value: '', label: m.allDoors },
          ...terminals.map((each) => ({ value: each.id, label: each.entranceName })),
        ]}
        style={{ minWidth: 140 }}
      />
      <label htmlFor={`${id}-kind`}>{m.filterKind}</label>
      <Select
        id={`${id}-kind`}
        value={kind ?? ''}
        onChange={(value) => onChange('kind', value)}
        options={Object.entries(m.kinds).map(([value, label]) => ({ value: value === 'all' ? '' : value, label }))}
        style={{ minWidth: 140 }}
      />
    </div>
  );
}
