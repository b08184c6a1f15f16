import { randomUUID } from 'node:crypto';
import { documentEnvelope, noticeBoard } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, pay, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import { publishedList } from './published-list.fixture.ts';

describeStores('a word at one’s own door', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let merchant: TestMerchant;
  let me: TestResident;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    me = await residentAt(world, here, '王小明');
    await manage('PUT', `/v1/residents/${me.id}/pin`, { pin: '274916' });
  });
  afterAll(() => world.close());

  const manage = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body });
  const say = (granted: boolean, purpose = 'pickup-notice') =>
    world.call('PUT', `/v1/me/consents/${purpose}`, {
      token: me.token,
      body: { granted, textVersion: purpose === 'screen-pseudonym' ? 2 : 1 },
    });
  const order = (who: TestResident, dealId: string) =>
    world.call('POST', '/v1/orders', {
      token: who.token,
      body: { dealId, quantity: 1, visitId: null },
      idempotencyKey: randomUUID(),
    });
  /** Buys alone what is ready as soon as it is paid. */
  const buys = async (who: TestResident): Promise<string> => {
    const asked = await order(who, await dealOf(world, merchant, { groupSize: 2 }));
    await pay(world, provider, asked);
    const other = await order(await residentAt(world, here, '李雷'), asked.body.dealId);
    await pay(world, provider, other);
    return asked.body.id;
  };
  const collects = async (who: TestResident, orderId: string) => {
    const { pickupCode } = (await world.call('GET', `/v1/orders/${orderId}`, { token: who.token })).body;
    const handed = await world.call('POST', '/v1/pickups/verify', {
      token: merchant.token,
      body: { code: pickupCode },
    });
    expect(handed.status).toBe(200);
  };
  const told = async () => {
    const path = `/v1/terminals/${terminal.id}/documents/notices`;
    const answer = await world.call('GET', path, { token: terminal.token });
    return { text: JSON.stringify(answer.body), ...noticeBoard.parse(documentEnvelope.parse(answer.body).body) };
  };
  const listed = async () =>
    (await publishedList(world, terminal)).credentials.map(({ noticeName, pseudonym }) => ({ noticeName, pseudonym }));

  it('reaches the screens when the order is ready, by a name that the door’s list has too, and goes when it is handed over', async () => {
    await say(true);
    expect((await told()).personal).toEqual([]);
    const orderId = await buys(me);
    const { personal, text } = await told();
    const [credential] = await listed();
    expect(personal).toMatchObject([{ name: credential?.noticeName, kind: 'pick-up' }]);
    expect(personal[0]?.name).toMatch(/^[A-Za-z0-9_-]{22}$/);
    // No resident, order, store or goods.
    for (const word of [me.id, orderId, merchant.id, merchant.storeId, '草莓', '王小明'])
      expect(text).not.toContain(word);
    await collects(me, orderId);
    expect((await told()).personal).toEqual([]);
  });

  it('is off until they say so, has nothing to do with the consent to adverts, and comes for what already waits', async () => {
    await say(true, 'screen-pseudonym');
    await buys(me);
    expect((await told()).personal).toEqual([]);
    expect(await listed()).toEqual([{ noticeName: undefined, pseudonym: expect.any(String) }]);
    await say(false, 'screen-pseudonym');
    await say(true);
    expect((await told()).personal).toHaveLength(1);
    expect(await listed()).toEqual([{ noticeName: expect.any(String), pseudonym: undefined }]);
  });

  it('stays while another order waits', async () => {
    await say(true);
    const first = await buys(me);
    await buys(me);
    await collects(me, first);
    expect((await told()).personal).toHaveLength(1);
  });

  it('is taken back at once, on the screens and in the door’s list, and another name comes with a new consent', async () => {
    await say(true);
    await buys(me);
    const [before] = (await told()).personal;
    await say(false);
    expect((await told()).personal).toEqual([]);
    expect(await listed()).toEqual([{ noticeName: undefined, pseudonym: undefined }]);
    await say(true);
    const [again] = (await told()).personal;
    expect(again?.name).not.toBe(before?.name);
  });

  it('is no child’s', async () => {
    await say(true);
    await buys(me);
    const guardian = await residentAt(world, here, '王建国');
    await manage('PATCH', `/v1/residents/${me.id}`, { isChild: true, guardianId: guardian.id });
    expect((await told()).personal).toEqual([]);
    expect((await say(true)).body.code).toBe('consent-not-for-children');
  });

  it('goes with who is erased or moves out, and stands in their own file until then', async () => {
    const kept = async () => {
      const t = world.store.read.t.noticeNames;
      return world.store.read.select().from(t).where(eq(t.residentId, me.id));
    };
    await say(true);
    await buys(me);
    const [word] = (await told()).personal;
    const file = JSON.stringify((await world.call('GET', '/v1/me/export', { token: me.token })).body);
    expect(file).toContain(word?.name);
    await world.call('DELETE', '/v1/me', { token: me.token });
    expect([await kept(), (await told()).personal]).toEqual([[], []]);

    me = await residentAt(world, here, '赵敏');
    await say(true);
    await buys(me);
    expect((await told()).personal).toHaveLength(1);
    await manage('POST', `/v1/residents/${me.id}/move-out`);
    expect([await kept(), (await told()).personal]).toEqual([[], []]);
  });

  it('is on no screen of another community', async () => {
    const elsewhere = await neighbourhood(world);
    await say(true);
    await buys(me);
    terminal = await claimedTerminal(world, elsewhere);
    expect((await told()).personal).toEqual([]);
  });
});
