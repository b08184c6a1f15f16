import {
  after,
  days,
  halfHourMs,
  halfHourOf,
  instant,
  seconds,
  zonedInstant,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, ownersDecision, type Neighbourhood } from '../test-neighbourhood.ts';
import { deleteOldDocuments } from './document-retention.ts';
import type { Inventory } from './service.ts';

const zone = 'Asia/Shanghai';

describeStores('what the owners let', (its) => {
  let world: TestApp;
  let home: Neighbourhood;
  /** A community of its own for each test. */
  let here: Neighbourhood;
  let elsewhere: Neighbourhood;
  let inventory: Inventory;
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    home = await neighbourhood(world, { isForSale: false });
    elsewhere = await neighbourhood(world, { isForSale: false });
    ({ inventory } = world.app);
  });
  beforeEach(async () => {
    const profile = { families: 0, commuters: 0, elderly: 0 };
    const about = { name: 'Linden Court', zone, propertyCompanyId: home.companyId, households: 300, profile };
    const made = await world.call('POST', '/v1/communities', { token: world.operator, body: about });
    here = { ...home, communityId: made.body.id };
  });
  afterAll(() => world.close());

  const record = (token: string, over: Readonly<Record<string, string>> = {}, communityId = here.communityId) => {
    const { path, body } = ownersDecision(communityId, over);
    return world.call('POST', path, { token, body });
  };
  const step = (id: string, verb: string, token = world.operator, body?: object) =>
    world.call('POST', `/v1/owner-decisions/${id}/${verb}`, { token, ...(body && { body }) });
  const list = (token: string, query = '') => world.call('GET', `/v1/owner-decisions?limit=200${query}`, { token });
  const of = () => `&communityId=${here.communityId}`;
  const next = (): InstantMs => after(halfHourOf(world.clock.now()), halfHourMs);
  const state = async (at = next()) => {
    const span = { from: at, to: after(at, halfHourMs) };
    return (await inventory.sellable(its.store.read, [here.communityId], span)).get(here.communityId);
  };
  const offer = { placement: 'gate', category: 'goods' } as const;
  const requireSold = (over: object = {}) =>
    inventory.requireSold(its.store.read, here.communityId, { at: next(), ...offer, ...over });

  it('is nothing until somebody has recorded it; and says so by its code', async () => {
    expect(await state()).toMatchObject({ reason: 'no-owner-decision', scope: null });
    await expect(requireSold()).rejects.toMatchObject({ code: 'no-owner-decision' });
  });

  it('waits for the operator when the property manager records it, and is in force at once when the operator does', async () => {
    const made = await record(here.manager);
    expect(made).toMatchObject({ status: 201, body: { status: 'waiting', inForceFrom: null } });
    expect(await state()).toMatchObject({ reason: 'no-owner-decision' });
    expect((await step(made.body.id, 'confirm', here.manager)).body.code).toBe('forbidden');
    expect(await step(made.body.id, 'confirm')).toMatchObject({ status: 200, body: { status: 'in-force' } });
    await expect(requireSold()).resolves.toBeUndefined();
    world.clock.advance(seconds(1));
    const second = await record(world.operator, { placements: 'lift' });
    expect(second.body.status).toBe('in-force');
    await expect(requireSold()).rejects.toMatchObject({ code: 'outside-decision' });
    const history = (await list(here.manager, of())).body.items.map(({ status }: { status: string }) => status);
    expect(history).toEqual(['in-force', 'replaced']);
  });

  it('keeps the document, for who has its signed address', async () => {
    const { body } = await record(world.operator);
    const shown = await world.app.fetch(new Request(`http://gatecast.test${body.fileUrl}`));
    expect(await shown.text()).toBe('%PDF-1.7 决定');
    expect(shown.headers.get('content-type')).toBe('application/pdf');
    expect(shown.headers.get('content-security-policy')).toContain('sandbox');
    const forged = await world.call('GET', `/v1/owner-decisions/${body.id}/document?expires=9999999999999&signature=x`);
    expect(forged.body.code).toBe('bad-file-link');
  });

  it('stands in the operator’s list of communities that sell nothing, with the reason, until it is recorded', async () => {
    const quiet = await neighbourhood(world);
    const mine = async (token = world.operator) => {
      const { body } = await world.call('GET', '/v1/unsold-communities?limit=200', { token });
      return body.items.find(({ communityId }: { communityId: string }) => communityId === quiet.communityId);
    };
    await its.store.tx((q) =>
      q.delete(q.t.ownerDecisions).where(eq(q.t.ownerDecisions.communityId, quiet.communityId)),
    );
    expect(await mine()).toMatchObject({ reason: 'no-owner-decision', endedAt: null, waiting: 0 });
    const { body } = await record(quiet.manager, {}, quiet.communityId);
    expect(await mine()).toMatchObject({ waiting: 1 });
    await step(body.id, 'confirm');
    expect(await mine()).toBeUndefined();
    const t = its.store.read.t.ownerDecisions;
    await its.store.tx((q) =>
      q.update(q.t.ownerDecisions).set({ validTo: world.clock.now() }).where(eq(t.id, body.id)),
    );
    expect(await mine()).toMatchObject({ reason: 'decision-expired', endedAt: world.clock.now() });
  });

  it('loses its document some time after it was refused, while another that is the same keeps its own', async () => {
    const { papers } = world.app.content;
    const { body } = await record(here.manager, { title: '没有盖章的决定' });
    await step(body.id, 'refuse', world.operator, { note: '没有盖章' });
    const t = its.store.read.t.ownerDecisions;
    const [row] = await its.store.read.select().from(t).where(eq(t.id, body.id));
    const old = instant(world.clock.now() - days(91));
    await its.store.tx((q) => q.update(q.t.ownerDecisions).set({ decidedAt: old }).where(eq(t.id, body.id)));
    await deleteOldDocuments(world.app.platform, papers);
    const shown = (await list(here.manager, of())).body.items.find(({ id }: { id: string }) => id === body.id);
    expect(shown).toMatchObject({ status: 'refused', note: '没有盖章', fileUrl: null });
    expect(await papers.size(row?.fileSha256 ?? '')).toBeGreaterThan(0);
    const others = eq(t.fileSha256, row?.fileSha256 ?? '');
    await its.store.tx((q) =>
      q
        .update(q.t.ownerDecisions)
        .set({ endedAt: instant(old - days(3 * 366)), status: 'revoked' })
        .where(others),
    );
    await its.store.tx((q) => q.update(q.t.ownerDecisions).set({ fileDeletedAt: null }).where(others));
    for (let run = 0; run < 3; run += 1) await deleteOldDocuments(world.app.platform, papers);
    expect(await papers.size(row?.fileSha256 ?? '')).toBeUndefined();
  });

  it('is what the document’s reader refused for a reason, and goes no further', async () => {
    const { body } = await record(here.manager);
    const refused = await step(body.id, 'refuse', world.operator, { note: '没有盖章' });
    expect(refused.body).toMatchObject({ status: 'refused', note: '没有盖章' });
    expect((await step(body.id, 'confirm')).body.code).toBe('decision-state');
    expect((await step(body.id, 'revoke', here.manager, { note: '作废' })).body.code).toBe('decision-state');
  });

  it('ends at once when the owners take it back, and by itself when its last day is over', async () => {
    const { body } = await record(world.operator, { lastDay: '2026-12-31' });
    const end = zonedInstant('2027-01-01', 0, zone);
    expect(await state(instant(end - halfHourMs))).toMatchObject({ reason: null, scope: { until: end } });
    expect(await state(end)).toMatchObject({ reason: 'decision-expired' });
    const revoked = await step(body.id, 'revoke', here.manager, { note: '业主大会撤销' });
    expect(revoked.body).toMatchObject({ status: 'revoked', endedAt: world.clock.now() });
    expect(await state()).toMatchObject({ reason: 'no-owner-decision' });
  });

  it('is nobody else’s to see or to change', async () => {
    const { body } = await record(here.manager);
    expect((await record(elsewhere.manager)).status).toBe(404);
    expect((await step(body.id, 'revoke', elsewhere.manager, { note: '不行' })).status).toBe(404);
    expect((await list(elsewhere.manager)).body.items).toEqual([]);
  });

  it('is refused before anything is kept when its days or its document are wrong, or too much waits', async () => {
    for (const [over, code] of [
      [{ decidedOn: '2099-01-01' }, 'decision-window-invalid'],
      [{ lastDay: '2020-07-01' }, 'decision-window-invalid'],
      [{ decidedOn: '2026-02-30' }, 'invalid-request'],
      [{ placements: '' }, 'invalid-request'],
      [{ hours: '540-420' }, 'invalid-request'],
      [{ excluded: 'cats' }, 'invalid-request'],
    ] as const)
      expect([over, (await record(here.manager, over)).body.code]).toEqual([over, code]);
    const { path } = ownersDecision(here.communityId);
    const noScan = await world.call('POST', path, { token: here.manager, body: 'GIF89a' });
    expect(noScan.body.code).toBe('scan-unreadable');
    for (let i = 0; i < 5; i += 1) expect((await record(here.manager)).status).toBe(201);
    expect((await record(here.manager)).body.code).toBe('too-many-decisions');
  });

  it('is in force once, whoever confirms two of them at the same moment', async () => {
    const ids = [(await record(here.manager)).body.id, (await record(here.manager)).body.id];
    const confirmed = await Promise.all(ids.map((id) => step(id, 'confirm')));
    expect(confirmed.map(({ status }) => status)).toEqual([200, 200]);
    const statuses = (await list(here.manager, of())).body.items.map(({ status }: { status: string }) => status);
    expect(statuses.toSorted()).toEqual(['in-force', 'replaced']);
  });

  it('tells billing whose decision it was when a half-hour began', async () => {
    const first = (await record(world.operator, { ownersSharePpm: '600000' })).body.id;
    const then = next();
    world.clock.advance(days(1));
    const second = (await record(world.operator, { ownersSharePpm: '800000' })).body.id;
    const share = (at: InstantMs) => inventory.ownersShareAt(its.store.read, here.communityId, at);
    expect(await share(then)).toEqual({ decisionId: first, ownersSharePpm: 600_000, managementPpm: 100_000 });
    expect(await share(next())).toMatchObject({ decisionId: second, ownersSharePpm: 800_000 });
    expect(await share(instant(then - days(30)))).toBeNull();
    // It came into force in that half-hour, and nothing could be sold there before.
    expect(await share(instant(then - halfHourMs))).toMatchObject({ decisionId: first });
    expect(await share(instant(then - 2 * halfHourMs))).toBeNull();
  });

  it('leaves who did what', async () => {
    const { body } = await record(here.manager);
    await step(body.id, 'confirm');
    await step(body.id, 'revoke', here.manager, { note: '撤销' });
    const t = its.store.read.t.audit;
    const rows = await its.store.read.select().from(t).orderBy(desc(t.id)).limit(3);
    expect(rows.map(({ action, subject }) => [action, subject])).toEqual([
      ['owner-decision.revoke', body.id],
      ['owner-decision.confirm', body.id],
      ['owner-decision.record', body.id],
    ]);
  });

  it('is dark on a black-out day: the network’s by the operator, a community’s by its manager too', async () => {
    await record(world.operator);
    const today = { firstDay: '2026-11-01', lastDay: '2099-12-31', reason: '哀悼日' };
    const add = (token: string, over: object) =>
      world.call('POST', '/v1/blackouts', { token, body: { ...today, ...over } });
    const lift = (id: string, token: string) => world.call('POST', `/v1/blackouts/${id}/lift`, { token });
    expect((await add(here.manager, {})).body.code).toBe('forbidden');
    expect((await add(elsewhere.manager, { communityId: here.communityId })).status).toBe(404);
    expect((await add(here.manager, { firstDay: '2099-12-31', lastDay: '2026-12-31' })).body.code).toBe(
      'invalid-request',
    );

    const own = await add(here.manager, { communityId: here.communityId });
    expect(await state()).toMatchObject({ reason: 'blackout' });
    await expect(requireSold()).rejects.toMatchObject({ code: 'blackout' });
    expect((await lift(own.body.id, elsewhere.manager)).status).toBe(404);
    expect((await lift(own.body.id, here.manager)).body.liftedAt).toBe(world.clock.now());
    expect((await lift(own.body.id, here.manager)).body.code).toBe('blackout-over');

    const all = await add(world.operator, {});
    expect(await state()).toMatchObject({ reason: 'blackout' });
    const seen = await world.call('GET', '/v1/blackouts', { token: here.manager });
    expect(seen.body.items.map(({ id }: { id: string }) => id)).toEqual([all.body.id]);
    expect((await lift(all.body.id, here.manager)).body.code).toBe('forbidden');
    await lift(all.body.id, world.operator);
    await expect(requireSold()).resolves.toBeUndefined();
  });

  it('costs what the rate card says: a line begins, another overrides it in one community, and it ends', async () => {
    const add = (body: object) => world.call('POST', '/v1/rate-lines', { token: world.operator, body });
    const price = (communityId = here.communityId) =>
      inventory.price(its.store.read, {
        communityId,
        placement: 'gate',
        at: next(),
        segment: 'all',
        product: 'touches',
      });
    expect(await price()).toBe(20);
    const network = (await add({ touchPriceFen: 25, placement: 'gate' })).body;
    expect([await price(), await price(elsewhere.communityId)]).toEqual([25, 25]);
    world.clock.advance(seconds(1));
    const own = (await add({ touchPriceFen: 18, communityId: here.communityId })).body;
    expect([await price(), await price(elsewhere.communityId)]).toEqual([18, 25]);
    const card = (await world.call('GET', `/v1/rate-lines?communityId=${here.communityId}`, { token: world.operator }))
      .body;
    expect(card).toMatchObject({
      defaultTouchPriceFen: 20,
      items: [{ id: own.id, communityName: 'Linden Court' }, { id: network.id }],
    });
    for (const { id } of [own, network])
      expect((await world.call('POST', `/v1/rate-lines/${id}/end`, { token: world.operator })).status).toBe(200);
    expect(await price()).toBe(20);
    expect((await world.call('POST', `/v1/rate-lines/${own.id}/end`, { token: world.operator })).body.code).toBe(
      'rate-line-over',
    );
    expect((await add({ touchPriceFen: 1, validTo: 1 })).body.code).toBe('rate-window-invalid');
    expect((await add({ touchPriceFen: 1, fromMinute: 60 })).body.code).toBe('invalid-request');
    expect((await add({ touchPriceFen: 1, communityId: 'comm_00000000000000000000' })).body.code).toBe('not-found');
  });
});
