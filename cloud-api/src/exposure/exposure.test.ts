import { halfHourMs, minutes, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { JournalBatch, PlayBody } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { campaignOf, merchantAt, pay, type TestMerchant } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';

const provider = memoryProvider();
let world: TestApp;
let here: Neighbourhood;
let terminal: TestTerminal;
let merchant: TestMerchant;
let campaignId: string;
/** SHA-256 of the file that plays. */
let clip: string;
let at: InstantMs;
let journal: ReturnType<typeof testJournal>;

beforeAll(async () => {
  world = await testApp({ paymentProvider: provider });
  here = await neighbourhood(world);
  terminal = await claimedTerminal(world, here);
  journal = testJournal(world, terminal, 'play');
  merchant = await merchantAt(world, here);
  campaignId = await campaignOf(world, merchant);
  clip = await clipOf(world);
  const now = world.clock.now();
  at = (now - (now % halfHourMs)) as InstantMs;
  const held = await world.call('POST', '/v1/bookings', {
    token: merchant.token,
    body: { campaignId, communityId: here.communityId, at, touches: 5 },
  });
  await pay(world, provider, held);
}, 60_000);
afterAll(() => world.close());

async function clipOf({ store }: TestApp): Promise<string> {
  const [file] = await store.read.select().from(store.read.t.clipFiles);
  return file?.sha256 ?? '';
}

const touchId = newId('touch');
const play = (over: Partial<PlayBody> = {}): NewRow => ({
  kind: 'play',
  body: {
    decision: newId('decision'),
    touch: touchId,
    billable: true,
    entrance: here.entranceId,
    placement: 'gate',
    campaign: campaignId,
    clip,
    halfHour: at,
    startedAt: world.clock.now(),
    rendered: true,
    viewable: true,
    completed: true,
    shownMs: 8_000,
    framesPresented: 200,
    framesDropped: 0,
    muted: false,
    endReason: 'finished',
    panel: 'unproven',
    milliTouches: 1_000,
    ...over,
  },
});
const touch = (): NewRow => ({
  kind: 'touch',
  body: {
    touch: touchId,
    entrance: here.entranceId,
    placement: 'gate',
    event: 'opening',
    unbillable: null,
    startedAt: world.clock.now(),
    windowMs: 9_000,
    endedBy: 'timeout',
  },
});
const halfHourClosed = (): NewRow => ({
  kind: 'half-hour',
  body: { at, entrance: here.entranceId, placement: 'gate', touches: { opening: null } },
});
const handIn = (batch: JournalBatch) =>
  world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: batch });
const sent: JournalBatch[] = [];
const send = (...rows: readonly NewRow[]) => {
  const batch = journal(...rows);
  sent.push(batch);
  return handIn(batch);
};
const exposures = async (token = merchant.token) =>
  (await world.call('GET', `/v1/exposures?campaignId=${campaignId}`, { token })).body.items;

const traced = async (token = merchant.token) =>
  (await world.call('GET', `/v1/traces?campaignId=${campaignId}`, { token })).body.items;

describe('what a merchant sees of its exposure', () => {
  it('is nothing while the half-hour is open', async () => {
    expect(
      (await send(touch(), play(), play({ decision: newId('decision'), touch: null, billable: false }))).status,
    ).toBeLessThan(300);
    expect(await exposures()).toMatchObject([
      { at, state: 'open', bookedTouches: 5, verified: null, rendered: null, ambient: null, priceFen: 100 },
    ]);
    expect(await exposures()).toMatchObject([
      { placements: null, lineItems: [{ segment: 'all', expectedPartPpm: null, verifiedMilliTouches: null }] },
    ]);
  });

  it('does not count plays while the half-hour is open, not even behind a scan', async () => {
    const visit = { id: newId('visit'), terminalId: terminal.id, entranceId: here.entranceId, halfHour: at, at };
    const aim = { communityId: here.communityId, campaignId, merchantId: merchant.id, dealId: null, clipPrefix: 'a' };
    await world.store.tx(async (q) => void (await q.insert(q.t.visits).values({ ...visit, ...aim })));
    expect(await traced(world.operator)).toMatchObject([{ play: { plays: 2 } }]);
    expect(await traced()).toMatchObject([{ reached: 'visit', play: { halfHour: at, plays: 1 } }]);
  });

  it('is one verified touch once the screen has closed the half-hour, and not before it is over', async () => {
    await send({ kind: 'hologram', body: { unknown: true } }, play({ viewable: false }));
    world.clock.advance(minutes(31));
    expect(await exposures()).toMatchObject([{ state: 'open' }]);
    await send(halfHourClosed());
    expect(await exposures()).toMatchObject([
      {
        state: 'closed',
        rendered: 2,
        viewable: 1,
        completed: 2,
        verified: 1,
        verifiedMilliTouches: 1_000,
        ambient: 1,
        placements: [
          { placement: 'gate', rendered: 2, viewable: 1, completed: 2, verified: 1, verifiedMilliTouches: 1_000 },
        ],
        lineItems: [{ segment: 'all', expectedPartPpm: 1_000_000, verifiedMilliTouches: 1_000, people: null }],
      },
    ]);
    expect(await traced()).toMatchObject([{ play: { plays: 3 } }]);
  });

  it('is told at once', async () => {
    const rows = await world.store.read.select().from(world.store.read.t.events);
    const told = rows.filter((e) => e.type === 'half-hour' && e.merchantId === merchant.id);
    expect(told).toMatchObject([{ subject: campaignId, facts: { at, communityId: here.communityId } }]);
    expect(rows.filter((e) => e.type === 'play' || e.type === 'touch').every((e) => e.merchantId === null)).toBe(true);
  });

  it('does not wait for a screen that came later, but for every one that was there', async () => {
    await world.call('POST', `/v1/communities/${here.communityId}/entrances`, {
      token: world.operator,
      body: { name: 'West gate', placement: 'gate' },
    });
    const { items } = (
      await world.call('GET', `/v1/communities/${here.communityId}/entrances`, { token: here.manager })
    ).body;
    const west = items.find((e: { name: string }) => e.name === 'West gate').id;
    await claimedTerminal(world, { ...here, entranceId: west });
    expect(await exposures()).toMatchObject([{ state: 'closed', verified: 1 }]);
  });

  it('is not shown to others, and the plays with their times are the operator’s', async () => {
    const other = await merchantAt(world, here, '隔壁面馆');
    expect(await exposures(other.token)).toEqual([]);
    expect(await world.call('GET', '/v1/plays', { token: merchant.token })).toMatchObject({ status: 403 });
    const { body } = await world.call('GET', `/v1/plays?terminalId=${terminal.id}`, { token: world.operator });
    expect(body.items).toHaveLength(3);
    expect(JSON.stringify(body)).not.toContain('tch_');
  });

  it('stays the same when the terminal sends its rows again, and when it sends others in their place', async () => {
    const { body } = await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity);
    terminal = { ...terminal, token: body.token };
    for (const batch of sent) expect((await handIn(batch)).status).toBe(200);
    const others = testJournal(world, terminal, 'play')(touch(), play({ touch: newId('touch') }));
    expect((await handIn(others)).status).toBe(409);
    expect(await exposures()).toMatchObject([{ verified: 1, rendered: 2, viewable: 1, ambient: 1 }]);
  });
});
