import { Tabs } from 'antd';
import { useSearchParams } from 'wouter';
import { useMessages } from '../messages/zh.ts';
import { Communities } from './communities.tsx';
import { Companies } from './companies.tsx';
import { Entrances } from './entrances.tsx';
import { Merchants } from './merchants.tsx';
import './parties.css';

/** Everybody whom Gatecast serves; each kind with its list and a short form. */
export function PartiesPage() {
  const m = useMessages().parties;
  const [search, setSearch] = useSearchParams();
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <Tabs
        size="large"
        destroyOnHidden
        activeKey={search.get('kind') ?? 'companies'}
        onChange={(kind) => setSearch({ kind })}
        items={[
          { key: 'companies', label: m.companies, children: <Companies /> },
          { key: 'communities', label: m.communities, children: <Communities /> },
          { key: 'entrances', label: m.entrances, children: <Entrances /> },
          { key: 'merchants', label: m.merchants, children: <Merchants /> },
        ]}
      />
    </>
  );
}
