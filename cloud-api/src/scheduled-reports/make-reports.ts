import { after, days, instant, minutes, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { Merchants } from '../merchants/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { isReported, reportContent, type ContentParts } from './report-content.ts';
import type { ReportMessages } from './report-messages.ts';
import { closesAt, firstLookAt, lookAgainMs, lookAt, nextPeriod, periodOf, reportKinds, type Period } from './rules.ts';
import * as rows from './store.ts';

/** What reports are made from. */
export interface ReportSources extends ContentParts {
  readonly merchants: Pick<Merchants, 'storesOf'>;
  readonly communities: Pick<Communities, 'get'>;
}

const lookEveryMs = minutes(1);
const schedulesPerLook = 50;
/** Periods of one schedule that are told in a row, when nobody told them for long. */
const periodsPerLook = 40;
/** As long as bills. */
export const reportsKeptMs = days(3 * 366);
const dropEveryMs = minutes(60);
const dropsPerTx = 500;
/** Of who has no store. */
const platformZone = 'Asia/Shanghai';

/** By whose clocks a merchant's days end: those of its first store. */
export async function zoneOf(
  q: Reads,
  { merchants, communities }: Pick<ReportSources, 'merchants' | 'communities'>,
  merchantId: string,
): Promise<string> {
  const [first] = await merchants.storesOf(q, merchantId);
  return first ? (await communities.get(q, first.communityId)).zone : platformZone;
}

/**
 * Tells the periods that are over, each in a transaction of its own: it goes on to the next period, writes the report and sends it, or does none of this. So
 * a killed run leaves nothing half, and of two at once one finds that the other has gone on.
 */
export function makeReports(
  platform: Platform,
  parts: ReportSources & { readonly messages: Pick<ReportMessages, 'tell'> },
): { readonly run: (signal: AbortSignal) => Promise<void> } {
  const { store, clock, jobs } = platform;
  const run = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const due = await rows.dueSchedules(store.read, clock.now(), schedulesPerLook);
      for (const schedule of due) {
        if (signal.aborted) return;
        await tellDueSafely(platform, parts, schedule);
      }
      if (due.length < schedulesPerLook) return;
    }
  };
  jobs.handle('scheduled-reports.make', {
    everyMs: lookEveryMs,
    leaseMs: seconds(30),
    renewsLease: true,
    run: (_payload, { signal }) => run(signal),
  });
  jobs.handle('scheduled-reports.drop', {
    everyMs: dropEveryMs,
    async run(_payload, { signal }) {
      const before = instant(clock.now() - reportsKeptMs);
      while (!signal.aborted)
        if ((await store.tx((q) => rows.dropReportsBefore(q, before, dropsPerTx))) < dropsPerTx) return;
    },
  });
  return { run };
}

type MakeParts = Parameters<typeof makeReports>[1];

/** One merchant's reports that cannot be made keep nobody else's waiting. */
async function tellDueSafely(platform: Platform, parts: MakeParts, schedule: rows.ScheduleRow): Promise<void> {
  const { store, clock, log } = platform;
  try {
    await tellDue(platform, parts, schedule);
  } catch (err) {
    log.error({ err, merchant: schedule.merchantId }, 'cannot make a report');
    await store.tx((q) => rows.lookNext(q, schedule, after(clock.now(), lookAgainMs)));
  }
}

async function tellDue(platform: Platform, parts: MakeParts, schedule: rows.ScheduleRow): Promise<void> {
  const { store, clock } = platform;
  const { merchantId } = schedule;
  const zone = await zoneOf(store.read, parts, merchantId);
  const looks: InstantMs[] = [];
  for (const kind of reportKinds) {
    const from = schedule[rows.nextColumn[kind]];
    if (from === null) continue;
    let period = periodOf(kind, from);
    for (
      let told = 0;
      told < periodsPerLook && (await isToBeTold(platform, parts, merchantId, period, zone));
      told += 1
    ) {
      await tellPeriod(platform, parts, merchantId, period, zone);
      period = nextPeriod(period);
    }
    looks.push(lookAt(period, clock.now(), zone));
  }
  const next = looks.length === 0 ? null : instant(Math.min(...looks));
  await store.tx((q) => rows.lookNext(q, schedule, next));
}

async function isToBeTold(
  { store, clock }: Platform,
  parts: MakeParts,
  merchantId: string,
  period: Period,
  zone: string,
): Promise<boolean> {
  const now = clock.now();
  if (now < firstLookAt(period, zone)) return false;
  if (now >= closesAt(period, zone)) return true;
  // Earlier days were reported a day after at the latest.
  return isReported(store.read, parts, { merchantId, day: period.to, zone });
}

/** Of its message. */
const untold = {
  deliveryId: null,
  deliveryAskedAt: null,
  deliveryAt: null,
  deliveryResult: null,
  deliveryDetail: null,
} as const;

async function tellPeriod(
  { store, clock, events }: Platform,
  parts: MakeParts,
  merchantId: string,
  period: Period,
  zone: string,
): Promise<void> {
  const content = await reportContent(store.read, parts, { merchantId, period, zone });
  const { kind, from: fromDay, to: toDay } = period;
  await store.tx(async (q) => {
    const schedule = await rows.goOn(q, merchantId, period, nextPeriod(period));
    if (!schedule || !content) return;
    const about = { merchantId, kind, fromDay, toDay, id: newId('report'), zone, content, madeAt: clock.now() };
    const row: rows.ReportRow = { ...about, ...untold };
    if (!(await rows.addReport(q, row))) return;
    await events.emit(q, { type: 'report', subject: row.id, merchantId, facts: { kind, from: fromDay, to: toDay } });
    if (schedule.webhookUrl !== null) await parts.messages.tell(q, row);
  });
}
