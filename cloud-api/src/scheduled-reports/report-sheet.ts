import type { Language } from '../platform/language.ts';
import type { Sheet, SheetCell } from '../platform/sheet.ts';
import { expectedPartNote } from '../results/expected-part.ts';
import type { Report, ReportFigures } from './contract.ts';

const milli = 1_000;

const words = {
  zh: {
    name: '投放报告',
    header: [
      '开始日',
      '结束日',
      '广告活动',
      '实际触达（次）',
      '触达人数',
      '看得见的播放',
      '还有屏幕没上报的半小时',
      '扫码',
      '下单',
      '取货',
      '订单金额（元）',
      '广告花费（元）',
    ],
    total: '合计',
    more: (n: number) => `另外 ${n} 个活动只计入合计`,
    frozen: '本报告按生成时的数据固定下来；之后的更正只显示在“投放效果”里。',
  },
  en: {
    name: 'Report',
    header: [
      'First day',
      'Last day',
      'Campaign',
      'Verified touches',
      'People reached',
      'Viewable plays',
      'Half-hours with screens yet to report',
      'Scans',
      'Orders',
      'Picked up',
      'Worth of orders (yuan)',
      'Cost of adverts (yuan)',
    ],
    total: 'Total',
    more: (n: number) => `${n} more campaigns are in the total alone`,
    frozen: 'As things stood when the report was made; later corrections are in Results alone.',
  },
} as const;

/** A report for spreadsheets: its campaigns, their total, and what it does not say. */
export function reportSheet(report: Report, language: Language): Sheet {
  const { name, header, total, more, frozen } = words[language];
  const days: SheetCell[] = [{ day: report.from }, { day: report.to }];
  const row = (title: string, figures: ReportFigures) => [...days, { text: title }, ...cellsOf(figures)];
  const note = (text: string): SheetCell[] => [null, null, { text }];
  const parts = expectedPartNote(report.segments ?? [], language);
  return {
    name,
    header,
    rows: [
      ...report.campaigns.map((campaign) => row(campaign.campaignName, campaign)),
      row(total, report.totals),
      ...(report.campaignsLeftOut > 0 ? [note(more(report.campaignsLeftOut))] : []),
      ...(parts === null ? [] : [note(parts)]),
      note(frozen),
    ],
  };
}

const cellsOf = (figures: ReportFigures): SheetCell[] => [
  { number: figures.verifiedMilliTouches / milli },
  { number: figures.people },
  { number: figures.viewable },
  { number: figures.silentHalfHours },
  { number: figures.scans },
  { number: figures.orders },
  { number: figures.pickedUp },
  { fen: figures.orderFen },
  { fen: figures.earnedFen },
];
