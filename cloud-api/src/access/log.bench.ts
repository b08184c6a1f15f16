import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../platform/db/store.ts';
import { silentLog } from '../platform/log.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { seedLog, type SeededCommunity } from './log.fixture.ts';

/** A large property company: one community of 100,000 residents, ten million rows over three years. */
const size = {
  communities: 1,
  terminalsPerCommunity: 100,
  residentsPerCommunity: 100_000,
  passesPerCommunity: 5_000,
  rows: 10_000_000,
  days: 1_000,
};
const times = 7;

/** The first page of the lists that grow, by every filter that a page offers, over HTTP in one process with SQLite. */
export async function run(say: (line: string) => void): Promise<Record<string, number>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const file = join(dataDir, 'cloud.sqlite');
  const store = await openStore(file, silentLog());
  try {
    const world = await testApp({ store });
    const { token, companyId } = await propertyOf(world);
    const began = performance.now();
    const [community] = await seedLog(store, companyId, size, world.clock.now());
    if (!community) throw new Error('no community was made');
    say(`${size.rows} rows in ${Math.round((performance.now() - began) / 1000)} s`);
    const pages: { what: string; ms: number }[] = [];
    for (const [what, path] of lists(community, world.clock.now())) {
      const each: number[] = [];
      for (let n = 0; n <= times; n += 1) {
        const started = performance.now();
        const answer = await world.call('GET', path, { token });
        if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
        // The first one warms up.
        if (n > 0) each.push(performance.now() - started);
      }
      pages.push({ what, ms: median(each) });
      say(`${what}: ${median(each).toFixed(1)} ms`);
    }
    await world.close();
    return {
      rows: size.rows,
      residents: size.residentsPerCommunity,
      filters: pages.length,
      firstPageMsMedian: rounded(median(pages.map(({ ms }) => ms))),
      firstPageMsMax: rounded(Math.max(...pages.map(({ ms }) => ms))),
      gigabytes: rounded(statSync(file).size / 1e9),
    };
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

async function propertyOf(world: TestApp): Promise<{ readonly token: string; readonly companyId: string }> {
  const manager = { email: 'manager@big.test', password: 'a-long-enough-one', name: '大物业' };
  const made = await world.call('POST', '/v1/property-companies', {
    token: world.operator,
    body: { name: '大物业', manager },
  });
  return { token: await world.signIn(manager.email, manager.password), companyId: made.body.id as string };
}

/** What stands on the pages' filters. */
function lists({ id, terminals, residents, passes }: SeededCommunity, now: number): [what: string, path: string][] {
  const log = (query: string) => `/v1/access-events?limit=50&communityId=${id}${query}`;
  const day = 86_400_000;
  const one = residents[Math.floor(residents.length / 2)];
  const text = (value: string | undefined) => encodeURIComponent(value ?? '');
  return [
    ['log', log('')],
    ['log, one door', log(`&terminalId=${terminals[7]?.id ?? ''}`)],
    ...['opened', 'refused', 'forced', 'fire', 'duress'].map((kind): [string, string] => [
      `log, ${kind}`,
      log(`&kind=${kind}`),
    ]),
    ...['pin', 'card', 'remote', 'qr'].map((via): [string, string] => [`log, by ${via}`, log(`&via=${via}`)]),
    ...['visitor', 'staff', 'emergency', 'maintenance'].map((person): [string, string] => [
      `log, ${person}`,
      log(`&person=${person}`),
    ]),
    ['log, a day two years ago', log(`&from=${now - 700 * day}&to=${now - 699 * day}`)],
    ['log, refused cards of a month', log(`&kind=refused&via=card&from=${now - 400 * day}&to=${now - 370 * day}`)],
    ['log, one resident', log(`&residentId=${one?.id ?? ''}`)],
    ['log, a name', log(`&search=${text(one?.name)}`)],
    ['log, a surname', log(`&search=${text(one?.name.slice(0, 1))}`)],
    ['log, a surname and refused', log(`&kind=refused&search=${text(one?.name.slice(0, 1))}`)],
    ['log, a unit', log(`&search=${text(one?.unit)}`)],
    ['log, a visitor', log(`&search=${text(passes[3]?.label)}`)],
    ['log, nobody of that name', log(`&search=${text('查无此人')}`)],
    ['residents', `/v1/communities/${id}/residents?limit=50`],
    ['residents, a name', `/v1/communities/${id}/residents?limit=50&search=${text(one?.name)}`],
    ['residents, a unit', `/v1/communities/${id}/residents?limit=50&search=${text(one?.unit)}`],
    ['residents, nobody of that name', `/v1/communities/${id}/residents?limit=50&search=${text('查无此人')}`],
    ['buildings', `/v1/communities/${id}/buildings?limit=50`],
    ['passes', `/v1/passes?limit=50&communityId=${id}`],
    ['passes, a label', `/v1/passes?limit=50&communityId=${id}&search=${text(passes[3]?.label)}`],
    ['alarms', `/v1/alarms?limit=50&communityId=${id}&state=all`],
  ];
}
