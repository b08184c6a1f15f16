import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { platformOwner } from '../../platform/keys/signer.ts';
import type { Platform } from '../../platform/platform.ts';
import { sendText } from '../../platform/sms.ts';
import { postWebhook, webhookSignature } from '../../platform/webhook.ts';
import { alarmsById, type PlacedAlarm } from './alarm-store.ts';
import { alarmText } from './alarm-text.ts';
import { runbookOf } from './runbook.ts';
import { byGravity } from './watch-rules.ts';

/** The outbox's kind of a message about alarms. */
export const messageKind = 'fleet-alarms';
const detailMax = 200;

/** As it waits: ids only, so that what leaves is true when it leaves. */
const alarmMessage = z.object({
  channelId: z.string(),
  test: z.boolean(),
  raised: z.array(z.string()).readonly(),
  /** Alarms beyond those that are named. */
  moreRaised: z.int(),
  ended: z.array(z.string()).readonly(),
  moreEnded: z.int(),
  /** What earlier texts could not tell. */
  heldBack: z.int(),
});
export type AlarmMessage = z.infer<typeof alarmMessage>;

/** What a webhook gets; stable, described in docs/operating.md. */
const webhookBody = (message: AlarmMessage, alarms: readonly PlacedAlarm[], id: string, at: number, base: string) => ({
  v: 1,
  id,
  at,
  test: message.test,
  alarms: alarms.map((alarm) => ({
    id: alarm.id,
    kind: alarm.kind,
    severity: alarm.severity,
    state: alarm.endedAt === null ? 'raised' : 'ended',
    since: alarm.since,
    raisedAt: alarm.raisedAt,
    endedAt: alarm.endedAt,
    terminals: alarm.terminals,
    terminalId: alarm.terminalId,
    terminalName: alarm.terminalName,
    entranceName: alarm.entranceName,
    communityId: alarm.communityId,
    communityName: alarm.communityName,
    facts: alarm.facts,
    runbook: runbookOf(base, alarm.kind),
  })),
  more: message.moreRaised + message.moreEnded,
});

/** Alarms leave through the outbox: at once, and again with pauses that grow. Each try is noted on the channel, where the console shows it. */
export function deliverAlarms(platform: Platform): void {
  const { outbox, store, clock, signer, config, publicUrl } = platform;

  const deliver = async (message: AlarmMessage, id: string, signal: AbortSignal): Promise<string> => {
    const q = store.read;
    const t = q.t.alarmChannels;
    const [channel] = await q.select().from(t).where(eq(t.id, message.channelId));
    if (!channel) return 'removed';
    const alarms = (await alarmsById(q, [...message.raised, ...message.ended])).toSorted(byGravity);
    if (channel.url === null) {
      const text = alarmText(message, alarms, publicUrl());
      for (const [n, phone] of channel.phones.entries()) await sendText(config, { phone, text }, `${id}-${n}`, signal);
      return '';
    }
    const body = JSON.stringify(webhookBody(message, alarms, id, clock.now(), publicUrl()));
    const secret = (await signer.derive(q, 'alarm-webhook', platformOwner, channel.id)).toString('base64url');
    const headers = {
      'user-agent': 'Gatecast',
      'idempotency-key': id,
      'gatecast-signature': webhookSignature(secret, Math.floor(clock.now() / 1_000), body),
    };
    const status = await postWebhook({ url: channel.url, body, headers, mayBePrivate: config.webhookPrivate, signal });
    return `HTTP ${status}`;
  };

  const note = (channelId: string, lastResult: 'delivered' | 'failed', detail: string): Promise<void> =>
    store.tx(async (q) => {
      const set = { lastAt: clock.now(), lastResult, lastDetail: detail.slice(0, detailMax) };
      await q.update(q.t.alarmChannels).set(set).where(eq(q.t.alarmChannels.id, channelId));
    });

  outbox.handle(messageKind, async (payload, id, signal) => {
    const message = alarmMessage.parse(payload);
    try {
      await note(message.channelId, 'delivered', await deliver(message, id, signal));
    } catch (error) {
      await note(message.channelId, 'failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
}
