import type { OwnersAccount } from '@gatecast/cloud-api/client';
import { homeZone } from '../format.ts';
import { useFormats } from '../i18n/language-context.tsx';
import { pageWords } from '../i18n/page-words.ts';
import { Quarters } from '../income/quarters.tsx';
import { Empty } from '../ui/states.tsx';

export const useAdIncomeWords = pageWords({
  zh: {
    title: '广告收益',
    intro: '本小区屏幕的广告收入、管理成本和业主共有收益。每季度结束后自动公布给住户。',
    owedOwners: '现在应付给业主',
    owedManagement: '现在应付的管理成本',
    payouts: '付款记录',
    noPayouts: '还没有付过款',
    noPayoutsHint: '平台把钱付到业主共有账户后，会在这里登记回单。',
    party: { owners: '付给业主', management: '管理成本' },
    document: '回单',
  },
  en: {
    title: 'Advert income',
    intro:
      'What the screens of this community bring, the cost of managing it and the owners’ share. Residents read it after each quarter.',
    owedOwners: 'Owed to the owners now',
    owedManagement: 'Owed for managing now',
    payouts: 'Paid out',
    noPayouts: 'Nothing was paid out yet',
    noPayoutsHint: 'Payments to the owners’ account are recorded here with their receipts.',
    party: { owners: 'To the owners', management: 'For managing' },
    document: 'Receipt',
  },
});

/** The account of a community's owners: what is owed, what each quarter brought, what was paid. */
export function AdIncome({ account }: { readonly account: OwnersAccount }) {
  const m = useAdIncomeWords();
  const formats = useFormats();
  return (
    <div className="stack">
      <section className="card quarter">
        <dl>
          <div className="is-main">
            <dt>{m.owedOwners}</dt>
            <dd className="digits">{formats.money(account.owedOwnersFen)}</dd>
          </div>
          <div>
            <dt>{m.owedManagement}</dt>
            <dd className="digits">{formats.money(account.owedManagementFen)}</dd>
          </div>
        </dl>
      </section>
      <Quarters quarters={account.quarters} />
      <section className="stack">
        <h2>{m.payouts}</h2>
        {account.payouts.length === 0 ? (
          <Empty icon="money" title={m.noPayouts}>
            <p>{m.noPayoutsHint}</p>
          </Empty>
        ) : (
          <ul className="stack quarter">
            {account.payouts.map(({ id, party, amountFen, paidOn, createdAt, fileUrl }) => (
              <li key={id} className="card row spread">
                <span>
                  {m.party[party]} · <span className="digits">{paidOn}</span>
                  <span className="soft"> ({formats.date(createdAt, homeZone)})</span>
                </span>
                <strong className="digits">{formats.money(amountFen)}</strong>
                <a href={fileUrl} target="_blank" rel="noreferrer">
                  {m.document}
                </a>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
