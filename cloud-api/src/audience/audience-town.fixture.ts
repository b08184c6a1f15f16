import { halfHourMs, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { Placement } from '@gatecast/firmware-protocol/messages';
import type { Store, Tx } from '../platform/db/store.ts';
import { expectedAudience } from './day-curve.ts';
import { localDay } from './local-day.ts';
import { seeded, tell } from './simulated-entrance.fixture.ts';

const zone = 'Asia/Shanghai';
const placements: readonly Placement[] = ['gate', 'unit-door', 'lift'];
const profile = { families: 400_000, commuters: 300_000, elderly: 100_000 };
const households = 300;
const look = { openMs: 5_000, quietFromMinute: 0, quietToMinute: 0, volumePercent: 50 };

interface Screen {
  readonly terminalId: string;
  readonly entranceId: string;
}
export interface SeededTown {
  readonly communities: readonly { readonly id: string; readonly screens: readonly Screen[] }[];
  /** Closes a local day at all screens and says that it is due. */
  count(store: Store, date: string): Promise<void>;
}

/** Communities with a screen at a gate, a unit door and a lift each, in one database. */
export async function seedTown(store: Store, size: number, at: InstantMs): Promise<SeededTown> {
  const communities = Array.from({ length: size }, () => ({
    id: newId('community'),
    screens: placements.map(() => ({ terminalId: newId('terminal'), entranceId: newId('entrance') })),
  }));
  await store.tx((q) => insertTown(q, communities, at));
  const chance = seeded(1);
  const means = expectedAudience({ households, profile }).map(({ milliTouches }) => (milliTouches.all ?? 0) / 1_000);
  return {
    communities,
    async count(target, date) {
      const day = localDay(date, zone);
      await target.tx(async (q) => {
        for (const { id, screens } of communities) {
          const rows = screens.flatMap(({ terminalId, entranceId }) =>
            day.halfHours.map(({ at: from, halfHour }) => {
              const touches = tell(chance, chance.poisson(means[halfHour] ?? 0));
              return { terminalId, entranceId, at: from, communityId: id, touches };
            }),
          );
          await q.insertMany(q.t.halfHours, rows);
        }
        const due = communities.map(({ id }) => ({ communityId: id, day: date, dueAt: day.to }));
        await q.insertMany(q.t.audienceDue, due);
      });
    },
  };
}

async function insertTown(q: Tx, communities: SeededTown['communities'], createdAt: InstantMs): Promise<void> {
  const shares = { familiesPpm: profile.families, commutersPpm: profile.commuters, elderlyPpm: profile.elderly };
  const since = instant(createdAt - halfHourMs);
  let no = 0;
  for (const { id, screens } of communities) {
    const home = { id, companyId: newId('company'), name: 'Linden Court', zone, households, ...shares, createdAt };
    await q.insert(q.t.communities).values(home);
    for (const [n, { terminalId, entranceId }] of screens.entries()) {
      no += 1;
      const placement = placements[n] ?? 'gate';
      await q.insert(q.t.entrances).values({ id: entranceId, communityId: id, name: placement, placement });
      const screen = { id: terminalId, no, communityId: id, entranceId, name: placement, status: 'active' as const };
      await q.insert(q.t.terminals).values({ ...screen, ...look, epoch: 1, createdAt });
      await q.insert(q.t.screens).values({ terminalId, communityId: id, since });
    }
  }
}
