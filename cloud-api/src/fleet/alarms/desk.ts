import { after, minutes, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { accountNames } from '../../identity/account-names.ts';
import type { Operator } from '../../platform/auth.ts';
import type { Page } from '../../platform/contract.ts';
import { decodeCursor, encodeCursor, pageSizeDefault } from '../../platform/cursor.ts';
import type { Tx } from '../../platform/db/store.ts';
import { notFound, refusal } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Terminals } from '../../terminals/service.ts';
import type { Communities } from '../../communities/service.ts';
import * as rows from './alarm-store.ts';
import type { FleetAlarm, fleetAlarmAck, fleetAlarmQuery, newSilence, Silence } from './contract.ts';
import { runbookOf } from './runbook.ts';
import { isSilenced, type SilenceScope } from './watch-rules.ts';

/** Silences that hold at a time. */
const silencesMax = 200;

export interface AlarmDesk {
  list(query: z.output<typeof fleetAlarmQuery>): Promise<Page<FleetAlarm>>;
  /** The first who acknowledges stands in the record; nobody is told of the alarm after that. */
  acknowledge(who: Operator, id: string, input: z.output<typeof fleetAlarmAck>, call: Call): Promise<FleetAlarm>;
  silences(): Promise<readonly Silence[]>;
  /** Rejects with `not-found` for a terminal or community that is not there, `too-many-silences`. */
  silence(who: Operator, input: z.output<typeof newSilence>, call: Call): Promise<Silence>;
  /** Ends it now. */
  endSilence(who: Operator, id: string): Promise<void>;
}

export function createAlarmDesk(platform: Platform, communities: Communities, terminals: Terminals): AlarmDesk {
  const { store, clock, audit, events, publicUrl } = platform;

  const shownAll = async (found: readonly rows.PlacedAlarm[]): Promise<FleetAlarm[]> => {
    const names = await accountNames(
      store.read,
      found.map(({ ackedBy }) => ackedBy),
    );
    const now = clock.now();
    const silences = await rows.currentSilences(store.read, now);
    return found.map((alarm) => shown(alarm, { names, silences, now, base: publicUrl() }));
  };
  const show = async (id: string): Promise<FleetAlarm> => {
    const [alarm] = await shownAll(await rows.alarmsById(store.read, [id]));
    if (!alarm) throw notFound('alarm');
    return alarm;
  };
  const silencesNow = async (): Promise<Silence[]> => {
    const found = await rows.currentSilences(store.read, clock.now());
    const names = await accountNames(
      store.read,
      found.map(({ by }) => by),
    );
    return found.map((one) => ({ ...one, by: names.get(one.by) ?? null }));
  };

  return {
    async list({ state, cursor, limit = pageSizeDefault, ...filter }) {
      if (state === 'ended') {
        const { list, rows: found } = await rows.endedAlarms(store.read, filter, { cursor, limit });
        const page = list.page(
          found,
          ({ raisedAt, since }) => raisedAt ?? since,
          (row) => row,
        );
        return { ...page, items: await shownAll(page.items) };
      }
      const from = cursor === undefined ? 0 : decodeCursor<[number]>(cursor, ['number'])[0];
      const found = await rows.openAlarms(store.read, filter, from, limit + 1);
      const nextCursor = found.length > limit ? encodeCursor([from + limit]) : null;
      return { items: await shownAll(found.slice(0, limit)), nextCursor };
    },
    async acknowledge(who, id, { note }, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const [before] = await rows.alarmsById(q, [id]);
          if (!before?.raisedAt) throw notFound('alarm');
          if (before.ackedAt !== null) return;
          const ack = { ackedAt: clock.now(), ackedBy: who.accountId, note: note === '' ? null : (note ?? null) };
          await rows.changeAlarm(q, id, ack);
          await audit(q, { who, action: 'fleet-alarm.acknowledge', subject: id, facts: { kind: before.kind } });
          await events.emit(q, { type: 'fleet-alarm', subject: id });
        }),
      );
      return show(id);
    },
    silences: silencesNow,
    async silence(who, input, call) {
      const { id } = await store.tx((q) => once(q, clock, call, () => insertSilence(q, who, input)));
      const made = (await silencesNow()).find((one) => one.id === id);
      if (!made) throw notFound('silence');
      return made;
    },
    endSilence: (who, id) =>
      store.tx(async (q) => {
        const t = q.t.alarmSilences;
        const ended = await q.update(t).set({ until: clock.now() }).where(eq(t.id, id)).returning({ id: t.id });
        if (ended.length === 0) throw notFound('silence');
        await audit(q, { who, action: 'alarm-silence.end', subject: id });
        await events.emit(q, { type: 'fleet-alarm', subject: id });
      }),
  };

  async function insertSilence(q: Tx, who: Operator, input: z.output<typeof newSilence>): Promise<{ id: string }> {
    const { kind, terminalId, communityId, reason } = input;
    if (terminalId !== null) await terminals.get(q, terminalId);
    if (communityId !== null) await communities.get(q, communityId);
    const from = clock.now();
    if ((await rows.currentSilences(q, from)).length >= silencesMax)
      throw refusal('too-many-silences', `there are ${silencesMax} silences already`);
    const id = newId('silence');
    const until = after(from, minutes(input.minutes));
    await q
      .insert(q.t.alarmSilences)
      .values({ id, kind, terminalId, communityId, from, until, reason, by: who.accountId });
    await audit(q, { who, action: 'alarm-silence.create', subject: id, facts: { kind, minutes: input.minutes } });
    await events.emit(q, { type: 'fleet-alarm', subject: id });
    return { id };
  }
}

interface Around {
  readonly names: ReadonlyMap<string, string>;
  readonly silences: readonly SilenceScope[];
  readonly now: InstantMs;
  readonly base: string;
}

const shown = (alarm: rows.PlacedAlarm, { names, silences, now, base }: Around): FleetAlarm => ({
  ...alarm,
  state: alarm.endedAt === null ? 'raised' : 'ended',
  raisedAt: alarm.raisedAt ?? alarm.since,
  silenced: isSilenced(alarm, silences, now),
  ackedBy: alarm.ackedBy === null ? null : (names.get(alarm.ackedBy) ?? null),
  runbook: runbookOf(base, alarm.kind),
});
