import { elapsed, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { postWebhook, webhookSignature } from '../platform/webhook.ts';
import type { ReportDelivery } from './contract.ts';
import * as rows from './store.ts';

/** The outbox's kind of a message about a report. */
const messageKind = 'scheduled-report';
const detailMax = 200;
/** Between two messages that somebody asks for by hand about the same. */
const askAgainMs = seconds(10);

/** As it waits: ids only. */
const reportMessage = z.object({
  merchantId: z.string(),
  /** Null: a try-out. */
  reportId: z.string().nullable(),
});
type ReportMessage = z.infer<typeof reportMessage>;

/** What became of a message, as its rows say it. */
interface Tried {
  readonly deliveryId: string | null;
  readonly at: InstantMs | null;
  readonly result: 'delivered' | 'failed' | null;
  readonly detail: string | null;
}

export interface ReportMessages {
  /** Tells the webhook of a report, by hand again or as it was made. */
  tell(q: Tx, report: rows.ReportRow): Promise<void>;
  /** The same because somebody asks for it. Rejects with `webhook-missing`, `too-many-requests`. */
  tellAgain(q: Tx, report: rows.ReportRow): Promise<void>;
  /** Sends a message that says it is a test. Rejects with `webhook-missing`, `too-many-requests`. */
  tryOut(q: Tx, merchantId: string): Promise<void>;
  secretOf(q: Reads, schedule: Pick<rows.ScheduleRow, 'merchantId' | 'webhookKey'>): Promise<string>;
  /** Adds when each is tried again. */
  shown(q: Reads, tried: readonly Tried[]): Promise<(ReportDelivery | null)[]>;
}

export function createReportMessages(platform: Platform): ReportMessages {
  const { clock, outbox, signer } = platform;
  const secretOf: ReportMessages['secretOf'] = async (q, { merchantId, webhookKey }) =>
    (await signer.derive(q, 'report-webhook', platformOwner, `${merchantId}|${webhookKey}`)).toString('base64url');
  deliver(platform, secretOf);

  const send = async (q: Tx, message: ReportMessage): Promise<string> => {
    const deliveryId = newId('reportDelivery');
    await outbox.send(q, messageKind, message, deliveryId);
    return deliveryId;
  };
  const tell = async (q: Tx, { id, merchantId }: rows.ReportRow): Promise<void> => {
    const deliveryId = await send(q, { merchantId, reportId: id });
    const fresh = { deliveryAt: null, deliveryResult: null, deliveryDetail: null };
    await rows.changeReport(q, id, { deliveryId, deliveryAskedAt: clock.now(), ...fresh });
  };
  const mayAsk = (askedAt: InstantMs | null): void => {
    if (askedAt !== null && elapsed(askedAt, clock.now()) < askAgainMs)
      throw refusal('too-many-requests', 'a message about it has just left');
  };
  const withWebhook = async (q: Tx, merchantId: string): Promise<rows.ScheduleRow> => {
    const schedule = await rows.findSchedule(q, merchantId);
    if (!schedule?.webhookUrl) throw refusal('webhook-missing', 'no address is set that messages could go to');
    return schedule;
  };

  return {
    tell,
    async tellAgain(q, report) {
      await withWebhook(q, report.merchantId);
      mayAsk(report.deliveryAskedAt);
      await tell(q, report);
    },
    async tryOut(q, merchantId) {
      mayAsk((await withWebhook(q, merchantId)).askedAt);
      const testId = await send(q, { merchantId, reportId: null });
      const fresh = { lastDeliveryId: testId, lastAt: null, lastResult: null, lastDetail: null };
      await rows.changeSchedule(q, merchantId, { testId, askedAt: clock.now(), ...fresh });
    },
    secretOf,
    async shown(q, tried) {
      const next = await outbox.nextTries(
        q,
        tried.flatMap(({ deliveryId, result }) => (deliveryId !== null && result !== 'delivered' ? [deliveryId] : [])),
      );
      return tried.map((one) => shownDelivery(one, next.get(one.deliveryId ?? '') ?? null));
    },
  };
}

function shownDelivery({ deliveryId, at, result, detail }: Tried, nextTryAt: InstantMs | null): ReportDelivery | null {
  if (deliveryId === null) return null;
  const told = { at, detail: detail ?? '' };
  if (result === 'delivered') return { ...told, state: 'delivered', nextTryAt: null };
  if (result === null) return { ...told, state: 'sending', nextTryAt: null };
  return { ...told, state: nextTryAt === null ? 'failed' : 'retrying', nextTryAt };
}

/** Reports leave through the outbox: at once, and again with pauses that grow. Each try is noted, where the merchant sees it. */
function deliver(platform: Platform, secretOf: ReportMessages['secretOf']): void {
  const { outbox, store, clock, config, publicUrl } = platform;

  const post = async (
    schedule: rows.ScheduleRow & { readonly webhookUrl: string },
    report: rows.ReportRow | undefined,
    id: string,
    signal: AbortSignal,
  ): Promise<string> => {
    const body = JSON.stringify(webhookBody(report, { id, at: clock.now(), base: publicUrl() }));
    const secret = await secretOf(store.read, schedule);
    const headers = {
      'user-agent': 'Gatecast',
      'idempotency-key': id,
      'gatecast-signature': webhookSignature(secret, Math.floor(clock.now() / 1_000), body),
    };
    const { webhookPrivate: mayBePrivate } = config;
    return `HTTP ${await postWebhook({ url: schedule.webhookUrl, body, headers, mayBePrivate, signal })}`;
  };

  const note = (merchantId: string, id: string, result: 'delivered' | 'failed', text: string): Promise<void> =>
    store.tx(async (q) => {
      const [at, detail] = [clock.now(), text.slice(0, detailMax)];
      await rows.noteDelivery(q, id, { deliveryAt: at, deliveryResult: result, deliveryDetail: detail });
      const last = { lastDeliveryId: id, lastAt: at, lastResult: result, lastDetail: detail };
      await rows.changeSchedule(q, merchantId, last);
    });

  outbox.handle(messageKind, async (payload, id, signal) => {
    const { merchantId, reportId } = reportMessage.parse(payload);
    const schedule = await rows.findSchedule(store.read, merchantId);
    const report = reportId === null ? undefined : await rows.findReport(store.read, merchantId, reportId);
    // The address is gone, or a newer message about the same is on its way.
    const newest = reportId === null ? schedule?.testId : report?.deliveryId;
    if (!schedule?.webhookUrl || newest !== id) return;
    try {
      const { webhookUrl } = schedule;
      await note(merchantId, id, 'delivered', await post({ ...schedule, webhookUrl }, report, id, signal));
    } catch (error) {
      // Whoever stops the program has no quarrel with the other side.
      if (!signal.aborted || isTimeout(signal))
        await note(merchantId, id, 'failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
}

const isTimeout = ({ reason }: AbortSignal): boolean => reason instanceof Error && reason.name === 'TimeoutError';

/** What a webhook gets; stable, described in docs/merchant.md. No report: a test. */
const webhookBody = (
  report: rows.ReportRow | undefined,
  { id, at, base }: { readonly id: string; readonly at: number; readonly base: string },
) => ({
  v: 1,
  id,
  at,
  event: report ? 'report.made' : 'report.test',
  report: report
    ? {
        id: report.id,
        kind: report.kind,
        from: report.fromDay,
        to: report.toDay,
        zone: report.zone,
        madeAt: report.madeAt,
        totals: report.content.totals,
        url: `${base}/v1/reports/${report.id}`,
        page: `${base}/merchant/reports`,
      }
    : null,
});
