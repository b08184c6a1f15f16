import type { Segment } from '@gatecast/firmware-protocol/messages';
import { unitOf, type SoldProduct } from '../inventory/products.ts';
import type { Language } from '../platform/language.ts';

/** Groups of people that a touch counts for in part, as they are a share of whoever comes. */
export type SharedSegment = Exclude<Segment, 'all'>;

/** Of whom the touches of some line items count in part, in their order; people are counted whole, whoever they are. */
export const partlyCounted = (
  lineItems: readonly { readonly segment: Segment; readonly product: SoldProduct }[],
): SharedSegment[] => [
  ...new Set(
    lineItems.flatMap(({ segment, product }) => (segment === 'all' || unitOf(product) === 'people' ? [] : [segment])),
  ),
];

const words = {
  zh: {
    names: { families: '带孩子的', commuters: '上班族', elderly: '老人', night: '晚归的人' },
    note: (who: string) =>
      `其中按人群订的（${who}）：不逐个认人，每次触达按这类人在该半小时里的预计占比计次，所以是预计的次数；只有同意被认出、自己填过类别的住户按整次计。`,
    between: '、',
  },
  en: {
    names: { families: 'families', commuters: 'commuters', elderly: 'elderly', night: 'late home' },
    note: (who: string) =>
      `Of what was booked for a group (${who}) each touch counts as the part of the half-hour’s passers-by that the group is expected to be: an expected number. Only residents who agreed to be known and named their group are counted whole.`,
    between: ', ',
  },
} as const;

/** For whoever reads the figures; null where every touch is whole. */
export function expectedPartNote(segments: readonly SharedSegment[], language: Language): string | null {
  const { names, note, between } = words[language];
  return segments.length === 0 ? null : note(segments.map((segment) => names[segment]).join(between));
}
