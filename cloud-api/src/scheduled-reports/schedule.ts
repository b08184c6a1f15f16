import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { urlFault } from '../platform/webhook.ts';
import type { ReportSchedule, reportScheduleChange, ReportScheduleChanged } from './contract.ts';
import { zoneOf, type ReportSources } from './make-reports.ts';
import type { ReportMessages } from './report-messages.ts';
import { lastOver, reportKinds, type ReportKind } from './rules.ts';
import * as rows from './store.ts';

type Owner = As<'merchant'>;
type Change = z.output<typeof reportScheduleChange>;

export interface Schedules {
  of(who: Owner): Promise<ReportSchedule>;
  /** Rejects with `webhook-address` for one that may not be called. The secret is in this answer alone, asked again or not. */
  change(who: Owner, wanted: Change, call: Call): Promise<ReportScheduleChanged>;
  /** Sends a message that says it is a test. Rejects with `webhook-missing`, `too-many-requests`. */
  tryOut(who: Owner, call: Call): Promise<ReportSchedule>;
}

export function createSchedules(
  platform: Platform,
  sources: Pick<ReportSources, 'merchants' | 'communities'>,
  messages: ReportMessages,
): Schedules {
  const { store, clock, audit, config } = platform;

  const of = async ({ merchantId }: Owner): Promise<ReportSchedule> => {
    const q = store.read;
    const row = await rows.findSchedule(q, merchantId);
    const [last = null] = await messages.shown(
      q,
      row ? [{ deliveryId: row.lastDeliveryId, at: row.lastAt, result: row.lastResult, detail: row.lastDetail }] : [],
    );
    return {
      daily: isOn(row, 'daily'),
      weekly: isOn(row, 'weekly'),
      monthly: isOn(row, 'monthly'),
      zone: await zoneOf(q, sources, merchantId),
      webhook: row?.webhookUrl ? { url: row.webhookUrl, last } : null,
    };
  };

  /** Answers whether a secret was made. */
  const put = async (q: Tx, { merchantId }: Owner, wanted: Change): Promise<boolean> => {
    const row = await rows.findSchedule(q, merchantId);
    const [now, zone] = [clock.now(), await zoneOf(q, sources, merchantId)];
    // What was on goes on where it is; what is new begins with the last period that is over.
    const next = (kind: ReportKind) =>
      wanted[kind] ? (row?.[rows.nextColumn[kind]] ?? lastOver(kind, now, zone).from) : null;
    const isAny = reportKinds.some((kind) => wanted[kind]);
    const webhook = webhookChange(row, wanted.webhook);
    await rows.putSchedule(q, merchantId, {
      nextDaily: next('daily'),
      nextWeekly: next('weekly'),
      nextMonthly: next('monthly'),
      lookAt: isAny ? now : null,
      changedAt: now,
      ...webhook,
    });
    return wanted.webhook !== null && 'webhookKey' in webhook;
  };

  return {
    of,
    async change(who, wanted, call) {
      const fault = wanted.webhook ? urlFault(wanted.webhook.url, config.webhookPrivate) : undefined;
      if (fault) throw refusal('webhook-address', 'no message may be sent to this address', { fault });
      const { isNew } = await store.tx((q) =>
        once(q, clock, call, async () => {
          const made = { isNew: await put(q, who, wanted) };
          const { webhook, daily, weekly, monthly } = wanted;
          const facts = { daily, weekly, monthly, webhook: webhook !== null, newSecret: made.isNew };
          await audit(q, { who, action: 'report-schedule.change', subject: who.merchantId, facts });
          return made;
        }),
      );
      const row = isNew ? await rows.findSchedule(store.read, who.merchantId) : undefined;
      return { schedule: await of(who), secret: row?.webhookKey ? await messages.secretOf(store.read, row) : null };
    },
    async tryOut(who, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          await messages.tryOut(q, who.merchantId);
          await audit(q, { who, action: 'report-schedule.try-out', subject: who.merchantId });
        }),
      );
      return of(who);
    },
  };
}

const isOn = (row: rows.ScheduleRow | undefined, kind: ReportKind): boolean =>
  (row?.[rows.nextColumn[kind]] ?? null) !== null;

/** Another address never gets what was signed with the secret of the one before. */
function webhookChange(row: rows.ScheduleRow | undefined, wanted: Change['webhook']) {
  if (wanted !== null && row?.webhookUrl === wanted.url && !wanted.newSecret) return {};
  const untold = { testId: null, lastDeliveryId: null, lastAt: null, lastResult: null, lastDetail: null } as const;
  if (wanted === null) return { webhookUrl: null, webhookKey: null, ...untold };
  return { webhookUrl: wanted.url, webhookKey: randomUUID(), ...untold };
}
