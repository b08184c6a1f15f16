import { newId } from '@gatecast/firmware-protocol';
import { asc, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Operator } from '../../platform/auth.ts';
import type { Reads, Tx } from '../../platform/db/store.ts';
import { notFound, refusal } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import { platformOwner } from '../../platform/keys/signer.ts';
import type { Platform } from '../../platform/platform.ts';
import { isAsGraveAs } from './alarm-kinds.ts';
import type { AlarmRow } from './alarm-store.ts';
import type { Channel, ChannelCreated, channelPatch, newChannel } from './contract.ts';
import { deliverAlarms, messageKind, type AlarmMessage } from './delivery.ts';
import { brakeText, byGravity } from './watch-rules.ts';
import { urlFault } from './webhook.ts';

export type ChannelRow = Reads['t']['alarmChannels']['$inferSelect'];
const channelsMax = 20;
/** Alarms named in one message; the rest is a number. */
export const namedMax = 20;

export interface Channels {
  list(): Promise<readonly Channel[]>;
  /** Rejects with `channel-address` for one that may not be called, `too-many-channels`. The secret is in this answer alone, asked again or not. */
  create(who: Operator, input: z.output<typeof newChannel>, call: Call): Promise<ChannelCreated>;
  change(who: Operator, id: string, patch: z.output<typeof channelPatch>, call: Call): Promise<Channel>;
  remove(who: Operator, id: string): Promise<void>;
  /** Sends a message that says it is a test. */
  test(who: Operator, id: string): Promise<Channel>;
  /** One message to each channel that wants to hear of any of it. Answers with the ids of the raised alarms that somebody is told of. */
  tell(q: Tx, news: { readonly raised: readonly AlarmRow[]; readonly ended: readonly AlarmRow[] }): Promise<string[]>;
}

export function createChannels(platform: Platform): Channels {
  const { store, clock, audit, outbox, signer, config } = platform;
  deliverAlarms(platform);

  const secretOf = async (q: Reads, id: string): Promise<string> =>
    (await signer.derive(q, 'alarm-webhook', platformOwner, id)).toString('base64url');

  /** Through the brake for texts: what it holds back is counted by the next one. */
  const send = async (q: Tx, row: ChannelRow, message: AlarmMessage): Promise<void> => {
    if (row.kind === 'webhook') return outbox.send(q, messageKind, message);
    const now = clock.now();
    const braked = brakeText(row, now);
    const held = message.raised.length + message.moreRaised;
    if (!braked) {
      const heldBack = row.heldBack + held;
      return change(q, row.id, { heldBack, lastAt: now, lastResult: 'held-back', lastDetail: String(heldBack) });
    }
    await outbox.send(q, messageKind, { ...message, heldBack: row.heldBack });
    await change(q, row.id, { ...braked, heldBack: 0 });
  };

  return {
    list: async () => (await allChannels(store.read)).map(shown),
    async create(who, input, call) {
      const fault = input.kind === 'webhook' ? urlFault(input.url, config.webhookPrivate) : undefined;
      if (fault) throw refusal('channel-address', 'no message may be sent to this address', { fault });
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          if ((await allChannels(q)).length >= channelsMax)
            throw refusal('too-many-channels', `there are ${channelsMax} channels already`);
          const made = { id: newId('channel') };
          const { kind, name, leastSeverity } = input;
          const where = kind === 'webhook' ? { url: input.url, phones: [] } : { url: null, phones: input.phones };
          const now = clock.now();
          const brake = { hourFrom: now, sentInHour: 0, heldBack: 0 };
          await q
            .insert(q.t.alarmChannels)
            .values({ ...made, kind, name, leastSeverity, ...where, ...brake, enabled: true, createdAt: now });
          await audit(q, { who, action: 'alarm-channel.create', subject: made.id, facts: { kind } });
          return made;
        }),
      );
      const secret = input.kind === 'webhook' ? await secretOf(store.read, id) : null;
      return { channel: shown(await find(store.read, id)), secret };
    },
    async change(who, id, patch, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          await find(q, id);
          if (Object.values(patch).some((value) => value !== undefined)) await change(q, id, patch);
          await audit(q, { who, action: 'alarm-channel.change', subject: id, facts: { ...patch, name: undefined } });
        }),
      );
      return shown(await find(store.read, id));
    },
    remove: (who, id) =>
      store.tx(async (q) => {
        await find(q, id);
        await q.delete(q.t.alarmChannels).where(eq(q.t.alarmChannels.id, id));
        await audit(q, { who, action: 'alarm-channel.remove', subject: id });
      }),
    async test(who, id) {
      await store.tx(async (q) => {
        const row = await find(q, id);
        await audit(q, { who, action: 'alarm-channel.test', subject: id });
        await send(q, row, { ...nothing, channelId: id, test: true });
      });
      return shown(await find(store.read, id));
    },
    async tell(q, { raised, ended }) {
      const told = new Set<string>();
      for (const row of await allChannels(q)) {
        if (!row.enabled) continue;
        const wanted = raised.filter(({ severity }) => isAsGraveAs(severity, row.leastSeverity)).toSorted(byGravity);
        // A text calls somebody; that it is over they see when they look.
        const over = row.kind === 'sms' ? [] : ended.filter(({ severity }) => isAsGraveAs(severity, row.leastSeverity));
        if (wanted.length + over.length === 0) continue;
        await send(q, row, {
          ...nothing,
          channelId: row.id,
          raised: wanted.slice(0, namedMax).map(({ id }) => id),
          moreRaised: Math.max(0, wanted.length - namedMax),
          ended: over.slice(0, namedMax).map(({ id }) => id),
          moreEnded: Math.max(0, over.length - namedMax),
        });
        for (const { id } of wanted) told.add(id);
      }
      return [...told];
    },
  };
}

const nothing = { test: false, raised: [], moreRaised: 0, ended: [], moreEnded: 0, heldBack: 0 } as const;

async function allChannels(q: Reads): Promise<ChannelRow[]> {
  const t = q.t.alarmChannels;
  return q.select().from(t).orderBy(desc(t.createdAt), asc(t.id));
}

async function find(q: Reads, id: string): Promise<ChannelRow> {
  const t = q.t.alarmChannels;
  const [row] = await q.select().from(t).where(eq(t.id, id));
  if (!row) throw notFound('channel');
  return row;
}

type Changes = { readonly [K in keyof ChannelRow]?: ChannelRow[K] | undefined };
async function change(q: Tx, id: string, set: Changes): Promise<void> {
  await q.update(q.t.alarmChannels).set(set).where(eq(q.t.alarmChannels.id, id));
}

const shown = ({ lastAt, lastResult, lastDetail, phones, ...row }: ChannelRow): Channel => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  url: row.url,
  phones: phones.map((phone) => phone.slice(-4)),
  leastSeverity: row.leastSeverity,
  enabled: row.enabled,
  last: lastAt && lastResult ? { at: lastAt, result: lastResult, detail: lastDetail ?? '' } : null,
});
