import { byteOrderMark, csvLine } from '../platform/csv.ts';
import type { Page } from '../platform/contract.ts';
import type { InvoiceLine } from './contract.ts';

const headers = [
  '行号 Line',
  '类型 Kind',
  '小区 Community',
  '半小时(UTC) Half-hour',
  '位置 Placement',
  '人群 Segment',
  '人群比例 Expected share %',
  '报告版本 Report version',
  '播放 Rendered',
  '有效播放 Viewable',
  '播完 Completed',
  '未计入及原因 Not counted',
  '未回传屏幕 Screens missing',
  '核验触达 Verified touches',
  '触达人数 People reached',
  '单价(元) Price',
  '金额(元) Amount',
  '贷项单 Credit note',
];

/** The lines of an invoice for spreadsheets, read page by page as they are taken; what would be a formula is none. */
export function linesCsv(next: (cursor: string | undefined) => Promise<Page<InvoiceLine>>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cursor: string | undefined;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(byteOrderMark + csvLine(headers))),
    async pull(controller) {
      const { items, nextCursor } = await next(cursor);
      controller.enqueue(encoder.encode(items.map((line) => csvLine(cellsOf(line))).join('')));
      if (nextCursor === null) controller.close();
      else cursor = nextCursor;
    },
  });
}

export function cellsOf(line: InvoiceLine): (string | number | null)[] {
  return [
    line.id,
    line.kind,
    line.communityName,
    new Date(line.at).toISOString().slice(0, 16),
    line.placement,
    line.segment,
    line.expectedPpm / 10_000,
    line.reportVersion,
    line.rendered,
    line.viewable,
    line.completed,
    line.filtered.map(({ reason, plays }) => `${reason} ${plays}`).join('; '),
    line.missingScreens,
    line.verifiedMilliTouches / 1_000,
    line.people,
    line.touchPriceMilliFen / 100_000,
    line.amountFen / 100,
    line.creditNoteId,
  ];
}
