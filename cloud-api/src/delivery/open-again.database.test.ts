import {
  after,
  days,
  halfHourMs,
  hours,
  instant,
  localTime,
  seconds,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { plan as planSchema } from '@gatecast/firmware-protocol/messages';
import { and, asc, eq, gt } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { readyCampaign } from '../campaigns/ready-campaign.fixture.ts';
import { checklistOf } from '../content/categories.ts';
import { mp4File } from '../content/mp4.fixture.ts';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, upload, type TestMerchant } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  ownersDecision,
  signInTerminal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { planned as wantedAndPlanned } from './planned.fixture.ts';
import { wishes } from './store.ts';

const zone = 'Asia/Shanghai';
const aMoment = { timeout: 30_000, interval: 50 };
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const evenings = { weekdays: everyDay, fromMinute: 18 * 60, toMinute: 20 * 60 };
/** Whoever owns these screens has other things to show from seven to eight. */
const untilSeven = { hours: `${18 * 60}-${19 * 60}` };

describeStores('what may not be shown for a while', (its) => {
  const provider = memoryProvider();
  let world: TestApp;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider, env: { FFMPEG_PATH: 'none' } });
  }, 60_000);
  afterAll(() => world.close());
  beforeEach(() => foreverSignedIn());

  const foreverSignedIn = () => {
    const expiresAt = after(world.clock.now(), days(3_000));
    return its.store.tx(async (q) => void (await q.update(q.t.sessions).set({ expiresAt })));
  };
  const asOperator = async (method: string, path: string, body?: object) => {
    const answer = await world.call(method, path, { token: world.operator, ...(body && { body }) });
    expect(answer.status).toBeLessThan(300);
    return answer.body;
  };
  const advanceTo = (at: InstantMs) => world.clock.advance(seconds((at - world.clock.now()) / 1_000));
  const dayAhead = (ahead: number) => localTime(after(world.clock.now(), days(ahead)), zone).date;
  const onDay = (date: string, minute: number) => zonedInstant(date, minute, zone);
  const minuteOf = (at: InstantMs) => localTime(at, zone).minute;

  interface Town extends Neighbourhood {
    readonly gate: TestTerminal;
  }
  const town = async (): Promise<Town> => {
    const here = await neighbourhood(world);
    const gate = await claimedTerminal(world, here);
    // Nothing of these tests goes through a broker: as if all screens were on the line.
    const seen = { online: true, lastSeenAt: after(world.clock.now(), days(3_000)) };
    await its.store.tx(async (q) => void (await q.update(q.t.terminalPresence).set(seen)));
    return { ...here, gate };
  };
  const decide = async ({ communityId }: Town, over: Readonly<Record<string, string>> = {}) => {
    const { path, body } = ownersDecision(communityId, over);
    expect((await world.call('POST', path, { token: world.operator, body })).status).toBe(201);
  };

  interface Bought {
    readonly id: string;
    readonly campaignId: string;
    readonly shop: TestMerchant;
  }
  const shopIn = async (here: Town) => {
    const shop = await merchantAt(world, here);
    await foreverSignedIn();
    return shop;
  };
  async function buy(
    shop: TestMerchant,
    campaignId: string,
    places: readonly Town[],
    over: Readonly<Record<string, unknown>> = {},
  ): Promise<Bought> {
    const communityIds = places.map(({ communityId }) => communityId);
    const span = { firstDay: dayAhead(1), lastDay: dayAhead(2), dayparts: [evenings], touches: 40 };
    const body = { campaignId, communityIds, ...span, ...over };
    const held = await world.call('POST', '/v1/bookings', { token: shop.token, body });
    expect(held.body).toMatchObject({ status: 'held' });
    await pay(world, provider, held);
    await planned();
    return { id: held.body.id, campaignId, shop };
  }
  const foodIn = async (places: readonly [Town, ...Town[]], over: Readonly<Record<string, unknown>> = {}) => {
    const shop = await shopIn(places[0]);
    return buy(shop, await readyCampaign(world, shop, 'food'), places, over);
  };

  /** A plan that knows all that was wanted so far; nothing is wanted here. */
  async function planned(): Promise<void> {
    const { wanted } = await wishes(its.store.read);
    await vi.waitFor(async () => {
      world.clock.advance(seconds(1));
      expect((await wishes(its.store.read)).planned).toBeGreaterThanOrEqual(wanted);
    }, aMoment);
  }
  /** As if another process had begun to plan and were at it until `end`. */
  async function withoutPlans(work: () => Promise<void>): Promise<void> {
    const { jobs: t } = its.store.read.t;
    const lease = (leasedUntil: InstantMs, before: InstantMs) =>
      its.store.tx((q) =>
        q
          .update(q.t.jobs)
          .set({ leasedUntil })
          .where(and(eq(t.kind, 'delivery.replan'), eq(t.leasedUntil, before)))
          .returning({ id: q.t.jobs.id }),
      );
    const [none, long] = [instant(0), after(world.clock.now(), days(3_000))];
    await vi.waitFor(async () => expect(await lease(long, none)).toHaveLength(1), aMoment);
    await work();
    expect(await lease(none, long)).toHaveLength(1);
  }
  /** What is done makes the plan out of date, and says so itself. */
  async function replannedAfter(work: () => Promise<unknown>): Promise<void> {
    const before = (await wishes(its.store.read)).wanted;
    await work();
    expect((await wishes(its.store.read)).wanted).toBeGreaterThan(before);
    await planned();
  }

  const ahead = ({ id }: Bought, place?: Town) => {
    const t = its.store.read.t.bookingCells;
    const there = place && eq(t.communityId, place.communityId);
    return its.store.read
      .select()
      .from(t)
      .where(and(eq(t.bookingId, id), gt(t.at, world.clock.now()), gt(t.plannedMilli, 0), there))
      .orderBy(asc(t.at));
  };
  const aheadMilli = async (bought: Bought, place?: Town) =>
    (await ahead(bought, place)).reduce((sum, { plannedMilli }) => sum + plannedMilli, 0);
  const minutesAhead = async (bought: Bought) => [...new Set((await ahead(bought)).map(({ at }) => minuteOf(at)))];
  const daysAhead = async (bought: Bought) => [
    ...new Set((await ahead(bought)).map(({ at }) => localTime(at, zone).date)),
  ];
  /** Half-hours in which a screen that asks now is told to play it. */
  async function onScreen({ gate }: Town, { campaignId }: Bought): Promise<InstantMs[]> {
    const { body } = await signInTerminal(world, gate.id, gate.epoch, gate.identity);
    const told = await world.call('GET', `/v1/terminals/${gate.id}/documents/plan`, { token: body.token });
    const { cells } = planSchema.parse(told.body.body);
    return cells.filter(({ entries }) => entries.some(({ campaign }) => campaign === campaignId)).map(({ at }) => at);
  }
  /** Once the jobs have had their turn, the screen is told of just what is planned. */
  const showsWhatIsPlanned = (place: Town, bought: Bought) =>
    vi.waitFor(async () => {
      world.clock.advance(seconds(1));
      expect(await onScreen(place, bought)).toEqual((await ahead(bought, place)).map(({ at }) => at));
    }, aMoment);
  const progress = async ({ id, shop }: Bought) =>
    (await world.call('GET', `/v1/bookings/${id}/progress`, { token: shop.token })).body;
  const reasonsOf = async ({ id }: Bought): Promise<string[] | undefined> => {
    const { items } = await asOperator('GET', '/v1/delivery/behind');
    return items.find((one: { readonly bookingId: string }) => one.bookingId === id)?.reasons;
  };

  it('in hours that owners keep for themselves is played in the others, and in all when they let them again', async () => {
    const here = await town();
    const bought = await foodIn([here]);
    expect(await minutesAhead(bought)).toEqual([1_080, 1_110, 1_140, 1_170]);
    await replannedAfter(async () => {
      await withoutPlans(async () => {
        await showsWhatIsPlanned(here, bought);
        const before = await ahead(bought);
        await decide(here, untilSeven);
        // No plan has been made since, and no screen is told of those hours.
        expect(await ahead(bought)).toEqual(before);
        expect([...new Set((await onScreen(here, bought)).map(minuteOf))]).toEqual([1_080, 1_110]);
      });
    });
    expect(await minutesAhead(bought)).toEqual([1_080, 1_110]);
    expect(await aheadMilli(bought)).toBeGreaterThanOrEqual(40_000);
    await showsWhatIsPlanned(here, bought);
    expect(await progress(bought)).toMatchObject({ outlook: { expectedTouches: 40 } });
    await replannedAfter(() => decide(here));
    expect(await minutesAhead(bought)).toEqual([1_080, 1_110, 1_140, 1_170]);
    await showsWhatIsPlanned(here, bought);
  });

  it('of a kind that owners do not want is played where others have it, and there again when they do', async () => {
    const [here, there] = [await town(), await town()];
    const [food, other] = [await foodIn([here, there]), await shopIn(here)];
    const goods = await buy(other, await readyCampaign(world, other, 'goods'), [here]);
    expect(await aheadMilli(food, here)).toBeGreaterThan(10_000);
    await replannedAfter(async () => {
      await showsWhatIsPlanned(here, food);
      await decide(here, { excluded: 'food' });
      expect(await onScreen(here, food)).toEqual([]);
    });
    expect(await ahead(food, here)).toEqual([]);
    expect(await aheadMilli(food, there)).toBeGreaterThanOrEqual(40_000);
    expect(await aheadMilli(goods, here)).toBeGreaterThanOrEqual(40_000);
    await showsWhatIsPlanned(there, food);
    expect(await reasonsOf(food)).toBeUndefined();
    await replannedAfter(() => decide(here));
    expect(await aheadMilli(food, here)).toBeGreaterThan(10_000);
    await showsWhatIsPlanned(here, food);
    await showsWhatIsPlanned(there, food);
  });

  it('after the last day of a decision is not planned, and is when it is renewed', async () => {
    const here = await town();
    const bought = await foodIn([here], { lastDay: dayAhead(3) });
    await replannedAfter(() => decide(here, { lastDay: dayAhead(1) }));
    expect(await daysAhead(bought)).toEqual([dayAhead(1)]);
    await showsWhatIsPlanned(here, bought);
    await replannedAfter(() => decide(here));
    expect(await daysAhead(bought)).toEqual([dayAhead(1), dayAhead(2), dayAhead(3)]);
    await showsWhatIsPlanned(here, bought);
  });

  it('of a merchant who is suspended leaves plan and screens, and comes back with it', async () => {
    const here = await town();
    const [bought, other] = [await foodIn([here]), await foodIn([here])];
    const before = await ahead(bought);
    const path = `/v1/merchants/${bought.shop.id}`;
    await replannedAfter(async () => {
      await withoutPlans(async () => {
        await showsWhatIsPlanned(here, bought);
        await asOperator('POST', `${path}/suspend`, { reason: 'not-allowed', note: '' });
        await vi.waitFor(async () => {
          world.clock.advance(seconds(1));
          expect(await onScreen(here, bought)).toEqual([]);
        }, aMoment);
        expect(await ahead(bought)).toEqual(before);
      });
    });
    expect(await ahead(bought)).toEqual([]);
    expect(await onScreen(here, bought)).toEqual([]);
    expect(await aheadMilli(other)).toBeGreaterThanOrEqual(40_000);
    expect(await reasonsOf(bought)).toEqual(['merchant-stopped']);
    await replannedAfter(() => asOperator('POST', `${path}/reinstate`));
    expect(await aheadMilli(bought)).toBeGreaterThanOrEqual(40_000);
    await showsWhatIsPlanned(here, bought);
    expect(await reasonsOf(bought)).toBeUndefined();
  });

  it('without a permit is planned to its end, and to its own end when it is renewed and looked at again', async () => {
    const here = await town();
    const shop = await shopIn(here);
    const ends = onDay(dayAhead(2), 11 * 60);
    await permit(shop, ends);
    const { clipId, campaignId } = await beer(shop);
    const mornings = { weekdays: everyDay, fromMinute: 10 * 60, toMinute: 12 * 60 };
    const lastDay = dayAhead(5);
    const bought = await buy(shop, campaignId, [here], { lastDay, dayparts: [mornings], touches: 10 });
    expect(await daysAhead(bought)).toEqual([dayAhead(1), dayAhead(2)]);
    expect((await ahead(bought)).every(({ at }) => at < ends)).toBe(true);
    await showsWhatIsPlanned(here, bought);
    // Renewed in time; what was approved is approved to the end of the old one all the same.
    await permit(shop, after(ends, days(300)));
    await planned();
    expect((await ahead(bought)).every(({ at }) => at < ends)).toBe(true);
    advanceTo(ends);
    await vi.waitFor(async () => {
      world.clock.advance(seconds(30));
      expect((await asOperator('GET', `/v1/clips/${clipId}`)).status).toBe('expired');
    }, aMoment);
    // What a screen has told of nothing until then was not played.
    world.clock.advance(hours(27));
    await wantedAndPlanned(world);
    expect(await ahead(bought)).toEqual([]);
    expect(await onScreen(here, bought)).toEqual([]);
    expect(await reasonsOf(bought)).toEqual(expect.arrayContaining(['clip-stopped']));
    await replannedAfter(async () => {
      await foreverSignedIn();
      expect((await world.call('POST', `/v1/clips/${clipId}/review-again`, { token: shop.token })).status).toBe(200);
      await asOperator('POST', `/v1/clips/${clipId}/approve`, { ticked: checklistOf('alcohol') });
    });
    expect((await ahead(bought)).at(-1)?.at).toBe(onDay(lastDay, 12 * 60) - halfHourMs);
    await showsWhatIsPlanned(here, bought);
  });

  it('of a clip that was taken down is planned for nobody, and again when it may be shown', async () => {
    const here = await town();
    const shop = await shopIn(here);
    await permit(shop, after(world.clock.now(), days(90)));
    const { clipId, campaignId } = await beer(shop);
    const noons = { weekdays: everyDay, fromMinute: 11 * 60, toMinute: 13 * 60 };
    const bought = await buy(shop, campaignId, [here], { dayparts: [noons], touches: 10 });
    await showsWhatIsPlanned(here, bought);
    const told = { reason: 'other', note: '待查' };
    await replannedAfter(() => asOperator('POST', `/v1/clips/${clipId}/take-down`, told));
    expect(await ahead(bought)).toEqual([]);
    await showsWhatIsPlanned(here, bought);
    expect(await reasonsOf(bought)).toEqual(['clip-stopped']);
    await replannedAfter(async () => {
      await asOperator('POST', `/v1/clips/${clipId}/review-again`);
      await asOperator('POST', `/v1/clips/${clipId}/approve`, { ticked: checklistOf('alcohol') });
    });
    expect(await aheadMilli(bought)).toBeGreaterThanOrEqual(10_000);
    await showsWhatIsPlanned(here, bought);
  });

  it.each([
    {
      why: 'its merchant was suspended',
      reason: 'not-planned',
      close: (bought: Bought) =>
        asOperator('POST', `/v1/merchants/${bought.shop.id}/suspend`, { reason: 'not-allowed', note: '' }),
      open: (bought: Bought) => asOperator('POST', `/v1/merchants/${bought.shop.id}/reinstate`),
    },
    {
      why: 'owners wanted none of its kind',
      reason: 'not-for-sale',
      close: (_: Bought, here: Town) => decide(here, { excluded: 'food' }),
      open: (_: Bought, here: Town) => decide(here),
    },
  ])(
    'to the end, as $why, is made good for that reason and is shown on the days after',
    async ({ reason, ...deeds }) => {
      const here = await town();
      const bought = await foodIn([here]);
      const lastDay = dayAhead(2);
      await replannedAfter(() => deeds.close(bought, here));
      expect(await ahead(bought)).toEqual([]);
      // Open again when the last of its half-hours has passed.
      advanceTo(onDay(lastDay, 20 * 60 + 5));
      await foreverSignedIn();
      await replannedAfter(() => deeds.open(bought, here));
      expect(await ahead(bought)).toEqual([]);
      world.clock.advance(hours(27));
      await vi.waitFor(async () => {
        world.clock.advance(seconds(30));
        expect((await progress(bought)).makeGoods).toMatchObject([{ no: 1, reason, missingTouches: 40 }]);
      }, aMoment);
      await planned();
      const madeGood = await ahead(bought, here);
      expect(await aheadMilli(bought, here)).toBeGreaterThanOrEqual(40_000);
      expect(madeGood.every(({ at }) => 1_080 <= minuteOf(at) && minuteOf(at) < 1_200)).toBe(true);
      await showsWhatIsPlanned(here, bought);
    },
  );

  it('any more is not prolonged: the money goes back', async () => {
    const here = await town();
    const suspended = await foodIn([here]);
    const stopped = await foodIn([here]);
    const blocked = await foodIn([here]);
    const lines = [suspended, stopped, blocked];
    const campaigns = await its.store.read.select().from(its.store.read.t.campaigns);
    const clipOf = ({ campaignId }: Bought) => campaigns.find(({ id }) => id === campaignId)?.clipId ?? '';
    const note = { reason: 'not-allowed', note: '' };
    await asOperator('POST', `/v1/merchants/${suspended.shop.id}/suspend`, note);
    await asOperator('POST', `/v1/clips/${clipOf(stopped)}/take-down`, { reason: 'other', note: '待查' });
    const block = `/v1/communities/${here.communityId}/clip-blocks/${clipOf(blocked)}`;
    await replannedAfter(() => world.call('PUT', block, { token: here.manager, body: {} }));
    for (const line of lines) expect(await ahead(line)).toEqual([]);
    expect(await reasonsOf(blocked)).toEqual(['clip-stopped']);
    advanceTo(onDay(dayAhead(2), 20 * 60));
    world.clock.advance(hours(27));
    await foreverSignedIn();
    for (const line of lines)
      await vi.waitFor(async () => {
        world.clock.advance(seconds(30));
        const { body } = await world.call('GET', `/v1/bookings/${line.id}`, { token: line.shop.token });
        expect(body).toMatchObject({ status: 'refunded', refundedFen: body.priceFen });
        expect(await progress(line)).toMatchObject({ state: 'ended', makeGoods: [] });
      }, aMoment);
  });

  /** Handed in by the merchant, accepted by the operator. */
  async function permit({ token }: TestMerchant, validTo: InstantMs): Promise<void> {
    const about = { category: 'alcohol', number: 'JY-1', validFrom: '1', validTo: String(validTo) };
    const handedIn = await world.app.fetch(
      new Request(`http://gatecast.test/v1/permits?${new URLSearchParams(about).toString()}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: new Blob(['%PDF-1.7']),
      }),
    );
    const { id } = (await handedIn.json()) as { readonly id: string };
    await asOperator('POST', `/v1/permits/${id}/accept`);
  }
  let lengthMs = 4_000;
  /** A clip that went all the way through the review, and a campaign with it. */
  async function beer({ token }: TestMerchant): Promise<{ readonly clipId: string; readonly campaignId: string }> {
    lengthMs += 200;
    const about = { title: '本地啤酒', category: 'alcohol' };
    const clipId: string = (await upload(world, token, mp4File({ durationMs: lengthMs }), about)).body.id;
    await vi.waitFor(async () => {
      world.clock.advance(seconds(3));
      expect((await asOperator('GET', `/v1/clips/${clipId}`)).status).toBe('in-review');
    }, aMoment);
    await asOperator('POST', `/v1/clips/${clipId}/approve`, { ticked: checklistOf('alcohol') });
    const body = { name: '啤酒季', clipId, dealId: null };
    return { clipId, campaignId: (await world.call('POST', '/v1/campaigns', { token, body })).body.id };
  }
});
