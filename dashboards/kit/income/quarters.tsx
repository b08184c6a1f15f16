import type { QuarterIncome } from '@gatecast/cloud-api/client';
import { useFormats } from '../i18n/language-context.tsx';
import { pageWords } from '../i18n/page-words.ts';
import './quarters.css';

const useIncomeWords = pageWords({
  zh: {
    quarter: (year: string, no: string) => `${year} 年第 ${no} 季度`,
    running: '本季度（还在累计）',
    incomeFen: '屏幕广告收入',
    managementFen: '管理成本',
    ownersFen: '业主共有收益',
    platform: '平台运营（设备、网络、审核）',
    paidOwnersFen: '已付给业主',
    owedOwnersFen: '还没付给业主',
  },
  en: {
    quarter: (year: string, no: string) => `Quarter ${no} of ${year}`,
    running: 'This quarter (so far)',
    incomeFen: 'Income from adverts',
    managementFen: 'Cost of managing',
    ownersFen: 'The owners’ share',
    platform: 'The platform’s part (devices, network, review)',
    paidOwnersFen: 'Paid to the owners',
    owedOwnersFen: 'Still owed to the owners',
  },
});

const rows = ['incomeFen', 'managementFen', 'platform', 'ownersFen', 'paidOwnersFen', 'owedOwnersFen'] as const;

/** What is left of the income is the platform's; nobody has to work it out. */
const fenOf = (one: QuarterIncome, row: (typeof rows)[number]): number =>
  row === 'platform' ? one.incomeFen - one.managementFen - one.ownersFen : one[row];

/** What the screens of a community brought, quarter by quarter, the newest first. */
export function Quarters({ quarters }: { readonly quarters: readonly QuarterIncome[] }) {
  const words = useIncomeWords();
  const formats = useFormats();
  return (
    <div className="stack">
      {quarters.map((one) => {
        const [year = '', no = ''] = one.quarter.split('-Q');
        return (
          <section key={one.quarter} className="card quarter">
            <h2>{one.publishedAt === null ? words.running : words.quarter(year, no)}</h2>
            <dl>
              {rows.map((row) => (
                <div key={row} className={row === 'ownersFen' ? 'is-main' : undefined}>
                  <dt>{words[row]}</dt>
                  <dd className="digits">{formats.money(fenOf(one, row))}</dd>
                </div>
              ))}
            </dl>
          </section>
        );
      })}
    </div>
  );
}
