import { createHash } from 'node:crypto';
import { after, days, hours, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { documentEnvelope, plan as planSchema, type PlanEntry } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, residentAt, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

describeStores('what a screen is told of days and people', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let gate: TestTerminal;
  let sold: number;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    gate = await claimedTerminal(world, here);
    merchant = await merchantAt(world, here);
    sold = 0;
    // Of fewer nobody hears a number, and nothing is shown to them.
    for (let n = 0; n < 10; n += 1) {
      const { token } = await residentAt(world, here, `住户 ${n}`);
      const body = { granted: true, textVersion: 2 };
      await world.call('PUT', '/v1/me/consents/screen-pseudonym', { token, body });
    }
  }, 90_000);
  afterAll(() => world.close());

  async function campaignOf(category: 'food' | 'medicine' = 'food'): Promise<string> {
    const [clipId, createdAt, campaignId] = [newId('clip'), world.clock.now(), newId('campaign')];
    const sha256 = createHash('sha256').update(clipId).digest('hex');
    const picture = { width: 720, height: 1_280, durationMs: 8_000 };
    const source = {
      sourceSha256: sha256,
      sourceBytes: 9,
      sourceWidth: 720,
      sourceHeight: 1_280,
      sourceHasAudio: false,
    };
    const state = { status: 'approved' as const, progressPercent: 100, sourceConforms: true, category };
    const clip = {
      id: clipId,
      merchantId: merchant.id,
      title: '草莓',
      createdAt,
      sha256,
      ...picture,
      ...source,
      ...state,
    };
    sold += 1;
    const row = {
      id: campaignId,
      no: 10_000 + sold,
      merchantId: merchant.id,
      name: '草莓',
      clipId,
      dealId: null,
      createdAt,
    };
    await its.store.tx(async (q) => {
      await q.insert(q.t.clips).values(clip);
      await q.insert(q.t.clipFiles).values({ clipId, cut: 'door', profile: 'B', sha256, bytes: 9, ...picture });
      await q.insert(q.t.campaigns).values(row);
    });
    return campaignId;
  }

  const begin = () => instant(Math.ceil(world.clock.now() / hours(24)) * hours(24));
  async function line(campaignId: string, more: Readonly<Record<string, unknown>>): Promise<string> {
    const at = begin();
    const common = {
      campaignId,
      merchantId: merchant.id,
      communityId: here.communityId,
      at,
      createdAt: at,
      holdUntil: at,
    };
    const id = newId('booking');
    const paid = {
      touches: 30,
      priceFen: 900,
      paymentId: newId('payment'),
      status: 'paid' as const,
      toAt: after(at, days(2)),
    };
    await its.store.tx(async (q) => {
      await q.insert(q.t.bookings).values({ id, ...common, ...paid, ...more });
      await q.insert(q.t.bookingPlaces).values({ bookingId: id, communityId: here.communityId });
    });
    return id;
  }
  async function cellAt(bookingId: string, campaignId: string, at: InstantMs): Promise<void> {
    const whose = { bookingId, campaignId, merchantId: merchant.id, communityId: here.communityId };
    const cell = { ...whose, at, placement: 'any' as const, plannedMilli: 3_000, sharePpm: 100_000 };
    await its.store.tx((q) => q.insert(q.t.bookingCells).values(cell));
  }
  async function clipOf(campaignId: string): Promise<{ readonly clipId: string }> {
    const t = its.store.read.t.campaigns;
    const [row] = await its.store.read.select().from(t).where(eq(t.id, campaignId));
    return { clipId: row?.clipId ?? '' };
  }
  /** That a property stops some clip makes new plans. */
  async function entries(protocol: number): Promise<PlanEntry[]> {
    await world.call('GET', `/v1/terminals/${gate.id}/desired?protocol=${protocol}`, { token: gate.token });
    const { clipId } = await clipOf(await campaignOf());
    const path = `/v1/communities/${here.communityId}/clip-blocks/${clipId}`;
    const blocked = await world.call('PUT', path, { token: here.manager, body: {} });
    expect(blocked.status).toBe(200);
    await world.app.settled();
    const answer = await world.call('GET', `/v1/terminals/${gate.id}/documents/plan`, { token: gate.token });
    return planSchema.parse(documentEnvelope.parse(answer.body).body).cells.flatMap((cell) => cell.entries);
  }

  it('names days that are held out and people to reach, to screens that understand it', async () => {
    const [tested, open, people, medicine] = [
      await campaignOf(),
      await campaignOf(),
      await campaignOf(),
      await campaignOf('medicine'),
    ];
    // All but one of a million draws.
    const held = await line(tested, { holdoutPpm: 999_999 });
    await cellAt(held, tested, after(begin(), hours(4)));
    await cellAt(await line(open, {}), open, after(begin(), hours(4)));
    const goal = await line(people, { product: 'ten-people', people: 10, holdoutPpm: 100_000 });
    await line(medicine, { product: 'ten-people', people: 10 });

    const told = await entries(6);
    const of = (campaign: string) => told.filter((entry) => entry.campaign === campaign);
    expect(of(tested).map(({ heldOut }) => heldOut)).toEqual([true]);
    expect(of(open).map(({ heldOut, consent }) => [heldOut, consent])).toEqual([[undefined, false]]);
    expect(of(people).length).toBeGreaterThan(50);
    for (const entry of of(people))
      expect(entry).toMatchObject({
        consent: true,
        people: { lineItem: goal, upTo: 10, known: 0, holdout: { ppm: 100_000 } },
      });
    // Matched to one person it would say something of their body.
    expect(of(medicine)).toEqual([]);

    const older = await entries(5);
    const told5 = older.map(({ campaign }) => campaign);
    expect(told5).toContain(open);
    expect(told5).not.toContain(tested);
    expect(older.filter(({ consent, people: some }) => consent || some)).toEqual([]);
  });

  it('leaves a screen only those whom nobody has reached yet', async () => {
    const campaignId = await campaignOf();
    const lineItem = await line(campaignId, { product: 'ten-people', people: 10 });
    const at = begin();
    const seen = { rendered: true, viewable: true, completed: true, billable: true, muted: true, milliTouches: 1_000 };
    const counts = {
      shownMs: 8_000,
      framesPresented: 200,
      framesDropped: 0,
      endReason: 'finished' as const,
      panel: 'on' as const,
    };
    const where = {
      terminalId: gate.id,
      communityId: here.communityId,
      entranceId: newId('entrance'),
      placement: 'gate' as const,
    };
    const play = { ...where, campaignId, clip: 'a'.repeat(64), halfHour: at, startedAt: at, ...seen, ...counts };
    const row = (n: number, more = {}) => ({
      ...play,
      id: `${gate.id}:1:${n}`,
      touch: newId('touch'),
      reached: lineItem,
      ...more,
    });
    const rows = [row(1), row(2), row(3, { viewable: false }), row(4, { reached: null })];
    await its.store.tx((q) => q.insertMany(q.t.plays, rows, { onConflict: 'nothing' }));
    const own = (await entries(6)).filter((entry) => entry.campaign === campaignId);
    expect(own[0]).toMatchObject({ remaining: 10, people: { upTo: 10, known: 2 } });
  });
});
