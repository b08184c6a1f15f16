import type { Sold } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { FactList } from './fact-list.tsx';
import { useMarketWords } from './market-words.ts';

const wholePpm = 1_000_000;

/** A yield as people speak of it: money per thousand expected touches. Thousandths of a fen a touch are fen a thousand. */
export const perThousand = ({ yieldMilliFen }: Pick<Sold, 'yieldMilliFen'>): number => yieldMilliFen;

/** How much of it is sold, and what that earns. */
export function SoldFacts({ sold }: { readonly sold: Sold }) {
  const m = useMarketWords();
  const format = useFormats();
  const facts = [
    [m.soldPart, sold.soldPpm === null ? '–' : format.percent(sold.soldPpm / wholePpm)],
    [m.sold, format.number(sold.soldTouches)],
    [m.open, format.number(sold.openTouches)],
    [m.expected, format.number(sold.expectedTouches)],
    [m.income, format.money(sold.incomeFen)],
    [m.yieldOf, format.money(perThousand(sold))],
  ] as const;
  return <FactList facts={facts} />;
}
