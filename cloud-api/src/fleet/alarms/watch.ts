import { days, instant, minutes, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { Reads, Tx } from '../../platform/db/store.ts';
import type { Platform } from '../../platform/platform.ts';
import { kindRules, type AlarmKind } from './alarm-kinds.ts';
import * as rows from './alarm-store.ts';
import type { ChannelNews } from './channel-news.ts';
import { cloneSigns, fleetSize, healthSigns, journalSigns, offlineSigns, rolloutSigns, type Look } from './signs.ts';
import { isSilenced, keyOf, sameAgainMs, stepOf, type Sign } from './watch-rules.ts';

const lookEveryMs = seconds(15);
const alarmsKeptMs = days(400);

export interface Watch {
  /** Something that happened and is over, as whoever saw it says; the same again within its kind's time is the same alarm. */
  raise(q: Tx, what: Pick<Sign, 'kind' | 'terminalId' | 'communityId' | 'facts'>): Promise<void>;
  /** Further signs of what is wrong, read at each look; before the first one. */
  also(signs: (q: Reads) => Promise<readonly Sign[]>): void;
  /** One look at the fleet, as the job takes it; for tests. */
  look(): Promise<void>;
}

/** What nobody can know while the broker is away: who is there. */
const presenceKinds: ReadonlySet<AlarmKind> = new Set(['terminal-offline', 'community-offline', 'many-offline']);

/** Derives the fleet's alarms from how it stands, raises and ends them, and has the channels tell of them. */
export function createWatch(platform: Platform, channels: Pick<ChannelNews, 'tell'>): Watch {
  const { store, clock, jobs, link, config } = platform;
  const offlineAfterMs = minutes(config.offlineMinutes);
  const hasBroker = config.brokerUrl !== '';
  /** Since when the broker has been as it is now; terminals need time to come back to it. */
  let broker = { connected: true, since: clock.now() };

  const others: ((q: Reads) => Promise<readonly Sign[]>)[] = [];

  const lookAtBroker = (now: InstantMs): Sign[] => {
    if (!hasBroker) return [];
    if (link.connected !== broker.connected) broker = { connected: link.connected, since: now };
    if (broker.connected) return [];
    return [{ kind: 'broker-down', terminalId: null, communityId: null, terminals: 0, since: broker.since, facts: {} }];
  };

  const signsNow = async (now: InstantMs, raised: ReadonlySet<string>) => {
    const q = store.read;
    const look: Look = { now, offlineAfterMs, raised, ...(await fleetSize(q)) };
    const ofBroker = lookAtBroker(now);
    // Whoever was away with the broker has as long to come back as a terminal that goes away by itself.
    const isBlind = !broker.connected || now - broker.since < offlineAfterMs;
    const all = [
      ...ofBroker,
      ...(isBlind ? [] : await offlineSigns(q, look)),
      ...(await healthSigns(q, look)),
      ...(await cloneSigns(q, look)),
      ...(await journalSigns(q, look)),
      ...(await rolloutSigns(q, look)),
    ];
    for (const more of others) all.push(...(await more(q)));
    return { signs: new Map(all.map((sign) => [keyOf(sign), sign])), isBlind };
  };

  const lookNow = async (): Promise<void> => {
    const now = clock.now();
    const before = await rows.openRows(store.read);
    const raised = new Set(before.filter(({ raisedAt }) => raisedAt !== null).map(({ key }) => key));
    const { signs, isBlind } = await signsNow(now, raised);
    await store.tx(async (q) => {
      const kept = await rows.openRows(q);
      const ended = await apply(q, platform, { kept, signs, now, isBlind });
      await tell(q, platform, channels, ended);
    });
  };

  /** One after the other: a look that saw the fleet earlier must not write later. */
  let last: Promise<void> = Promise.resolve();
  const look = (): Promise<void> => {
    const next = last.then(lookNow);
    last = next.catch(() => undefined);
    return next;
  };

  jobs.handle('fleet.watch', { everyMs: lookEveryMs, run: look });
  jobs.handle('fleet.prune-alarms', {
    everyMs: days(1),
    run: () => store.tx((q) => rows.pruneAlarms(q, instant(clock.now() - alarmsKeptMs))),
  });

  const raise: Watch['raise'] = async (q, what) => {
    const now = clock.now();
    const sign = { ...what, terminals: 1, since: now };
    const key = keyOf(sign);
    const open = (await rows.openRows(q)).find((row) => row.key === key);
    if (open) {
      await rows.changeAlarm(q, open.id, { clearSince: null, returns: open.returns + 1, facts: what.facts });
    } else await begin(q, key, sign, undefined, now);
    await platform.events.emit(q, { type: 'fleet-alarm', subject: 'fleet' });
  };

  return { look, raise, also: (signs) => void others.push(signs) };
}

interface Looked {
  readonly kept: readonly rows.AlarmRow[];
  readonly signs: ReadonlyMap<string, Sign>;
  readonly now: InstantMs;
  readonly isBlind: boolean;
}

/** Takes each alarm a step further; answers with those that ended. */
async function apply(q: Tx, { events }: Platform, { kept, signs, now, isBlind }: Looked): Promise<rows.AlarmRow[]> {
  const known = new Set(kept.map(({ key }) => key));
  const fresh = [...signs].filter(([key]) => !known.has(key));
  const lately = await rows.endedLately(
    q,
    fresh.map(([key]) => key),
    instant(now - sameAgainMs),
  );
  const again = new Map(lately.map((row) => [row.key, row]));
  for (const [key, sign] of fresh) await begin(q, key, sign, again.get(key), now);

  const ended: rows.AlarmRow[] = [];
  let changed = fresh.length > 0;
  for (const row of kept) {
    if (isBlind && presenceKinds.has(row.kind)) continue;
    const sign = signs.get(row.key);
    const step = stepOf(row, sign, now);
    if (step === 'end') ended.push(row);
    changed = (await advance(q, row, sign, step, now)) || changed;
  }
  if (changed) await events.emit(q, { type: 'fleet-alarm', subject: 'fleet' });
  return ended;
}

/** A sign of something new; or of an alarm that was over only just now, which then goes on. */
async function begin(q: Tx, key: string, sign: Sign, lately: rows.AlarmRow | undefined, now: InstantMs): Promise<void> {
  const { kind, since, terminals, facts, terminalId, communityId } = sign;
  if (lately) {
    const returns = lately.returns + 1;
    return rows.changeAlarm(q, lately.id, { endedAt: null, clearSince: null, returns, terminals, facts });
  }
  const raisedAt = stepOf(undefined, sign, now) === 'raise' ? now : null;
  await q.insert(q.t.fleetAlarms).values({
    id: newId('fleetAlarm'),
    key,
    kind,
    severity: kindRules[kind].severity,
    terminalId,
    communityId,
    terminals,
    facts,
    since,
    raisedAt,
    returns: 0,
    told: false,
  });
}

/** True if a page shows something else now. */
async function advance(
  q: Tx,
  row: rows.AlarmRow,
  sign: Sign | undefined,
  step: ReturnType<typeof stepOf>,
  now: InstantMs,
): Promise<boolean> {
  switch (step) {
    case 'raise':
      await rows.changeAlarm(q, row.id, { raisedAt: now });
      return true;
    case 'forget':
      await q.delete(q.t.fleetAlarms).where(eq(q.t.fleetAlarms.id, row.id));
      return false;
    case 'clearing':
      await rows.changeAlarm(q, row.id, { clearSince: now });
      return false;
    case 'returned':
      await rows.changeAlarm(q, row.id, { clearSince: null, returns: row.returns + 1 });
      return true;
    case 'end':
      await rows.changeAlarm(q, row.id, { endedAt: now });
      return true;
    case 'wait':
    case 'none':
      if (!sign || sign.terminals === row.terminals) return false;
      await rows.changeAlarm(q, row.id, { terminals: sign.terminals, facts: sign.facts });
      return true;
  }
}

/** All that is new leaves in one message a channel, however much it is; what is silenced waits until the silence is over. */
async function tell(
  q: Tx,
  { clock }: Platform,
  channels: Pick<ChannelNews, 'tell'>,
  ended: readonly rows.AlarmRow[],
): Promise<void> {
  const now = clock.now();
  const silences = await rows.currentSilences(q, now);
  const raised = (await rows.untold(q)).filter((alarm) => !isSilenced(alarm, silences, now));
  const over = ended.filter(({ told }) => told);
  if (raised.length + over.length === 0) return;
  const told = await channels.tell(q, { raised, ended: over });
  for (const id of told) await rows.changeAlarm(q, id, { told: true });
}
