import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { after, days, manualClock, minutes } from '@gatecast/firmware-protocol';
import { readConfig } from '../config.ts';
import { createCommunities } from '../communities/service.ts';
import { createContent } from '../content/service.ts';
import { createIdentity } from '../identity/service.ts';
import { createMerchants } from '../merchants/service.ts';
import { openStore, type Store } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { createPlatform } from '../platform/platform.ts';
import { createPlays } from '../plays/service.ts';
import { createTerminals } from '../terminals/service.ts';
import { seedTown } from './audience-town.fixture.ts';
import { learnCommunity, tellCommunity, toldDays, type LearningParts } from './learning.ts';
import { localDay } from './local-day.ts';
import { createAudience } from './service.ts';
import * as rows from './store.ts';

const zone = 'Asia/Shanghai';
const [firstDay, nextDay] = ['2026-11-24', '2026-11-25'];

/**
 * `--communities N` (4,000 unless told) with three screens each, in SQLite with full durability: telling fourteen days of all of them, learning a closed day of
 * all of them (which tells fourteen days again), and reading a week of the forecasts of all of them as a plan does.
 */
export async function run(say: (line: string) => void, flags: readonly string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...flags],
    options: { communities: { type: 'string', default: '4000' }, json: { type: 'boolean' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const file = join(folder, 'cloud.sqlite');
  const store = await openStore(file, silentLog());
  try {
    const figures = await measure(say, store, folder, Number(values.communities));
    return { ...figures, gigabytes: rounded(statSync(file).size / 1e9) };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(say: (line: string) => void, store: Store, folder: string, size: number) {
  const clock = manualClock(after(localDay(firstDay, zone).from, minutes(10)));
  const { parts, audience } = slices(store, folder, clock);
  const town = await seedTown(store, size, clock.now());
  const ids = town.communities.map(({ id }) => id);
  const each = async (work: (id: string) => Promise<void>): Promise<number> => {
    const began = performance.now();
    for (const id of ids) await work(id);
    return (performance.now() - began) / 1_000;
  };
  const fleet = await rows.fleetOf(store.read);
  const cells = size * 3 * 48 * toldDays;
  const tellSeconds = await each((id) => store.tx((q) => tellCommunity(q, parts, fleet, id, clock.now())));
  say(`${cells} half-hours told in ${tellSeconds.toFixed(1)} s`);
  await town.count(store, firstDay);
  clock.set(after(localDay(nextDay, zone).from, minutes(30)));
  const learnSeconds = await each((id) => store.tx((q) => learnCommunity(q, parts, fleet, id, clock.now())));
  say(`a day of ${size} communities learned, and told anew, in ${learnSeconds.toFixed(1)} s`);
  const began = performance.now();
  let read = 0;
  const from = localDay(nextDay, zone).to;
  for await (const told of audience.forecastByCommunity(store.read, ids, { from, to: after(from, days(7)) }))
    read += told.length;
  const readSeconds = (performance.now() - began) / 1_000;
  say(`${read} half-hours read in ${readSeconds.toFixed(1)} s`);
  return {
    communities: size,
    tellSeconds: rounded(tellSeconds),
    toldRowsPerSecond: Math.round(cells / tellSeconds),
    learnSeconds: rounded(learnSeconds),
    readRowsPerSecond: Math.round(read / readSeconds),
    mib: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}

function slices(store: Store, folder: string, clock: ReturnType<typeof manualClock>) {
  const config = readConfig({
    GATECAST_DATA_DIR: folder,
    GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'),
    GATECAST_BROKER_URL: '',
    GATECAST_PUBLIC_URL: 'https://gatecast.test',
  });
  const platform = createPlatform({ config, store, clock, log: silentLog() });
  const identity = createIdentity(platform);
  const communities = createCommunities(platform, identity);
  const terminals = createTerminals(platform, communities);
  const content = createContent(platform, createMerchants(platform, identity, communities));
  const parts: LearningParts = { communities, terminals, plays: createPlays(platform, terminals, content) };
  return { parts, audience: createAudience(platform, parts) };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
