import type { InstantMs } from '@gatecast/firmware-protocol';
import { byteOrderMark, csvLine } from '../platform/csv.ts';
import type { Language } from '../platform/language.ts';
import type { NamedRow } from './log-store.ts';
import { whoOf } from './log-view.ts';

const words = {
  zh: {
    headers: [
      '时间',
      '时区',
      '出入口',
      '终端',
      '事件',
      '方式',
      '原因',
      '人员类别',
      '姓名',
      '房号',
      '开门时长（毫秒）',
      '上报时间',
      '编号',
    ],
    all: (rows: number) => `— 共 ${rows} 行，导出完整 —`,
    cut: (rows: number) => `— 已达 ${rows} 行上限，更早的记录未导出，请缩小时间范围 —`,
  },
  en: {
    headers: [
      'Time',
      'Time zone',
      'Entrance',
      'Terminal',
      'Event',
      'By',
      'Reason',
      'Person',
      'Name',
      'Unit',
      'Opening (ms)',
      'Received',
      'ID',
    ],
    all: (rows: number) => `— ${rows} rows: complete —`,
    cut: (rows: number) => `— cut at ${rows} rows: older ones are missing; ask for a shorter time —`,
  },
} as const;

/**
 * The rows that `next` gives, as CSV for spreadsheets; its last line says how many there are and whether that is all. It reads when the caller has taken
 * what was read before, so a slow caller costs no memory, and one that goes away ends it. `next` gets the last row and how many may still come.
 */
export function csvStream(
  language: Language,
  rowsMax: number,
  next: (last: NamedRow | undefined, room: number) => Promise<readonly NamedRow[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { headers, all, cut } = words[language];
  let last: NamedRow | undefined;
  let written = 0;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(byteOrderMark + csvLine(headers)));
    },
    async pull(controller) {
      // One more than fits, to know whether something is missing.
      const found = await next(last, rowsMax - written + 1);
      const fitting = found.slice(0, rowsMax - written);
      written += fitting.length;
      last = fitting.at(-1) ?? last;
      const isCut = fitting.length < found.length;
      const isOver = found.length === 0;
      const ending = isCut ? cut(written) : isOver ? all(written) : undefined;
      const text =
        fitting.map((row) => csvLine(cellsOf(row))).join('') + (ending === undefined ? '' : csvLine([ending]));
      controller.enqueue(encoder.encode(text));
      if (ending !== undefined) controller.close();
    },
  });
}

function cellsOf(row: NamedRow): (string | number | null)[] {
  const { event, zone, entranceName, terminalName } = row;
  const who = whoOf(row);
  return [
    localText(event.at, zone),
    zone,
    entranceName,
    terminalName,
    event.kind,
    event.via,
    event.reason,
    who?.person ?? null,
    who?.name ?? null,
    who?.unit ?? null,
    event.pulseMs,
    localText(event.receivedAt, zone),
    `${event.terminalId}.${event.epoch}.${event.seq}`,
  ];
}

/** Making a formatter costs more than a thousand uses of it; a process meets few zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-23 07:40:05` in the zone: Swedish writes dates as ISO 8601 does. */
function localText(at: InstantMs, zone: string): string {
  const formatter =
    formatters.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formatters.set(zone, formatter);
  return formatter.format(at);
}
