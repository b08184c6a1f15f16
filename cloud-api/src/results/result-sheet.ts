import type { Language } from '../platform/language.ts';
import type { Sheet, SheetCell } from '../platform/sheet.ts';
import { expectedPartNote, type SharedSegment } from './expected-part.ts';
import type { ResultFigures } from './rules.ts';

/** A community on one of its local days. */
export interface ResultRow extends ResultFigures {
  readonly day: string;
  readonly communityName: string;
}

const milli = 1_000;

const words = {
  zh: {
    name: '投放结果',
    header: [
      '日期',
      '小区',
      '实际触达（次）',
      '触达人数',
      '看得见的播放',
      '无人时播放',
      '扫码',
      '下单',
      '取货',
      '订单金额（元）',
      '广告花费（元）',
    ],
  },
  en: {
    name: 'Results',
    header: [
      'Day',
      'Community',
      'Verified touches',
      'People reached',
      'Viewable plays',
      'Plays with nobody there',
      'Scans',
      'Orders',
      'Picked up',
      'Worth of orders (yuan)',
      'Cost of adverts (yuan)',
    ],
  },
} as const;

/** A campaign's result for spreadsheets, a row a day and community; under them what touches of these groups are. */
export function resultSheet(rows: readonly ResultRow[], segments: readonly SharedSegment[], language: Language): Sheet {
  const note = expectedPartNote(segments, language);
  return { ...words[language], rows: [...rows.map(cellsOf), ...(note === null ? [] : [[null, { text: note }]])] };
}

const cellsOf = (row: ResultRow): SheetCell[] => [
  { day: row.day },
  { text: row.communityName },
  { number: row.verifiedMilliTouches / milli },
  { number: row.people },
  { number: row.viewable },
  { number: row.ambient },
  { number: row.scans },
  { number: row.orders },
  { number: row.pickedUp },
  { fen: row.orderFen },
  { fen: row.earnedFen },
];
