import { hours, minutes } from '@gatecast/firmware-protocol';
import { shortLinkPayload, shortLinkToken, type PlayBody } from '@gatecast/firmware-protocol/messages';
import { shortLinkKeyPurpose, unseal } from '@gatecast/firmware-protocol/node';
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  campaignOf,
  dealOf,
  merchantAt,
  notify,
  pay,
  residentAt,
  type TestMerchant,
  type TestResident,
} from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited } from '../test-people.ts';

const provider = memoryProvider();
let world: TestApp;
let here: Neighbourhood;
let merchant: TestMerchant;
let wang: TestResident;
let li: TestResident;

beforeAll(async () => {
  world = await testApp({ paymentProvider: provider });
  here = await neighbourhood(world);
  merchant = await merchantAt(world, here);
  wang = await residentAt(world, here, '王小明');
  li = await residentAt(world, here, '李芳');
}, 60_000);
afterAll(() => world.close());

const order = (
  who: TestResident,
  dealId: string,
  over: Readonly<Record<string, unknown>> = {},
  key: string = randomUUID(),
) =>
  world.call('POST', '/v1/orders', {
    token: who.token,
    body: { dealId, quantity: 1, visitId: null, ...over },
    idempotencyKey: key,
  });
const orderOf = async (who: { readonly token: string }, id: string) =>
  (await world.call('GET', `/v1/orders/${id}`, { token: who.token })).body;
const deal = async (id: string) => (await world.call('GET', `/v1/deals/${id}`)).body;
const verify = (code: string, token = merchant.token) =>
  world.call('POST', '/v1/pickups/verify', { token, body: { code } });

/** Two neighbours order and pay. */
async function fullGroup(
  dealId: string,
): Promise<{ readonly first: string; readonly second: string; readonly code: string }> {
  const first = await order(wang, dealId);
  await pay(world, provider, first);
  const second = await order(li, dealId);
  await pay(world, provider, second);
  return { first: first.body.id, second: second.body.id, code: (await orderOf(wang, first.body.id)).pickupCode };
}

describe('neighbours who buy together', () => {
  it('wait for each other, and each gets a code when the group is full', async () => {
    const dealId = await dealOf(world, merchant);
    const first = await order(wang, dealId);
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'awaiting-payment', totalFen: 3_990, pickupCode: null },
    });
    await pay(world, provider, first);
    expect(await orderOf(wang, first.body.id)).toMatchObject({
      status: 'paid',
      group: { paid: 1, size: 2, status: 'open' },
    });
    expect(await deal(dealId)).toMatchObject({ left: 9, openGroup: { paid: 1, size: 2 } });

    const second = await order(li, dealId);
    await pay(world, provider, second);
    for (const [who, id] of [
      [wang, first.body.id],
      [li, second.body.id],
    ] as const) {
      expect(await orderOf(who, id)).toMatchObject({
        status: 'ready',
        pickupCode: expect.stringMatching(/^\d{8}$/),
        group: { status: 'complete' },
      });
    }
    expect(await deal(dealId)).toMatchObject({ left: 8, openGroup: null });
  });

  it('are not one person twice: a second order of the same resident opens another group', async () => {
    const dealId = await dealOf(world, merchant);
    const [one, two] = [await order(wang, dealId), await order(wang, dealId)];
    await pay(world, provider, one);
    await pay(world, provider, two);
    const groups = [await orderOf(wang, one.body.id), await orderOf(wang, two.body.id)].map((o) => o.group);
    expect(groups.map((g) => g.status)).toEqual(['open', 'open']);
    expect(groups[0].id).not.toBe(groups[1].id);
  });

  it('get their money back when the group is not full in time, and the stock is free again', async () => {
    const dealId = await dealOf(world, merchant, { groupHours: 1, perPersonMax: 1 });
    const alone = await order(wang, dealId);
    await pay(world, provider, alone);
    world.clock.advance(hours(1));
    await vi.waitFor(
      async () => expect(await orderOf(wang, alone.body.id)).toMatchObject({ status: 'refunded' }),
      10_000,
    );
    expect(await deal(dealId)).toMatchObject({ left: 10 });
    expect((await order(wang, dealId)).status).toBe(201);
    expect(provider.refunds.at(-1)).toMatchObject({ amountFen: 3_990, storeId: merchant.storeId });
  });
});

