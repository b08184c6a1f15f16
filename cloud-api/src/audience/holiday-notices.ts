import { days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { asc, eq, inArray, max } from 'drizzle-orm';
import type { z } from 'zod';
import type { Sign } from '../fleet/alarms/watch-rules.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { HolidayYear, newHolidayNotice } from './contract.ts';
import { zonesCn } from './day-kind.ts';
import { builtInCalendar, calendarWith, noticeFault, type HolidayCalendar } from './holiday-calendar.ts';
import { localDateOf } from './local-day.ts';
import { tellAllAnew } from './store.ts';

/** What is known of the holidays of each year, and who entered it. */
export interface HolidayNotices {
  /** This year and the next, and those that were entered. */
  list(): Promise<Page<HolidayYear>>;
  /** A further version of that year; the days ahead are told anew. Rejects with `holidays-wrong` {fault, date}. */
  enter(who: As<'operator'>, input: z.output<typeof newHolidayNotice>, call: Call): Promise<HolidayYear>;
}

/** More corrections of one year are somebody's program. */
const versionsMax = 50;
/** The notice comes in November; from the second of December on a year without one is somebody's task, a fortnight before forecasts reach it. */
const alarmBeforeMs = days(30);
const zone = 'Asia/Shanghai';

type NoticeRow = Reads['t']['holidayNotices']['$inferSelect'];

export function createHolidayNotices({ store, clock, audit, jobs }: Platform): HolidayNotices {
  const thisYear = () => Number(localDateOf(clock.now(), zone).slice(0, 4));
  const enter = async (q: Tx, who: As<'operator'>, input: z.output<typeof newHolidayNotice>): Promise<HolidayYear> => {
    await q.lock('holiday-notices');
    const t = q.t.holidayNotices;
    const [last] = await q
      .select({ version: max(t.version) })
      .from(t)
      .where(eq(t.year, input.year));
    const version = (last?.version ?? 0) + 1;
    if (version > versionsMax) throw refusal('too-many-requests', 'this year was entered very often');
    const row = { ...input, version, enteredBy: who.accountId, enteredAt: clock.now() };
    await q.insert(t).values(row);
    await audit(q, { who, action: 'audience.enter-holidays', subject: String(input.year), facts: { version } });
    await tellAllAnew(q);
    await jobs.add(q, 'audience.tell-anew', {}, { id: `holidays:${input.year}:${version}` });
    return shownRow(row);
  };
  return {
    async list() {
      const entered = await newestNotices(store.read);
      const years = new Set([thisYear(), thisYear() + 1, ...entered.map(({ year }) => year)]);
      const items = [...years]
        .toSorted((a, b) => a - b)
        .map((year) => {
          const row = entered.find((one) => one.year === year);
          return row ? shownRow(row) : builtIn(year);
        });
      return { items, nextCursor: null };
    },
    async enter(who, input, call) {
      if (![thisYear(), thisYear() + 1].includes(input.year))
        throw refusal('holidays-wrong', 'this year or the next', { fault: 'other-year', date: `${input.year}-01-01` });
      const wrong = noticeFault(input);
      if (wrong) throw refusal('holidays-wrong', `${wrong.date}: ${wrong.fault}`, { ...wrong });
      return store.tx((q) => once(q, clock, call, () => enter(q, who, input)));
    },
  };
}

const shownRow = ({ year, version, holidays, workedWeekends, source, enteredAt }: NoticeRow): HolidayYear => ({
  year,
  version,
  holidays: [...holidays],
  workedWeekends: [...workedWeekends],
  source,
  enteredAt,
  isWhole: true,
});

function builtIn(year: number): HolidayYear {
  const ofYear = (dates: ReadonlySet<string>) => [...dates].filter((date) => date.startsWith(`${year}-`)).toSorted();
  return {
    year,
    version: 0,
    holidays: ofYear(builtInCalendar.rest).map((date) => ({ name: '', from: date, to: date })),
    workedWeekends: ofYear(builtInCalendar.worked),
    source: null,
    enteredAt: null,
    isWhole: builtInCalendar.noticed.has(year),
  };
}

/** The newest version of each year. */
async function newestNotices(q: Reads): Promise<NoticeRow[]> {
  const t = q.t.holidayNotices;
  const rows = await q.select().from(t).orderBy(asc(t.year), asc(t.version));
  return [...new Map(rows.map((row) => [row.year, row])).values()];
}

/** By what was entered, and what this program knows of the years of which nothing was. */
export const holidayCalendar = async (q: Reads): Promise<HolidayCalendar> => calendarWith(await newestNotices(q));

/** A year begins soon and nobody has entered its holidays: an alarm, where anybody rests by them. */
export async function unknownHolidaySigns(q: Reads, now: InstantMs): Promise<Sign[]> {
  const year = Number(localDateOf(instant(now + alarmBeforeMs), zone).slice(0, 4));
  if ((await holidayCalendar(q)).noticed.has(year)) return [];
  const c = q.t.communities;
  const [anybody] = await q
    .select({ id: c.id })
    .from(c)
    .where(inArray(c.zone, [...zonesCn]))
    .limit(1);
  if (!anybody) return [];
  const since = instant(Date.parse(`${year}-01-01T00:00:00+08:00`) - alarmBeforeMs);
  const kind = 'holidays-unknown' as const;
  return [{ kind, terminalId: null, communityId: null, terminals: 0, since, facts: { year, name: String(year) } }];
}
