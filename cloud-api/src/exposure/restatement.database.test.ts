import { createHash } from 'node:crypto';
import {
  after,
  days,
  halfHourMs,
  hours,
  instant,
  minutes,
  newId,
  seconds,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import type { PlayBody } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testSpans } from '../terminals/commissioning-store.ts';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { merchantAt, pay, type TestMerchant } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';

describeStores('a half-hour that a screen tells of late', (its) => {
  const provider = memoryProvider();
  let world: TestApp;
  let here: Neighbourhood;
  let gate: TestTerminal;
  let yard: TestTerminal;
  let merchant: TestMerchant;
  let campaignId: string;
  let gateTells: ReturnType<typeof testJournal>;
  let at: InstantMs;

  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: provider });
    here = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    yard = await claimedTerminal(world, { ...here, entranceId: await anotherEntrance() });
    merchant = await merchantAt(world, here);
    campaignId = await campaignOf();
    gateTells = testJournal(world, gate, 'play');
    const now = world.clock.now();
    at = instant(now - (now % halfHourMs));
    const body = { campaignId, communityId: here.communityId, at, touches: 5 };
    await pay(world, provider, await world.call('POST', '/v1/bookings', { token: merchant.token, body }));
    touchedAt = now;
  }, 90_000);
  afterAll(() => world.close());

  let touchedAt: InstantMs;
  const clip = createHash('sha256').update('a clip').digest('hex');
  /** With a clip that was approved: how one comes about is another test's matter. */
  const campaignOf = async (): Promise<string> => {
    const [clipId, createdAt] = [newId('clip'), world.clock.now()];
    const picture = { width: 720, height: 1_280, durationMs: 8_000 };
    const source = { sourceSha256: clip, sourceBytes: 9, sourceWidth: 720, sourceHeight: 1_280, sourceHasAudio: false };
    await its.store.tx(async (q) => {
      const about = { id: clipId, merchantId: merchant.id, title: '当季草莓', createdAt, ...picture, sha256: clip };
      const done = {
        status: 'approved' as const,
        progressPercent: 100,
        sourceConforms: true,
        category: 'food' as const,
      };
      await q.insert(q.t.clips).values({ ...about, ...source, ...done });
      await q.insert(q.t.clipFiles).values({ clipId, cut: 'door', profile: 'B', sha256: clip, bytes: 9, ...picture });
    });
    const body = { name: '草莓季', clipId, dealId: null };
    return (await world.call('POST', '/v1/campaigns', { token: merchant.token, body })).body.id;
  };
  const anotherEntrance = async (): Promise<string> => {
    const path = `/v1/communities/${here.communityId}/entrances`;
    await world.call('POST', path, { token: world.operator, body: { name: 'Yard', placement: 'gate' } });
    const { items } = (await world.call('GET', path, { token: here.manager })).body;
    return items.find(({ name }: { name: string }) => name === 'Yard').id;
  };

  /** A touch that saw the clip, as the terminal wrote it at the time. */
  const visit = (over: Partial<PlayBody> = {}, header: Partial<NewRow> = {}): NewRow[] => {
    const touch = newId('touch');
    const place = { entrance: here.entranceId, placement: 'gate', startedAt: touchedAt };
    const seen = { rendered: true, viewable: true, completed: true, shownMs: 6_000, framesPresented: 150 };
    const end = { framesDropped: 0, muted: true, endReason: 'finished', panel: 'on', panelBy: 'cec' };
    const play = { decision: newId('decision'), touch, billable: true, campaign: campaignId, clip, halfHour: at };
    const body = { touch, ...place, event: 'opening', unbillable: null, windowMs: 8_000, endedBy: 'door-closed' };
    const wallMs = after(touchedAt, seconds(9));
    return [
      { kind: 'touch', body, wallMs },
      { kind: 'play', body: { ...play, ...place, ...seen, ...end, milliTouches: 1_000, ...over }, wallMs, ...header },
    ];
  };
  const closing = (): NewRow => ({
    kind: 'half-hour',
    body: { at, entrance: here.entranceId, placement: 'gate', touches: { opening: null } },
    wallMs: after(after(at, halfHourMs), minutes(1)),
  });
  const send = async (terminal: TestTerminal, journal: ReturnType<typeof testJournal>, ...rows: NewRow[]) => {
    const { body } = await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity);
    const answer = await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
      token: body.token,
      body: journal(...rows),
    });
    expect(answer.status).toBe(200);
  };
  /** Signed in anew each time: weeks go by. */
  const reported = async () => {
    const token = await world.signIn(operatorLogin.email, operatorLogin.password);
    return (await world.call('GET', `/v1/exposures?campaignId=${campaignId}`, { token })).body.items[0];
  };
  const told = async () =>
    (await its.store.read.select().from(its.store.read.t.events))
      .filter((e) => e.type === 'half-hour' && e.merchantId === merchant.id)
      .map((e) => e.facts['version']);

  it('is open for a day, and then reported with who is missing', async () => {
    await send(gate, gateTells, ...visit(), ...visit({ viewable: false }));
    world.clock.advance(hours(2));
    expect(await reported()).toMatchObject({ state: 'open', version: null, verified: null });
    world.clock.advance(hours(24));
    expect(await reported()).toMatchObject({
      state: 'closed',
      version: 1,
      restatedAt: null,
      earlier: [],
      verified: 1,
      rendered: 2,
      viewable: 1,
      panelOn: 1,
      averageViewableMs: 6_000,
      dropRatePpm: 0,
      filtered: [],
      missingScreens: 2,
    });
    expect(await told()).toEqual([1]);
  });

  it('is restated two weeks later, with what it said before and why some of it does not count', async () => {
    const first = world.clock.now();
    world.clock.advance(days(14));
    const again = visit()[1];
    await send(
      yard,
      testJournal(world, yard, 'play'),
      ...visit(),
      ...visit(),
      ...visit({}, { clock: 'unknown' }),
      ...visit({ clip: 'b'.repeat(64) }),
      ...(again ? [again] : []),
      closing(),
    );
    expect(await reported()).toMatchObject({
      version: 2,
      restatedAt: world.clock.now(),
      verified: 3,
      viewable: 3,
      missingScreens: 1,
      earlier: [{ version: 1, madeAt: first, verified: 1, viewable: 1 }],
      filtered: expect.arrayContaining([
        { reason: 'clock', plays: 1 },
        { reason: 'unknown-clip', plays: 1 },
        { reason: 'unknown-touch', plays: 1 },
      ]),
    });
    expect(await told()).toContain(2);
    const kept = await its.store.read.select().from(its.store.read.t.exposureReports);
    expect(kept.filter((row) => row.campaignId === campaignId).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('is not restated by being looked at, nor when nothing is otherwise', async () => {
    const before = await reported();
    world.clock.advance(days(1));
    expect(await reported()).toEqual(before);
  });

  it('keeps the name of a clip that is gone, in the plays and for rows that are still to come', async () => {
    await its.store.tx(async (q) => {
      await q.delete(q.t.clipFiles);
      await q.delete(q.t.clips);
    });
    const token = await world.signIn(operatorLogin.email, operatorLogin.password);
    const titles = async () => {
      const { items } = (await world.call('GET', `/v1/plays?terminalId=${yard.id}`, { token })).body;
      return new Set(items.map(({ clipTitle }: { clipTitle: string }) => clipTitle));
    };
    expect(await titles()).toEqual(new Set(['当季草莓', 'bbbbbbbb']));
    await send(gate, gateTells, ...visit(), closing());
    expect(await reported()).toMatchObject({ version: 3, verified: 4, missingScreens: 0 });
    expect(await told()).toContain(3);
  });

  it('counts nobody who came while somebody proved the door', async () => {
    const run = { terminalId: gate.id, startedBy: 'acct_1', startedAt: instant(touchedAt - minutes(10)) };
    await its.store.tx(async (q) => void (await q.insert(q.t.commissioningRuns).values(run)));
    await send(gate, gateTells, closing());
    expect(await reported()).toMatchObject({
      version: 4,
      verified: 2,
      filtered: expect.arrayContaining([{ reason: 'test', plays: 3 }]),
    });
    const between = { from: at, to: after(at, halfHourMs) };
    const spans = () => testSpans(its.store.read, [gate.id], between);
    expect(await spans()).toEqual([{ terminalId: gate.id, from: run.startedAt, to: after(run.startedAt, hours(4)) }]);
    const t = its.store.read.t.commissioningRuns;
    await its.store.tx(async (q) => void (await q.update(t).set({ signedAt: touchedAt })));
    expect(await spans()).toMatchObject([{ to: touchedAt }]);
  });

  it('is reported a day after it, though no screen tells and nobody asks', async () => {
    const later = instant(halfHourMs * (1 + Math.floor(world.clock.now() / halfHourMs)));
    const bought = { campaignId, merchantId: merchant.id, communityId: here.communityId, at: later, touches: 1 };
    const paid = { priceFen: 20, status: 'paid' as const, holdUntil: later, paymentId: newId('payment') };
    const row = { id: newId('booking'), ...bought, ...paid, createdAt: world.clock.now() };
    await its.store.tx(async (q) => {
      await q.insert(q.t.bookings).values(row);
      const { touches: _touches, ...cell } = bought;
      await q.insert(q.t.bookingCells).values({ ...cell, bookingId: row.id, placement: 'any', plannedMilli: 1_000 });
    });
    const reports = async () => {
      const t = its.store.read.t.exposureReports;
      return (await its.store.read.select().from(t)).filter((row) => row.at === later);
    };
    world.clock.advance(hours(26));
    await vi.waitFor(
      async () => expect(await reports()).toMatchObject([{ version: 1, missing: 2, viewable: 0 }]),
      10_000,
    );
  });

  it('stays as it was told once its plays are no longer kept, whatever still comes', async () => {
    const before = await reported();
    world.clock.advance(days(430));
    const { plays } = its.store.read.t;
    await vi.waitFor(async () => expect(await its.store.read.select().from(plays)).toEqual([]), 10_000);
    await send(gate, gateTells, ...visit(), closing());
    expect(await reported()).toEqual(before);
  });
});
