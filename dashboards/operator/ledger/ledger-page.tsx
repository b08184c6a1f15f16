import type { LedgerEntry } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { accountName } from './account-name.ts';
import { balancesOf } from './balances.ts';
import './ledger.css';

const pageSize = 100;
const storesMax = 200;

/** Names accounts by their stores. */
function useAccountName(): (account: string) => string {
  const m = useMessages().ledger;
  const { items: stores } = useReadPages('GET /v1/stores', { query: { limit: storesMax } });
  return (account) => accountName(account, m, (id) => stores.find((store) => store.id === id)?.name);
}

/** The entries of the double-entry ledger and, once all are read, what each account holds. */
export function LedgerPage() {
  const m = useMessages().ledger;
  const pages = useReadPages('GET /v1/ledger', { query: { limit: pageSize } });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="money" title={m.empty}>
            <p>{m.emptyHint}</p>
          </Empty>
        }
      >
        {(entries) => (
          <div className="stack">
            <Balances entries={entries} complete={!pages.query.hasNextPage} />
            <Entries entries={entries} />
          </div>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Balances({ entries, complete }: { readonly entries: readonly LedgerEntry[]; readonly complete: boolean }) {
  const m = useMessages().ledger;
  const format = useFormats();
  const nameOf = useAccountName();
  return (
    <section className="card">
      <h2>{complete ? m.balances : m.balancesSoFar(entries.length)}</h2>
      <dl className="balances">
        {balancesOf(entries).map(({ account, balanceFen }) => (
          <div key={account}>
            <dt>{nameOf(account)}</dt>
            <dd className="digits">{format.money(balanceFen)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Entries({ entries }: { readonly entries: readonly LedgerEntry[] }) {
  const m = useMessages().ledger;
  const format = useFormats();
  const nameOf = useAccountName();
  return (
    // What scrolls sideways on a phone has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="card ledger-table" aria-label={m.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{m.at}</th>
            <th scope="col">{m.kind}</th>
            <th scope="col">{m.account}</th>
            <th scope="col">{m.businessNo}</th>
            <th scope="col" className="is-amount">
              {m.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="digits">{format.dateTime(entry.at, homeZone)}</td>
              <td>{m.kinds[entry.kind] ?? entry.kind}</td>
              <td>{nameOf(entry.account)}</td>
              <td className="digits">{entry.businessNo}</td>
              <td className={`digits is-amount ${entry.amountFen < 0 ? 'is-out' : ''}`}>
                {format.money(entry.amountFen)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