describe('an order', () => {
  it('needs a key, and the same key is the same order', async () => {
    const dealId = await dealOf(world, merchant);
    const bare = await world.call('POST', '/v1/orders', {
      token: wang.token,
      body: { dealId, quantity: 1, visitId: null },
    });
    expect(bare).toMatchObject({ status: 400, body: { code: 'idempotency-key-required' } });
    const [one, again] = [await order(wang, dealId, {}, 'same-key-1'), await order(wang, dealId, {}, 'same-key-1')];
    expect(again.body.id).toBe(one.body.id);
    expect(await deal(dealId)).toMatchObject({ left: 9 });
    expect(await order(wang, dealId, { quantity: 2 }, 'same-key-1')).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });

  it('leads back to a web page only', async () => {
    const dealId = await dealOf(world, merchant);
    for (const returnUrl of ['javascript:alert(1)', 'data:text/html,x', '/h5/']) {
      expect(await order(wang, dealId, { returnUrl })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request' },
      });
    }
    expect((await order(wang, dealId, { returnUrl: 'http://127.0.0.1:8080/h5/' })).status).toBe(201);
  });

  it('leads back to a page that is told which order was paid, in whatever browser', async () => {
    const returnUrl = 'http://127.0.0.1:8080/h5/orders/paid?lang=en';
    const asked = await order(wang, await dealOf(world, merchant), { returnUrl });
    const outTradeNo = String(asked.body.payUrl).split('/').at(-1) ?? '';
    expect(provider.collections.get(outTradeNo)?.returnUrl).toBe(`${returnUrl}&paid=${asked.body.id}`);
  });

  it('is refused beyond the stock, beyond a person’s share, before the deal opens and after it closes', async () => {
    const small = await dealOf(world, merchant, { stock: 2, perPersonMax: 5 });
    const strict = await dealOf(world, merchant, { perPersonMax: 1 });
    const later = await dealOf(world, merchant, { opensAt: world.clock.now() + minutes(5) });
    const codes = [
      await order(wang, small, { quantity: 3 }),
      await order(wang, strict, { quantity: 2 }),
      await order(wang, later),
      await order(wang, small, { visitId: `vis_${'0'.repeat(20)}` }),
    ].map(({ body }) => body.code);
    expect(codes).toEqual(['deal-sold-out', 'person-limit', 'deal-not-open', 'not-found']);
    expect(await deal(small)).toMatchObject({ left: 2 });
  });

  it('that is not paid in time gives everything back; money that comes after it goes back too', async () => {
    const dealId = await dealOf(world, merchant, { stock: 1, perPersonMax: 1 });
    const late = await order(wang, dealId);
    expect(await deal(dealId)).toMatchObject({ left: 0, status: 'sold-out' });
    world.clock.advance(minutes(16));
    await vi.waitFor(
      async () => expect(await orderOf(wang, late.body.id)).toMatchObject({ status: 'expired' }),
      10_000,
    );
    expect(await deal(dealId)).toMatchObject({ left: 1 });
    const before = provider.refunds.length;
    const outTradeNo = [...provider.collections.keys()].at(-1) ?? '';
    await notify(world, provider.pay(outTradeNo));
    await vi.waitFor(() => expect(provider.refunds).toHaveLength(before + 1), 5_000);
    expect(await orderOf(wang, late.body.id)).toMatchObject({ status: 'expired' });
  });

  it('paid twice is one order, and the second money goes back', async () => {
    const dealId = await dealOf(world, merchant);
    const asked = await order(wang, dealId);
    const before = provider.refunds.length;
    await pay(world, provider, asked);
    await pay(world, provider, asked);
    await vi.waitFor(() => expect(provider.refunds).toHaveLength(before + 1), 5_000);
    expect(await orderOf(wang, asked.body.id)).toMatchObject({ status: 'paid', group: { paid: 1 } });
  });

  it('is paid although the callback never came, and although another payment is in dispute', async () => {
    const dealId = await dealOf(world, merchant);
    const [disputed, silent] = [await order(wang, dealId), await order(li, dealId)];
    const numberOf = (asked: typeof silent) => String(asked.body.payUrl).split('/').at(-1) ?? '';
    provider.pay(numberOf(disputed), { amountFen: 1 });
    provider.pay(numberOf(silent));
    world.clock.advance(minutes(1));
    await vi.waitFor(async () => expect(await orderOf(li, silent.body.id)).toMatchObject({ status: 'paid' }), 10_000);
    expect(await orderOf(wang, disputed.body.id)).toMatchObject({ status: 'awaiting-payment' });
  });

  it('is placed while the provider is away, and whoever looks at it later can pay', async () => {
    const dealId = await dealOf(world, merchant);
    provider.down = true;
    const placed = await order(wang, dealId);
    expect(placed).toMatchObject({ status: 201, body: { status: 'awaiting-payment', payUrl: null } });
    provider.down = false;
    expect(await orderOf(wang, placed.body.id)).toMatchObject({ payUrl: expect.stringMatching(/^https:/) });
  });

  it('does not wait for the provider when many wait for it already', async () => {
    const dealId = await dealOf(world, merchant, { perPersonMax: 100, stock: 100 });
    let answer = (): void => undefined;
    provider.slow = new Promise((resolve) => (answer = resolve));
    const asked = Array.from({ length: 40 }, () => order(wang, dealId));
    const first = await Promise.race(asked);
    expect(first).toMatchObject({ status: 201, body: { payUrl: null } });
    const early = await Promise.all(asked.map((one) => Promise.race([one, Promise.resolve(undefined)])));
    answer();
    provider.slow = undefined;
    const placed = await Promise.all(asked);
    expect(placed.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 201));
    const told = placed.filter(({ body }) => body.payUrl !== null);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(40);
    expect(early.filter((one) => one?.body.payUrl)).toEqual([]);
  });

  it('that nobody could pay is let go without a word to the provider', async () => {
    const dealId = await dealOf(world, merchant);
    provider.down = true;
    const { id } = (await order(wang, dealId)).body;
    provider.down = false;
    const heard = [provider.collections.size, provider.closed.size];
    expect(await world.call('POST', `/v1/orders/${id}/cancel`, { token: wang.token })).toMatchObject({ status: 200 });
    world.clock.advance(minutes(1));
    expect([provider.collections.size, provider.closed.size]).toEqual(heard);
  });

  it('that ends while its payment is being prepared is closed at the provider', async () => {
    const dealId = await dealOf(world, merchant);
    let answer = (): void => undefined;
    provider.down = true;
    const { id } = (await order(wang, dealId)).body;
    provider.down = false;
    provider.slow = new Promise((resolve) => (answer = resolve));
    const before = provider.collections.size;
    const looking = orderOf(wang, id);
    await vi.waitFor(() => expect(provider.collections.size).toBe(before + 1));
    const outTradeNo = [...provider.collections.keys()].at(-1) ?? '';
    expect(await world.call('POST', `/v1/orders/${id}/cancel`, { token: wang.token })).toMatchObject({ status: 200 });
    answer();
    provider.slow = undefined;
    expect((await looking).payUrl).toBeNull();
    await vi.waitFor(() => expect([...provider.closed]).toContain(outTradeNo), 5_000);
  });

  it('can be cancelled while unpaid, by its buyer alone', async () => {
    const dealId = await dealOf(world, merchant);
    const { id } = (await order(wang, dealId)).body;
    expect(await world.call('POST', `/v1/orders/${id}/cancel`, { token: li.token })).toMatchObject({ status: 404 });
    const cancelled = await world.call('POST', `/v1/orders/${id}/cancel`, { token: wang.token });
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', payUrl: null } });
    expect(await world.call('POST', `/v1/orders/${id}/cancel`, { token: wang.token })).toMatchObject({
      body: { code: 'order-state' },
    });
    const audit = await world.store.read.select().from(world.store.read.t.audit);
    expect(audit.filter(({ subject }) => subject === id).map(({ action }) => action)).toEqual([
      'order.place',
      'order.cancel',
    ]);
  });

  it('shows the store a masked buyer, no code, no phone and no resident’s id', async () => {
    const dealId = await dealOf(world, merchant);
    const { first } = await fullGroup(dealId);
    const seen = await orderOf(merchant, first);
    expect(seen).toMatchObject({ buyer: '王**', pickupCode: null, payUrl: null });
    expect(JSON.stringify(seen)).not.toMatch(/小明|resi_|\b1[3-9]\d{9}\b/);
  });
});

