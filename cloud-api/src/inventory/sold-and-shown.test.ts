import { randomBytes } from 'node:crypto';
import { days, halfHourMs } from '@gatecast/firmware-protocol';
import { plan as planSchema } from '@gatecast/firmware-protocol/messages';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { campaignOf, pay, type TestMerchant } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  ownersDecision,
  signInTerminal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';

const provider = memoryProvider();
const password = 'violin kestrel forty';
const within = { timeout: 10_000, interval: 20 };
let world: TestApp;
let here: Neighbourhood;
let terminal: TestTerminal;
let store: TestMerchant;
let campaignId: string;

const asOperator = (method: string, path: string, body?: object) =>
  world.call(method, path, { token: world.operator, ...(body && { body }) });
const nextHalfHour = () => world.clock.now() - (world.clock.now() % halfHourMs) + halfHourMs;
const hold = (over: object = {}) =>
  world.call('POST', '/v1/bookings', {
    token: store.token,
    body: { campaignId, communityId: here.communityId, at: nextHalfHour(), touches: 5, ...over },
  });
/** Campaigns that the newest plan of the screen has. */
const onScreen = async (): Promise<string[]> => {
  const { body } = await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity);
  const plan = await world.call('GET', `/v1/terminals/${terminal.id}/documents/plan`, { token: body.token });
  const { cells } = planSchema.parse(plan.body.body ?? plan.body);
  return [...new Set(cells.flatMap(({ entries }) => entries.map(({ campaign }) => campaign)))];
};
const shows = (campaigns: readonly string[]) =>
  vi.waitFor(async () => expect(await onScreen()).toEqual(campaigns), within);
const record = async (over: Readonly<Record<string, string>> = {}) => {
  const { path, body } = ownersDecision(here.communityId, over);
  return (await world.call('POST', path, { token: world.operator, body })).body.id as string;
};

beforeAll(async () => {
  world = await testApp({ paymentProvider: provider });
  here = await neighbourhood(world);
  terminal = await claimedTerminal(world, here);
  store = await signUp();
  campaignId = await campaignOf(world, store);
}, 60_000);
afterAll(() => world.close());

/** As its owner does on a phone. */
async function signUp(): Promise<TestMerchant> {
  const owner = { email: `${randomBytes(6).toString('hex')}@store.test`, password, name: '店主' };
  const shop = { name: '老街豆腐坊', address: '枫林路 30 号', hours: '06:00–18:00', communityId: here.communityId };
  const { body } = await world.call('POST', '/v1/merchant-sign-ups', { body: { name: shop.name, owner, store: shop } });
  return { id: body.id, storeId: '', token: await world.signIn(owner.email, password) };
}

async function handInPapers(): Promise<void> {
  const photo = await sharp({ create: { width: 800, height: 640, channels: 3, background: '#eed' } })
    .jpeg()
    .toBuffer();
  const request = new Request('http://gatecast.test/v1/merchant-profile/licence?number=91440300708461136T', {
    method: 'PUT',
    headers: { authorization: `Bearer ${store.token}` },
    body: new Blob([new Uint8Array(photo)]),
  });
  expect((await world.app.fetch(request)).status).toBe(200);
  const payee = { holder: '店主', bank: '农业银行', account: '6228480402564890018' };
  expect((await world.call('PUT', '/v1/merchant-profile/payee', { token: store.token, body: payee })).status).toBe(200);
}

describe('a store that signed up on a phone', () => {
  it('looks at prices at once, holds a slot once the operator has approved it, and is on the screen when it has paid', async () => {
    const slots = await world.call('GET', `/v1/slots?communityId=${here.communityId}&date=2026-11-24`, {
      token: store.token,
    });
    expect(slots.body.items).toContainEqual(expect.objectContaining({ bookable: true, touchPriceFen: 20 }));
    expect((await hold()).body.code).toBe('merchant-not-approved');
    await handInPapers();
    expect((await asOperator('POST', `/v1/merchants/${store.id}/approve`, { contact: 'visit' })).status).toBe(200);
    const held = await hold();
    expect(held.body).toMatchObject({ status: 'held', priceFen: 100 });
    await pay(world, provider, held);
    await shows([campaignId]);
  });

  it('leaves the screens while it is suspended, and comes back', async () => {
    await asOperator('POST', `/v1/merchants/${store.id}/suspend`, { reason: 'not-allowed', note: '' });
    await shows([]);
    expect((await hold()).body.code).toBe('merchant-not-approved');
    await asOperator('POST', `/v1/merchants/${store.id}/reinstate`);
    await shows([campaignId]);
  });
});

describe('what was paid for', () => {
  it('keeps its price when the rate card changes; what is held from then on has the new one', async () => {
    const [before] = (await world.call('GET', '/v1/bookings', { token: store.token })).body.items;
    await asOperator('POST', '/v1/rate-lines', { touchPriceFen: 30, communityId: here.communityId });
    expect((await hold()).body.priceFen).toBe(150);
    const after = await world.call('GET', `/v1/bookings/${before.id}`, { token: store.token });
    expect(after.body.priceFen).toBe(100);
  });

  it('is not shown on a black-out day, nor sold on it', async () => {
    const today = { communityId: here.communityId, firstDay: '2026-11-23', lastDay: '2026-11-23', reason: '公祭日' };
    const dark = await asOperator('POST', '/v1/blackouts', today);
    await shows([]);
    expect((await hold()).body.code).toBe('blackout');
    expect((await hold({ at: nextHalfHour() + days(1) })).status).toBe(201);
    await asOperator('POST', `/v1/blackouts/${dark.body.id}/lift`);
    await shows([campaignId]);
  });

  it('is not shown at a door that a newer decision does not let, and nowhere once the owners took it back', async () => {
    await record({ placements: 'lift' });
    await shows([]);
    const everywhere = await record();
    await shows([campaignId]);
    const late = { at: nextHalfHour() + days(2) };
    await record({ lastDay: '2026-11-24' });
    expect((await hold(late)).body.code).toBe('decision-expired');
    expect(everywhere).not.toBe('');
    const last = await record({ excluded: 'goods', hours: '0-30' });
    await shows([]);
    expect((await hold()).body.code).toBe('outside-decision');
    await asOperator('POST', `/v1/owner-decisions/${last}/revoke`, { note: '业主大会撤销' });
    expect((await hold()).body.code).toBe('no-owner-decision');
    await shows([]);
  });
});
