import { momentOf } from '../../kit/local-moment.ts';

/** A deal as it is being typed: texts of fields, whatever they hold. */
export interface DealDraft {
  readonly title: string;
  readonly description: string;
  readonly storeId: string;
  /** In yuan: `19.90`. */
  readonly singlePrice: string;
  readonly groupPrice: string;
  readonly groupSize: string;
  readonly groupHours: string;
  readonly stock: string;
  readonly perPersonMax: string;
  /** `''` for at once, else as `<input type="datetime-local">` writes it, by the store's clock. */
  readonly opens: string;
  readonly closes: string;
}

/** What the cloud takes; checked by its own rules again. */
export interface NewDeal {
  readonly storeId: string;
  readonly title: string;
  readonly description: string;
  readonly singlePriceFen: number;
  readonly groupPriceFen: number;
  readonly groupSize: number;
  readonly groupHours: number;
  readonly stock: number;
  readonly perPersonMax: number;
  readonly opensAt: number;
  readonly closesAt: number;
}

/** What is wrong with a field; each is a sentence of the messages. */
export type DraftFault =
  | 'title'
  | 'price'
  | 'groupNotCheaper'
  | 'stock'
  | 'groupSize'
  | 'perPersonMax'
  | 'opens'
  | 'closes'
  | 'store';
export type DraftFaults = Partial<Record<keyof DealDraft, DraftFault>>;

export type ReadDraft =
  | { readonly deal: NewDeal; readonly faults: null }
  | { readonly deal: null; readonly faults: DraftFaults };

const titleCharsMax = 60;
const stockMax = 100_000;
const groupSizeMin = 2;
const groupSizeMax = 50;
const perPersonMost = 100;
const priceFenMax = 100_000_00;

/** `19.9` → 1990; null for anything that is no price. */
export function fenOfYuan(text: string): number | null {
  const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

const wholeOf = (text: string, min: number, max: number): number | null => {
  const n = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  return n >= min && n <= max ? n : null;
};

/** Reads a draft: the deal to send, or what is wrong with each field. `now` opens a deal that opens at once. */
export function readDraft(draft: DealDraft, zone: string, now: number): ReadDraft {
  const single = fenOfYuan(draft.singlePrice);
  const group = fenOfYuan(draft.groupPrice);
  const stock = wholeOf(draft.stock, 1, stockMax);
  const groupSize = wholeOf(draft.groupSize, groupSizeMin, groupSizeMax);
  const perPersonMax = wholeOf(draft.perPersonMax, 1, Math.min(perPersonMost, stock ?? perPersonMost));
  const opensAt = draft.opens === '' ? now : momentOf(draft.opens, zone);
  const closesAt = momentOf(draft.closes, zone);
  const title = draft.title.trim();

  const faults: DraftFaults = {
    ...(title && title.length <= titleCharsMax ? null : { title: 'title' }),
    ...(draft.storeId ? null : { storeId: 'store' }),
    ...(single ? null : { singlePrice: 'price' }),
    ...groupPriceFault(group, single),
    ...(stock === null ? { stock: 'stock' } : null),
    ...(groupSize === null ? { groupSize: 'groupSize' } : null),
    ...(perPersonMax === null ? { perPersonMax: 'perPersonMax' } : null),
    ...(opensAt === null ? { opens: 'opens' } : null),
    ...(closesAt !== null && closesAt > (opensAt ?? now) && closesAt > now ? null : { closes: 'closes' }),
  };
  if (Object.keys(faults).length > 0 || !single || !group || !stock || !groupSize || !perPersonMax) {
    return { deal: null, faults };
  }
  if (opensAt === null || closesAt === null) return { deal: null, faults };
  return {
    faults: null,
    deal: {
      storeId: draft.storeId,
      title,
      description: draft.description.trim(),
      singlePriceFen: single,
      groupPriceFen: group,
      groupSize,
      groupHours: Number(draft.groupHours),
      stock,
      perPersonMax,
      opensAt,
      closesAt,
    },
  };
}

function groupPriceFault(group: number | null, single: number | null): DraftFaults | null {
  if (!group || group > priceFenMax) return { groupPrice: 'price' };
  return single !== null && group >= single ? { groupPrice: 'groupNotCheaper' } : null;
}
