import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { TestApp } from './test-app.ts';
import { ownersDecision, type Neighbourhood } from './test-neighbourhood.ts';

const password = 'violin kestrel forty';
const storeName = '老街豆腐坊（枫林路总店）';

/** What waits for an operator, and what operators did: a decision, a store, prices, days without adverts, forecasts that were compared. */
export async function fillDesk(world: TestApp, here: Neighbourhood, quiet: Neighbourhood): Promise<void> {
  await handInDecision(world, quiet);
  await setPrices(world, here);
  await closeDays(world, here);
  await compareForecasts(world, here.communityId);
  await apply(world, here);
}

/** As a property manager hands it in: no operator has looked at it. */
async function handInDecision(world: TestApp, { communityId, manager }: Neighbourhood): Promise<void> {
  const { path, body } = ownersDecision(communityId, {
    title: '关于同意出租小区大门、单元门、电梯厅显示屏用于播放商业广告并确定收益分配办法的决定',
    hours: '420-1320',
    excluded: 'alcohol,medical',
  });
  await world.call('POST', path, { token: manager, body });
}

async function setPrices(world: TestApp, { communityId }: Neighbourhood): Promise<void> {
  const evening = { fromMinute: 990, toMinute: 1_260 };
  const lines = [
    { communityId: null, touchPriceFen: 25 },
    { communityId: null, placement: 'lift', touchPriceFen: 32 },
    { communityId: null, placement: 'gate', ...evening, weekdays: [1, 2, 3, 4, 5], touchPriceFen: 48 },
    { communityId: null, product: 'ten-people', segment: 'families', touchPriceFen: 180 },
    { communityId, placement: 'gate', touchPriceFen: 41 },
    { communityId, placement: 'unit-door', ...evening, touchPriceFen: 66 },
  ];
  for (const body of lines) await world.call('POST', '/v1/rate-lines', { token: world.operator, body });
}

async function closeDays(world: TestApp, { communityId }: Neighbourhood): Promise<void> {
  const days = [
    { communityId: null, firstDay: '2026-12-13', lastDay: '2026-12-13', reason: '国家公祭日' },
    { communityId, firstDay: '2027-02-05', lastDay: '2027-02-08', reason: '社区春节联欢，屏幕播放居民自己的节目' },
  ];
  for (const body of days) await world.call('POST', '/v1/blackouts', { token: world.operator, body });
}

const milli = 1_000;

/** A fortnight of one community, each kind of day; Sundays came out far from what was said. */
async function compareForecasts({ store }: TestApp, communityId: string): Promise<void> {
  const days = Array.from({ length: 14 }, (_, n) => {
    const day = new Date(Date.UTC(2026, 10, 9 + n)).toISOString().slice(0, 10);
    const dayKind = (n % 7) + 1;
    const [actual, off] = [1_500 - 100 * (n % 3), dayKind === 7 ? 480 : 90];
    const sums = { actualMilli: actual * milli, expectedMilli: (actual - off / 2) * milli, errorMilli: off * milli };
    return { communityId, day, dayKind, ...sums, cells: 144, within: dayKind === 7 ? 81 : 118 };
  });
  await store.tx((q) => q.insertMany(q.t.audienceScores, days));
}

/** A store that came by itself and handed in all that it was asked for. */
async function apply(world: TestApp, { communityId }: Neighbourhood): Promise<void> {
  const login = { email: `${randomBytes(6).toString('hex')}@store.test`, password };
  const store = {
    name: storeName,
    address: '枫林路 30 号一楼，菜市场北门进来左手第二家',
    hours: '06:00–18:00',
    communityId,
  };
  await world.call('POST', '/v1/merchant-sign-ups', {
    body: { name: storeName, owner: { ...login, name: '陶小满' }, store },
  });
  const token = await world.signIn(login.email, password);
  const scan = await sharp({ create: { width: 900, height: 640, channels: 3, background: '#eed' } })
    .jpeg()
    .toBuffer();
  await world.app.fetch(
    new Request('http://gatecast.test/v1/merchant-profile/licence?number=91440300708461136T', {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: new Blob([new Uint8Array(scan)]),
    }),
  );
  const payee = { holder: '陶小满', bank: '农业银行', account: '6228480402564890018' };
  await world.call('PUT', '/v1/merchant-profile/payee', { token, body: payee });
  await world.call('POST', '/v1/merchant-profile/apply', { token });
}
