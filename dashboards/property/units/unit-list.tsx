import { Button } from 'antd';
import type { Unit } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { ChangeFloor } from './change-floor.tsx';
import { floorByNumber } from './flat-numbers.ts';

const pageSize = 100;

interface UnitListProps {
  readonly communityId: string;
  readonly building: string;
  readonly search: string;
  readonly onSearch: (text: string) => void;
}

/** The flats of one building, with who lives in each and which floor the lift releases. */
export function UnitList({ communityId, building, search, onSearch }: UnitListProps) {
  const m = useMessages().units;
  const [changing, setChanging] = useState<Unit | null>(null);
  const pages = useReadPages('GET /v1/communities/:id/units', {
    params: { id: communityId },
    query: { building, limit: pageSize, ...(search && { search }) },
  });
  return (
    <section className="card">
      <div className="row spread unit-head">
        <h2>{building}</h2>
        <div className="unit-search">
          <SearchBox value={search} label={m.searchUnit} onSettled={onSearch} />
        </div>
      </div>
      <LoadedPages pages={pages} empty={<Empty icon="place" title={m.unitsEmpty} />}>
        {(units) => (
          <ul className="unit-rows">
            {units.map((unit) => (
              <UnitRow key={unit.id} unit={unit} onChangeFloor={() => setChanging(unit)} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <ChangeFloor unit={changing} onClose={() => setChanging(null)} />
    </section>
  );
}

function UnitRow({ unit, onChangeFloor }: { readonly unit: Unit; readonly onChangeFloor: () => void }) {
  const m = useMessages().units;
  const floor = unit.floor ?? floorByNumber(unit.number);
  const text = floor === null ? m.floorNone : m.floorOf(floor);
  const search = new URLSearchParams({ building: unit.building, search: unit.number });
  return (
    <li>
      <b className="digits">{unit.number}</b>
      {unit.residents === 0 ? (
        <span className="soft">{m.residents(0)}</span>
      ) : (
        <Link href={`/residents?${search.toString()}`}>{m.residents(unit.residents)}</Link>
      )}
      <Button
        size="small"
        type="text"
        className={unit.floor === null ? 'soft' : ''}
        onClick={onChangeFloor}
        aria-label={`${m.changeFloor(unit.number)}: ${text}`}
      >
        {text}
      </Button>
    </li>
  );
}
