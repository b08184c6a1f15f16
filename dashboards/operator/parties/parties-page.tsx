import type { JSX } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useMessages } from '../messages/zh.ts';
import { Communities } from './communities.tsx';
import { Companies } from './companies.tsx';
import { Entrances } from './entrances.tsx';
import { Merchants } from './merchants.tsx';
import { Suppliers } from './suppliers.tsx';
import './parties.css';

const kinds = ['companies', 'communities', 'entrances', 'merchants', 'suppliers'] as const;
type Kind = (typeof kinds)[number];
const lists: Record<Kind, () => JSX.Element> = {
  companies: Companies,
  communities: Communities,
  entrances: Entrances,
  merchants: Merchants,
  suppliers: Suppliers,
};

/** Everybody whom Gatecast serves; each kind with its list and a short form. */
export function PartiesPage() {
  const m = useMessages().parties;
  const [search] = useSearchParams();
  const kind = kinds.find((each) => each === search.get('kind')) ?? 'companies';
  const List = lists[kind];
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <nav className="party-kinds" aria-label={m.title}>
        {kinds.map((each) => (
          <Link key={each} href={`/parties?kind=${each}`} aria-current={each === kind ? 'page' : undefined}>
            {m[each]}
          </Link>
        ))}
      </nav>
      <List key={kind} />
    </>
  );
}
