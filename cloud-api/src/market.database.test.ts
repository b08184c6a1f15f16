import { createHmac, randomUUID } from 'node:crypto';
import { halfHourMs, minutes, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { shortLinkPayload, shortLinkToken } from '@gatecast/firmware-protocol/messages';
import { shortLinkKeyPurpose, unseal } from '@gatecast/firmware-protocol/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from './platform/db/test-stores.ts';
import { memoryProvider } from './settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from './test-app.ts';
import { approvedClip, campaignOf, dealOf, merchantAt, pay, residentAt, type TestMerchant } from './test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type TestTerminal,
} from './test-neighbourhood.ts';

/** The whole way once on each database: every list is read in pages of one, so that each statement and cursor runs on both. */
describeStores('the selling side', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let merchant: TestMerchant;
  let dealId: string;
  let campaignId: string;
  let at: InstantMs;
  let visitId: string;
  let orderId: string;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    dealId = await dealOf(world, merchant, { perPersonMax: 5 });
    campaignId = await campaignOf(world, merchant, dealId);
    const now = world.clock.now();
    at = (now - (now % halfHourMs)) as InstantMs;
  }, 90_000);
  afterAll(() => world.close());

  const everyPage = async (path: string, token: string) => {
    const items = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const separator = path.includes('?') ? '&' : '?';
      const page = await world.call('GET', `${path}${separator}limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`, {
        token,
      });
      expect(page.status, path).toBe(200);
      items.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    return items;
  };

  it('sells two half-hours and shows what came of them', { timeout: 60_000 }, async () => {
    for (const slot of [at, at + halfHourMs]) {
      const body = { campaignId, communityId: here.communityId, at: slot, touches: 3 };
      await pay(world, provider, await world.call('POST', '/v1/bookings', { token: merchant.token, body }));
    }
    const touch = newId('touch');
    const place = { entrance: here.entranceId, placement: 'gate' };
    const seen = {
      rendered: true,
      viewable: true,
      completed: true,
      shownMs: 8_000,
      framesPresented: 200,
      framesDropped: 0,
    };
    const startedAt = world.clock.now();
    const [clip] = await its.store.read.select().from(its.store.read.t.clips);
    const play = { decision: newId('decision'), touch, billable: true, campaign: campaignId, clip: clip?.sha256 };
    const end = { muted: true, endReason: 'finished', panel: 'unproven', milliTouches: 1_000 };
    const journal = testJournal(world, terminal, 'play');
    const rows = [
      {
        kind: 'touch',
        body: { touch, ...place, event: 'opening', unbillable: null, startedAt, windowMs: 9_000, endedBy: 'timeout' },
      },
      { kind: 'play', body: { ...play, ...place, ...seen, ...end, halfHour: at, startedAt } },
      { kind: 'half-hour', body: { at, ...place, touches: { opening: 12 } } },
    ];
    const batch = journal(...rows);
    world.clock.advance(minutes(30));
    await world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: batch });

    expect(await everyPage(`/v1/exposures?campaignId=${campaignId}`, merchant.token)).toMatchObject([
      { at: at + halfHourMs, state: 'open', verified: null },
      { at, state: 'closed', verified: 1, bookedTouches: 3, priceFen: 60 },
    ]);
    expect(await everyPage(`/v1/plays?terminalId=${terminal.id}`, world.operator)).toHaveLength(1);
    expect(await everyPage(`/v1/bookings?campaignId=${campaignId}`, merchant.token)).toHaveLength(2);
    expect(await everyPage('/v1/campaigns', merchant.token)).toMatchObject([{ bookings: 2, clipStatus: 'approved' }]);
  });

  it('leads from the code to the pick-up', async () => {
    const { body: config } = await world.call('GET', `/v1/terminals/${terminal.id}/documents/config`, {
      token: terminal.token,
    });
    const { terminalNo, sealedKey } = config.body.shortLinks;
    const payload = shortLinkPayload({ terminalNo, halfHour: at, campaignNo: 1, clipPrefix: 'aaaaaaaa' });
    const key = unseal(terminal.sealing, shortLinkKeyPurpose, sealedKey);
    const link = shortLinkToken(payload, createHmac('sha256', key).update(payload).digest());
    const scanned = await world.app.fetch(new Request(`http://gatecast.test/q/${link}`));
    visitId = scanned.headers.get('location')?.split('=').at(-1) ?? '';

    const order = async (name: string) => {
      const { token } = await residentAt(world, here, name);
      const asked = await world.call('POST', '/v1/orders', {
        token,
        body: { dealId, quantity: 1, visitId },
        idempotencyKey: randomUUID(),
      });
      await pay(world, provider, asked);
      return { token, id: asked.body.id };
    };
    const [wang] = [await order('王小明'), await order('李芳')];
    orderId = wang.id;
    const { pickupCode } = (await world.call('GET', `/v1/orders/${wang.id}`, { token: wang.token })).body;
    await world.call('POST', '/v1/pickups/verify', { token: merchant.token, body: { code: pickupCode } });

    expect(await everyPage(`/v1/traces?campaignId=${campaignId}`, merchant.token)).toMatchObject([
      { visitId, reached: 'picked-up', play: { plays: 1, halfHour: at }, communityName: 'Linden Court' },
    ]);
    expect(await everyPage(`/v1/orders?dealId=${dealId}`, merchant.token)).toHaveLength(2);
    expect(await everyPage(`/v1/deals?communityId=${here.communityId}`, world.operator)).toHaveLength(1);
    // What the first half-hour has earned may stand there by now, or not yet.
    const ledger: readonly { readonly kind: string }[] = await everyPage('/v1/ledger', world.operator);
    expect(ledger.filter(({ kind }) => kind.endsWith('-payment'))).toHaveLength(8);
    expect(await everyPage('/v1/merchants', world.operator)).toHaveLength(1);
    expect(await everyPage(`/v1/stores?communityId=${here.communityId}`, merchant.token)).toHaveLength(1);
  });

  it('is one story, whichever hop somebody begins at, and names nobody', async () => {
    const search = async (text: string, token = world.operator) =>
      (await world.call('GET', `/v1/search?q=${encodeURIComponent(text)}`, { token })).body.items;
    const [play] = await everyPage(`/v1/plays?terminalId=${terminal.id}`, world.operator);
    expect(await search(orderId)).toMatchObject([
      { kind: 'order', title: '丹东草莓 2 斤', place: '好邻居水果店（东门）' },
    ]);
    expect(await search(visitId)).toMatchObject([{ kind: 'visit', id: visitId, place: 'Linden Court' }]);
    expect(await search(play.id)).toMatchObject([{ kind: 'play', id: play.id, place: 'Linden Court' }]);
    expect(await search(newId('order'))).toEqual([]);
    expect(await search(orderId, here.manager)).toEqual([]);
    for (const [kind, id] of [
      ['order', orderId],
      ['visit', visitId],
      ['play', play.id],
    ]) {
      const path = `/v1/stories/${kind}/${encodeURIComponent(id)}`;
      const { body } = await world.call('GET', path, { token: world.operator });
      const told: { hop: string; what: string; facts: object; leads: object }[] = body.items;
      // Whoever begins at the play is led to its touch too.
      const hops = ['play', 'visit', 'order', 'pickup', ...(kind === 'play' ? ['touch'] : [])];
      expect(new Set(told.map(({ hop }) => hop))).toEqual(new Set(hops));
      expect(told.find(({ hop }) => hop === 'play')).toMatchObject({ facts: { clipTitle: '当季草莓' } });
      expect(told.find(({ hop }) => hop === 'order')).toMatchObject({ what: 'ordered', facts: { totalFen: 3_990 } });
      expect(told.find(({ hop }) => hop === 'pickup')).toMatchObject({ leads: { kind: 'order', id: orderId } });
      expect(JSON.stringify(body)).not.toMatch(/王小明|李芳/);
    }
  });

  it('takes a clip off the screens that play it', { timeout: 30_000 }, async () => {
    const titles = async () => {
      const { body } = await world.call('GET', `/v1/terminals/${terminal.id}/documents/media`, {
        token: terminal.token,
      });
      return body.body.clips.map((c: { title: string }) => c.title);
    };
    await approvedClip(world, world.operator, { title: '晚安', house: 'night' }, 'smptebars');
    await vi.waitFor(async () => expect(await titles()).toEqual(['晚安', '当季草莓']), 10_000);
    const [clip] = await everyPage('/v1/clips?status=approved', merchant.token);
    await world.call('POST', `/v1/clips/${clip.id}/take-down`, {
      token: world.operator,
      body: { reason: 'complaint', note: '' },
    });
    await vi.waitFor(async () => expect(await titles()).toEqual(['晚安']), 10_000);
  });
});
