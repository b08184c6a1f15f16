import type { InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import { accountNames } from '../../identity/account-names.ts';
import type { Operator } from '../../platform/auth.ts';
import type { Page } from '../../platform/contract.ts';
import { decodeCursor, encodeCursor, pageSizeDefault } from '../../platform/cursor.ts';
import { notFound } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import type { Platform } from '../../platform/platform.ts';
import * as rows from './alarm-store.ts';
import type { FleetAlarm, fleetAlarmAck, fleetAlarmQuery } from './contract.ts';
import { runbookOf } from './runbook.ts';
import { isSilenced, type SilenceScope } from './watch-rules.ts';

export interface AlarmDesk {
  list(query: z.output<typeof fleetAlarmQuery>): Promise<Page<FleetAlarm>>;
  /** The first who acknowledges stands in the record; nobody is told of the alarm after that. */
  acknowledge(who: Operator, id: string, input: z.output<typeof fleetAlarmAck>, call: Call): Promise<FleetAlarm>;
}

export function createAlarmDesk(platform: Platform): AlarmDesk {
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
  };
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
