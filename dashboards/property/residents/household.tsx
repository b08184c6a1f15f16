import { Button } from 'antd';
import type { ResidentRecord } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { AddResident } from './add-resident.tsx';

/** Who else lives in the flat, or did. */
export function Household({ resident }: { readonly resident: ResidentRecord }) {
  const m = useMessages().residents;
  const [adding, setAdding] = useState(false);
  const others = resident.household.filter(({ id }) => id !== resident.id);
  return (
    <section className="card">
      <h2>{m.household}</h2>
      {others.length === 0 ? (
        <p className="soft">{m.householdNone}</p>
      ) : (
        <ul className="plain-rows">
          {others.map(({ id, name, relation, state }) => (
            <li key={id}>
              <Link href={`/residents/${id}`}>{name}</Link>
              <span className="badge">{m.relation[relation]}</span>
              {state === 'moved-out' && <span className="badge">{m.states[state]}</span>}
            </li>
          ))}
        </ul>
      )}
      {resident.state === 'active' && (
        <Button className="card-action" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
          {m.addToHousehold}
        </Button>
      )}
      <AddResident
        communityId={resident.communityId}
        home={{ building: resident.building, unit: resident.unit }}
        open={adding}
        onClose={() => setAdding(false)}
      />
    </section>
  );
}