describe('a pick-up code', () => {
  it('works once and only once, even when shown twice at the same moment', async () => {
    const { first, code } = await fullGroup(await dealOf(world, merchant));
    const answers = await Promise.all([verify(code), verify(code), verify(code)]);
    expect(answers.map((a) => a.status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
    expect(answers.find((a) => a.status === 200)?.body).toMatchObject({ orderId: first, buyer: '王**', quantity: 1 });
    expect(await verify(code)).toMatchObject({
      status: 409,
      body: { code: 'already-picked-up', pickedUpAt: world.clock.now() },
    });
    expect(await orderOf(wang, first)).toMatchObject({ status: 'picked-up', pickedUpAt: world.clock.now() });
  });

  it('says nothing at another merchant’s counter', async () => {
    const { code } = await fullGroup(await dealOf(world, merchant));
    const other = await merchantAt(world, here, '隔壁面馆');
    expect(await verify(code, other.token)).toMatchObject({ status: 404, body: { code: 'unknown-pickup-code' } });
    expect((await verify(code)).status).toBe(200);
  });

  it('is handed over by the staff of its own store, who see that store’s orders and no other’s', async () => {
    const body = { name: '西门店', address: '', communityId: here.communityId, hours: '' };
    const west = (await world.call('POST', '/v1/stores', { token: merchant.token, body })).body.id;
    const staffOf = (storeId: string) => invited(world, merchant.token, { role: 'store-staff', storeId });
    const [east, elsewhere] = [await staffOf(merchant.storeId), await staffOf(west)];
    const { first, code } = await fullGroup(await dealOf(world, merchant));

    expect((await verify(code, elsewhere.token)).body.code).toBe('unknown-pickup-code');
    expect((await orderOf(elsewhere, first)).code).toBe('not-found');
    for (const list of ['/v1/orders', '/v1/deals'])
      expect((await world.call('GET', list, { token: elsewhere.token })).body.items).toEqual([]);
    const seen = (await world.call('GET', '/v1/orders', { token: east.token })).body.items;
    expect(seen.map((one: { id: string }) => one.id)).toContain(first);
    expect(await verify(code, east.token)).toMatchObject({ status: 200, body: { orderId: first } });
  });

  it('asked for again under the same key is answered like the first time', async () => {
    const { first, code } = await fullGroup(await dealOf(world, merchant));
    const again = () =>
      world.call('POST', '/v1/pickups/verify', { token: merchant.token, body: { code }, idempotencyKey: 'counter-1' });
    expect(await again()).toMatchObject({ status: 200, body: { orderId: first } });
    expect(await again()).toMatchObject({ status: 200, body: { orderId: first } });
    expect((await verify(code)).status).toBe(409);
  });

  it('that was mistyped is tried anew, under whatever key', async () => {
    const other = await merchantAt(world, here, '钥匙铺');
    const wrong = () =>
      world.call('POST', '/v1/pickups/verify', { token: other.token, body: { code: '12345678' }, idempotencyKey: 'k' });
    for (let n = 0; n < 10; n += 1) expect((await wrong()).status).toBe(404);
    expect((await wrong()).status).toBe(429);
    world.clock.advance(minutes(1));
    expect((await wrong()).status).toBe(404);
  });

  it('cannot be guessed by asking for many at once either', async () => {
    const other = await merchantAt(world, here, '修鞋铺');
    const codes = Array.from({ length: 30 }, (_, n) => String(n).padStart(8, '0'));
    const answers = await Promise.all(codes.map((code) => verify(code, other.token)));
    expect(answers.filter((a) => a.status === 404)).toHaveLength(10);
    expect(answers.filter((a) => a.status === 429)).toHaveLength(20);
  });

  it('cannot be guessed: ten wrong ones a minute are enough', async () => {
    const other = await merchantAt(world, here, '洗衣店');
    const answers = [];
    for (let n = 0; n < 11; n += 1) answers.push(await verify(String(n).padStart(8, '0'), other.token));
    expect(answers.map((a) => a.status)).toEqual([...Array.from({ length: 10 }, () => 404), 429]);
    world.clock.advance(minutes(1));
    expect((await verify('00000000', other.token)).status).toBe(404);
  });

  it('is not stored in plain', async () => {
    const { code } = await fullGroup(await dealOf(world, merchant));
    const rows = await world.store.read.select().from(world.store.read.t.pickups);
    expect(JSON.stringify(rows)).not.toContain(code);
  });
});

describe('a scanned code', () => {
  const scan = async (token: string) => {
    const answer = await world.app.fetch(new Request(`http://gatecast.test/q/${token}`));
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  };

  it(
    'leads to the deal, and the order that comes of it makes one trace to the pick-up',
    { timeout: 60_000 },
    async () => {
      const dealId = await dealOf(world, merchant);
      const campaignId = await campaignOf(world, merchant, dealId);
      expect((await deal(dealId)).imageUrl).toBe(`/v1/deals/${dealId}/image.jpg`);
      const picture = await world.app.fetch(new Request(`http://gatecast.test/v1/deals/${dealId}/image.jpg`));
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);

      const terminal = await claimedTerminal(world, here);
      const { body: config } = await world.call('GET', `/v1/terminals/${terminal.id}/documents/config`, {
        token: terminal.token,
      });
      const { terminalNo, sealedKey } = config.body.shortLinks;
      const key = unseal(terminal.sealing, shortLinkKeyPurpose, sealedKey);
      const { items } = (await world.call('GET', '/v1/campaigns', { token: merchant.token })).body;
      const { no: campaignNo } = items.find((c: { id: string }) => c.id === campaignId);
      const now = world.clock.now();
      const halfHour = (now - (now % 1_800_000)) as PlayBody['halfHour'];
      const payload = shortLinkPayload({ terminalNo, halfHour, campaignNo, clipPrefix: '01234567' });
      const mac = createHmac('sha256', key).update(payload).digest();
      const token = shortLinkToken(payload, mac);

      const { status, location } = await scan(token);
      expect(status).toBe(302);
      expect(location).toMatch(new RegExp(`^/h5/deals/${dealId}\\?visit=vis_`));
      const visitId = location?.split('=').at(-1) ?? '';
      expect((await world.call('GET', `/v1/visits/${visitId}`)).body).toMatchObject({
        dealId,
        communityId: here.communityId,
      });

      const bought = await order(wang, dealId, { visitId });
      await pay(world, provider, bought);
      await pay(world, provider, await order(li, dealId));
      await verify((await orderOf(wang, bought.body.id)).pickupCode);
      const { body } = await world.call('GET', `/v1/traces?dealId=${dealId}`, { token: merchant.token });
      expect(body.items).toMatchObject([
        {
          visitId,
          campaignId,
          reached: 'picked-up',
          entranceName: 'East gate',
          order: { id: bought.body.id, totalFen: 3_990, status: 'picked-up' },
          pickup: { at: world.clock.now() },
        },
      ]);

      const elsewhere = await merchantAt(world, here, '隔壁面馆');
      const noodles = await order(li, await dealOf(world, elsewhere), { visitId });
      expect(noodles).toMatchObject({ status: 201, body: { visitId: null } });

      const forged = shortLinkToken(payload, Buffer.alloc(10));
      for (const bad of [forged, token.slice(1), 'x']) {
        const refused = await scan(bad);
        expect(refused.status).toBe(404);
        expect(refused.text).toContain('bad-short-link');
      }
    },
  );
});
