import { newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Operator } from '../../platform/auth.ts';
import type { Reads } from '../../platform/db/store.ts';
import { refusal } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import { platformOwner } from '../../platform/keys/signer.ts';
import type { Platform } from '../../platform/platform.ts';
import { urlFault } from '../../platform/webhook.ts';
import type { ChannelNews } from './channel-news.ts';
import { allChannels, changeChannel, findChannel, type ChannelRow } from './channel-store.ts';
import type { Channel, ChannelCreated, channelPatch, newChannel } from './contract.ts';

const channelsMax = 20;

export interface Channels {
  list(): Promise<readonly Channel[]>;
  /** Rejects with `channel-address` for one that may not be called, `too-many-channels`. The secret is in this answer alone, asked again or not. */
  create(who: Operator, input: z.output<typeof newChannel>, call: Call): Promise<ChannelCreated>;
  change(who: Operator, id: string, patch: z.output<typeof channelPatch>, call: Call): Promise<Channel>;
  remove(who: Operator, id: string): Promise<void>;
  /** Sends a message that says it is a test. */
  test(who: Operator, id: string): Promise<Channel>;
}

export function createChannels(platform: Platform, news: Pick<ChannelNews, 'test'>): Channels {
  const { store, clock, audit, signer, config } = platform;

  const secretOf = async (q: Reads, id: string): Promise<string> =>
    (await signer.derive(q, 'alarm-webhook', platformOwner, id)).toString('base64url');

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
      return { channel: shown(await findChannel(store.read, id)), secret };
    },
    async change(who, id, patch, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          await findChannel(q, id);
          if (Object.values(patch).some((value) => value !== undefined)) await changeChannel(q, id, patch);
          await audit(q, { who, action: 'alarm-channel.change', subject: id, facts: { ...patch, name: undefined } });
        }),
      );
      return shown(await findChannel(store.read, id));
    },
    remove: (who, id) =>
      store.tx(async (q) => {
        await findChannel(q, id);
        await q.delete(q.t.alarmChannels).where(eq(q.t.alarmChannels.id, id));
        await audit(q, { who, action: 'alarm-channel.remove', subject: id });
      }),
    async test(who, id) {
      await store.tx(async (q) => {
        const row = await findChannel(q, id);
        await audit(q, { who, action: 'alarm-channel.test', subject: id });
        await news.test(q, row);
      });
      return shown(await findChannel(store.read, id));
    },
  };
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
