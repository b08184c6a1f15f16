import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import { accountNames } from '../identity/account-names.ts';
import type { Keeper } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { NewEvent } from '../platform/events.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { newestFirst } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import type { Alarm, alarmAck, AlarmCounts, alarmQuery } from './alarm-contract.ts';
import { keepAlarms } from './alarm-ingest.ts';
import { endedByAck, needsEyes } from './alarm-rules.ts';
import * as rows from './alarm-store.ts';

/** What a badge says at most. */
const countedMax = 1_000;

export interface Alarms {
  list(who: Keeper, query: z.output<typeof alarmQuery>): Promise<Page<Alarm>>;
  counts(who: Keeper, communityId: string | undefined): Promise<AlarmCounts>;
  /** Rejects with `not-found` unless the alarm is at a door that `who` keeps, and of a kind that they may know of. */
  mayAnswer(q: Reads, who: Keeper, id: string): Promise<void>;
  /** The first who acknowledges stands in the record. It ends a call for help. */
  acknowledge(who: Keeper, id: string, input: z.output<typeof alarmAck>, call: Call): Promise<Alarm>;
}

/** Every raising of an alarm at a door, until somebody has looked at it. */
export function createAlarms(platform: Platform, communities: Communities, terminals: Terminals): Alarms {
  const { store, clock } = platform;
  keepAlarms(platform, terminals);

  const get = async (q: Reads, id: string): Promise<rows.PlacedAlarm> => {
    const found = await rows.findAlarm(q, id);
    if (!found) throw notFound('alarm');
    return found;
  };

  return {
    async list(who, { cursor, limit, ...filter }) {
      const t = store.read.t.alarms;
      const paging = newestFirst(t.at, t.id, { cursor, limit });
      const found = await rows.listAlarms(store.read, who, filter, paging);
      const names = await accountNames(
        store.read,
        found.map(({ ackedBy }) => ackedBy),
      );
      return paging.page(
        found,
        ({ at }) => at,
        (row) => shown(row, who, names),
      );
    },
    async counts(who, communityId) {
      const [unacknowledged, help] = await Promise.all([
        rows.unacknowledged(store.read, who, { communityId }, countedMax),
        rows.unacknowledged(store.read, who, { communityId, kind: 'help' }, countedMax),
      ]);
      return { unacknowledged, help };
    },
    async mayAnswer(q, who, id) {
      const { communityId, kind } = await get(q, id);
      if (!rows.mayKnow(who, kind)) throw notFound('alarm');
      await communities.mayKeep(q, who, communityId);
    },
    async acknowledge(who, id, { note }, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const before = await get(q, id);
          if (before.ackedAt === null) await answer(q, platform, terminals, who, before, note);
          else if (before.note === null && note) await q.update(q.t.alarms).set({ note }).where(eq(q.t.alarms.id, id));
        }),
      );
      const row = await get(store.read, id);
      return shown(row, who, await accountNames(store.read, [row.ackedBy]));
    },
  };
}

async function answer(
  q: Tx,
  { clock, audit, events }: Platform,
  terminals: Terminals,
  who: Keeper,
  alarm: rows.PlacedAlarm,
  note: string | undefined,
): Promise<void> {
  const ackedAt = clock.now();
  const endedAt = endedByAck({ ...alarm, inService: alarm.terminalStatus !== 'revoked' }, ackedAt);
  const open = needsEyes({ ...alarm, endedAt, ackedAt });
  await q
    .update(q.t.alarms)
    .set({ ackedAt, ackedBy: who.accountId, note: note === '' ? null : (note ?? null), endedAt, open })
    .where(eq(q.t.alarms.id, alarm.id));
  if (alarm.kind === 'help') await terminals.answerHelp(q, alarm.terminalId, alarm.entranceId);
  // An action of its own: who must not know that anybody was threatened would find an alarm answered that is in no list of theirs.
  const action = alarm.kind === 'duress' ? 'alarm.acknowledge-duress' : 'alarm.acknowledge';
  await audit(q, { who, action, subject: alarm.id });
  await events.emit(q, answered(alarm));
}

/** Goes where the alarm itself went. */
function answered({ kind, terminalId, entranceId, communityId, companyId }: rows.PlacedAlarm): NewEvent {
  const type = kind === 'duress' || kind === 'help' ? kind : 'alarm';
  return { type, subject: terminalId, companyId, communityId, facts: { kind, reason: 'acknowledged', entranceId } };
}

function shown(row: rows.PlacedAlarm, who: Keeper, names: ReadonlyMap<string, string>): Alarm {
  const { id, kind, communityId, terminalId, terminalName, entranceId, entranceName, at, endedAt, ackedAt, note } = row;
  const whose = who.role === 'property' ? row.whose : null;
  return {
    id,
    kind,
    communityId,
    terminalId,
    terminalName,
    entranceId,
    entranceName: entranceName ?? '',
    at,
    endedAt,
    who: whose === null ? null : { name: whose, unit: row.unit },
    ackedAt,
    ackedBy: row.ackedBy === null ? null : (names.get(row.ackedBy) ?? null),
    note,
  };
}
