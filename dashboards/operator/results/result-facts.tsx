import type { CampaignResult } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useCostWords } from '../../kit/result/cost-words.ts';
import { useOperatorResultWords } from './result-words.ts';

/** The whole of it: each step from the door to the counter with what one cost, and the money. */
export function ResultFacts({ totals }: { readonly totals: CampaignResult['totals'] }) {
  const m = useOperatorResultWords();
  const { each, none } = useCostWords();
  const { money, number } = useFormats();
  const cost = (step: string, fen: number | null): string => (fen === null ? none : m.each(step, money(fen)));
  const facts: readonly (readonly [name: string, value: string, note?: string])[] = [
    [m.touches, number(totals.touches), cost(each.touches, totals.costPerTouchFen)],
    ...(totals.people > 0
      ? ([[m.people, number(totals.people), cost(each.people, totals.costPerPersonFen)]] as const)
      : []),
    [m.scans, number(totals.scans), cost(each.scans, totals.costPerScanFen)],
    [m.orders, number(totals.orders), cost(each.orders, totals.costPerOrderFen)],
    [m.pickedUp, number(totals.pickedUp), cost(each.pickedUp, totals.costPerPickUpFen)],
    [m.worth, money(totals.orderFen)],
    [m.earned, money(totals.earnedFen)],
    [m.paid, money(totals.paidFen)],
    [m.refunded, money(totals.refundedFen)],
  ];
  return (
    <dl className="card market-facts">
      {facts.map(([name, value, note]) => (
        <div key={name}>
          <dt className="soft">{name}</dt>
          <dd className="digits">{value}</dd>
          {note !== undefined && <dd className="soft result-cost">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
