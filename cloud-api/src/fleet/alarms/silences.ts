import { after, minutes, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities } from '../../communities/service.ts';
import { accountNames } from '../../identity/account-names.ts';
import type { Operator } from '../../platform/auth.ts';
import type { Tx } from '../../platform/db/store.ts';
import { notFound, refusal } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Terminals } from '../../terminals/service.ts';
import { currentSilences } from './alarm-store.ts';
import type { newSilence, Silence } from './contract.ts';

/** Silences that hold at a time. */
const silencesMax = 200;

export interface Silences {
  list(): Promise<readonly Silence[]>;
  /** Rejects with `not-found` for a terminal or community that is not there, `too-many-silences`. */
  begin(who: Operator, input: z.output<typeof newSilence>, call: Call): Promise<Silence>;
  /** Ends it now. */
  end(who: Operator, id: string): Promise<void>;
}

/** What nobody is told of for a while. */
export function createSilences(platform: Platform, communities: Communities, terminals: Terminals): Silences {
  const { store, clock, audit, events } = platform;

  const list = async (): Promise<Silence[]> => {
    const found = await currentSilences(store.read, clock.now());
    const names = await accountNames(
      store.read,
      found.map(({ by }) => by),
    );
    return found.map((one) => ({ ...one, by: names.get(one.by) ?? null }));
  };

  const insert = async (q: Tx, who: Operator, input: z.output<typeof newSilence>): Promise<{ id: string }> => {
    const { kind, terminalId, communityId, reason } = input;
    if (terminalId !== null) await terminals.get(q, terminalId);
    if (communityId !== null) await communities.get(q, communityId);
    const from = clock.now();
    if ((await currentSilences(q, from)).length >= silencesMax)
      throw refusal('too-many-silences', `there are ${silencesMax} silences already`);
    const id = newId('silence');
    const until = after(from, minutes(input.minutes));
    await q
      .insert(q.t.alarmSilences)
      .values({ id, kind, terminalId, communityId, from, until, reason, by: who.accountId });
    await audit(q, { who, action: 'alarm-silence.create', subject: id, facts: { kind, minutes: input.minutes } });
    await events.emit(q, { type: 'fleet-alarm', subject: id });
    return { id };
  };

  return {
    list,
    async begin(who, input, call) {
      const { id } = await store.tx((q) => once(q, clock, call, () => insert(q, who, input)));
      const made = (await list()).find((one) => one.id === id);
      if (!made) throw notFound('silence');
      return made;
    },
    end: (who, id) =>
      store.tx(async (q) => {
        const t = q.t.alarmSilences;
        const ended = await q.update(t).set({ until: clock.now() }).where(eq(t.id, id)).returning({ id: t.id });
        if (ended.length === 0) throw notFound('silence');
        await audit(q, { who, action: 'alarm-silence.end', subject: id });
        await events.emit(q, { type: 'fleet-alarm', subject: id });
      }),
  };
}
