import type { CampaignResult } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { useCostWords } from '../../kit/result/cost-words.ts';

type Totals = CampaignResult['totals'];

interface Step {
  readonly key: 'touches' | 'scans' | 'orders' | 'pickedUp';
  readonly icon: IconName;
  readonly costFen: (totals: Totals) => number | null;
}
const steps: readonly Step[] = [
  { key: 'touches', icon: 'screen', costFen: (totals) => totals.costPerTouchFen },
  { key: 'scans', icon: 'qr', costFen: (totals) => totals.costPerScanFen },
  { key: 'orders', icon: 'bag', costFen: (totals) => totals.costPerOrderFen },
  { key: 'pickedUp', icon: 'check', costFen: (totals) => totals.costPerPickUpFen },
];

/** From the door to the counter, as large figures with what each step cost. */
export function CostTiles({ totals, title }: { readonly totals: Totals; readonly title: string }) {
  const hops = useMessages();
  const words = useCostWords();
  const { money, number } = useFormats();
  const { paidFen, refundedFen, silentHalfHours, people, costPerPersonFen } = totals;
  return (
    <section className="card funnel">
      <h2 className="section-title">{title}</h2>
      <p className="row spread">
        <strong>{words.spent(money(totals.earnedFen))}</strong>
        <span className="soft">{words.paid(money(paidFen), refundedFen > 0 ? money(refundedFen) : null)}</span>
      </p>
      <dl className="funnel-tiles">
        {steps.map(({ key, icon, costFen }) => (
          <div key={key}>
            <dt>
              <Icon name={icon} size={18} /> {hops[key]}
            </dt>
            <dd className="digits">{number(totals[key])}</dd>
            <Cost what={words.each[key]} fen={costFen(totals)} />
          </div>
        ))}
        {people > 0 && (
          <div>
            <dt>
              <Icon name="people" size={18} /> {words.people}
            </dt>
            <dd className="digits">{number(people)}</dd>
            <Cost what={words.each.people} fen={costPerPersonFen} />
          </div>
        )}
      </dl>
      {totals.orderFen > 0 && <p>{words.worth(money(totals.orderFen))}</p>}
      {silentHalfHours > 0 && <p className="notice">{words.silent(number(silentHalfHours))}</p>}
      <p className="soft small">
        {hops.touchesHint} · {words.how}
      </p>
    </section>
  );
}

function Cost({ what, fen }: { readonly what: string; readonly fen: number | null }) {
  const words = useCostWords();
  const { money } = useFormats();
  return <dd className="soft small funnel-cost">{fen === null ? words.none : `${what} ${money(fen)}`}</dd>;
}
