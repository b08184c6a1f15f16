import { randomUUID } from 'node:crypto';
import { days, hours, seconds } from '@gatecast/firmware-protocol';
import { genesisHash, type JournalRow } from '@gatecast/firmware-protocol/messages';
import { rowHash } from '@gatecast/firmware-protocol/node';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, residentAt, type TestResident } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';

let people = 0;

describeStores('a person who is erased', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let journal: ReturnType<typeof testJournal>;
  let me: TestResident;
  let orderId: string;
  /** Nobody else is called so. */
  let name: string;
  let visitor: string;
  beforeAll(async () => {
    world = await testApp({ store: its.store, paymentProvider: memoryProvider() });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    journal = testJournal(world, terminal, 'door');
    people += 1;
    name = `欧阳娜${people}号`;
    visitor = `诸葛访客${people}号`;
    me = await residentAt(world, here, name);
    await live();
  });
  afterAll(() => world.close());

  const theirs = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body, idempotencyKey: randomUUID() });
  const mine = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: me.token, body, idempotencyKey: randomUUID() });
  const ok = async (answer: ReturnType<typeof mine>) => {
    const { status, body } = await answer;
    expect({ status, body }).toMatchObject({ status: expect.toSatisfy((code: number) => code < 300) });
    return body;
  };
  const happens = (...rows: readonly NewRow[]) =>
    ok(world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: journal(...rows) }));
  const door = (kind: string, credential: string, body: object): NewRow => ({
    kind,
    body: { entrance: here.entranceId, ...body },
    private: { salt: 'c2FsdA', data: { credential, touch: null } },
  });
  const pinOf = async () => {
    const t = world.store.read.t.credentials;
    const [pin] = await world.store.read.select().from(t).where(eq(t.residentId, me.id));
    return pin?.id ?? '';
  };
  /** Everything that a resident does with us. */
  const live = async () => {
    await ok(theirs('PUT', `/v1/residents/${me.id}/pin`, { pin: '274916' }));
    await ok(theirs('PATCH', `/v1/residents/${me.id}`, { leaseEndsOn: '2027-06-30' }));
    await ok(theirs('GET', `/v1/residents/${me.id}`));
    await ok(mine('POST', '/v1/me/passes', { label: visitor, from: 'now', hours: 2, uses: null }));
    await ok(mine('PUT', '/v1/me/consents/order-messages', { granted: true, textVersion: 1 }));
    const pin = await pinOf();
    const opened = { via: 'pin', person: 'resident', pulseMs: 5_000, list: 1, command: null };
    await happens(door('opened', pin, opened), door('alarm', pin, { alarm: 'duress', active: true }));
    const dealId = await dealOf(world, await merchantAt(world, here));
    orderId = (await ok(mine('POST', '/v1/orders', { dealId, quantity: 1, visitId: null }))).id;
  };
  /** The tables in which a text stands anywhere. */
  const saying = async (text: string): Promise<string[]> => {
    const found = [];
    for (const [table, rows] of await everything()) if (JSON.stringify(rows).includes(text)) found.push(table);
    return found;
  };
  const everything = async (): Promise<[string, unknown[]][]> => {
    const tables = Object.entries(world.store.read.t);
    const all: [string, unknown[]][] = [];
    for (const [table, columns] of tables) all.push([table, await world.store.read.select().from(columns)]);
    return all;
  };
  const logOf = async () =>
    (await theirs('GET', `/v1/access-events?terminalId=${terminal.id}`)).body.items.map(
      ({ kind, who }: { kind: string; who: { name: string } | null }) => [kind, who?.name ?? null],
    );
  /** Recomputes the chain of the door's journal from what is stored. */
  const verifyChain = async () => {
    const t = world.store.read.t.journalRows;
    const rows = await world.store.read.select().from(t).where(eq(t.terminalId, terminal.id)).orderBy(asc(t.seq));
    let prev = genesisHash;
    for (const row of rows) {
      const { seq, kind, wallMs, monoMs, boot, clock, body, privateHash, epoch, stream, hash } = row;
      const header = { seq, prev, kind, wallMs, monoMs, boot, clock, body, privateHash } as JournalRow;
      expect(rowHash({ terminal: terminal.id, epoch, stream }, header)).toBe(hash);
      prev = hash;
    }
    return rows.length;
  };

  it('gets everything that is kept of them before, slice by slice under plain headings', async () => {
    const { slices } = await ok(mine('GET', '/v1/me/export'));
    const named = slices.map(({ slice }: { slice: string }) => slice);
    expect(named.sort()).toEqual([
      'access',
      'audience',
      'communities',
      'identity',
      'orders',
      'privacy',
      'screen-complaints',
    ]);
    const sections = slices.flatMap((one: { sections: object[] }) => one.sections);
    for (const section of sections)
      expect(section).toMatchObject({ heading: { zh: expect.any(String), en: expect.any(String) } });
    const text = JSON.stringify(slices);
    for (const kept of [name, visitor, orderId, '2027-06-30', 'order-messages', 'opened']) expect(text).toContain(kept);
    expect(text).not.toMatch(/Manager|passwordHash|phoneTag|"tag"|sealed/);
  });

  it.each(['the property', 'the person'])(
    'by %s is in no table any more; orders keep their amounts, and the journal its chain',
    async (who) => {
      expect(await saying(name)).toEqual(expect.arrayContaining(['residents', 'accounts']));
      expect(await saying(visitor)).toEqual(['credentials']);
      expect(await logOf()).toEqual([
        ['duress', name],
        ['opened', name],
      ]);
      const erased =
        who === 'the property' ? await theirs('DELETE', `/v1/residents/${me.id}`) : await mine('DELETE', '/v1/me');
      expect(erased.status).toBe(204);

      expect(await saying(name)).toEqual([]);
      expect(await saying(visitor)).toEqual([]);
      expect(await logOf()).toEqual([
        ['duress', null],
        ['opened', null],
      ]);
      expect(await verifyChain()).toBe(2);
      const order = await world.call('GET', `/v1/orders/${orderId}`, { token: world.operator });
      expect(order.body).toMatchObject({ totalFen: 3_990, buyer: '' });
      expect((await mine('GET', '/v1/me')).status).toBe(401);
      expect((await theirs('GET', `/v1/residents/${me.id}`)).status).toBe(404);
      const t = world.store.read.t.credentials;
      const open = await world.store.read.select().from(t).where(eq(t.communityId, here.communityId));
      expect(open.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
    },
  );

  it('is erased once: a second time changes nothing', async () => {
    const erase = () => world.call('DELETE', `/v1/residents/${me.id}`, { token: here.manager });
    await erase();
    const first = await everything();
    expect((await erase()).status).toBe(204);
    expect(ofPeople(await everything())).toEqual(ofPeople(first));
  });

  it('by the log’s own time is named no more, while the rows stay and verify', async () => {
    await ok(theirs('PATCH', `/v1/communities/${here.communityId}`, { logDays: 30 }));
    const elsewhere = await neighbourhood(world);
    expect(elsewhere.communityId).not.toBe(here.communityId);
    const { accessEvents: t, accessRetention } = world.store.read.t;
    const named = async () => {
      const rows = await world.store.read.select().from(t).where(eq(t.terminalId, terminal.id));
      return rows.filter(({ salt, residentId, credentialId }) => salt ?? residentId ?? credentialId).length;
    };
    const start = world.clock.now();
    world.clock.advance(days(29));
    world.clock.advance(hours(23));
    await jobRan('access.forget-names');
    expect(await named()).toBe(2);
    world.clock.advance(hours(8));
    await vi.waitFor(async () => expect(await named()).toBe(0));
    expect(await verifyChain()).toBe(2);
    const upTo = async () =>
      (
        await world.store.read.select().from(accessRetention).where(eq(accessRetention.communityId, here.communityId))
      )[0]?.upTo;
    await vi.waitFor(async () => expect(await upTo()).toBeGreaterThan(start));
    const { alarms } = world.store.read.t;
    const raised = await world.store.read.select().from(alarms).where(eq(alarms.terminalId, terminal.id));
    expect(raised.map(({ credentialId }) => credentialId)).toEqual([null]);
    expect(await saying(visitor)).toEqual([]);
  });

  /** Time goes on meanwhile, so that what was taken and left is taken again. */
  const jobRan = (kind: string) =>
    vi.waitFor(async () => {
      world.clock.advance(seconds(1));
      const t = world.store.read.t.jobs;
      const [job] = await world.store.read
        .select()
        .from(t)
        .where(eq(t.id, `every:${kind}`));
      if (!job || job.runAt <= world.clock.now()) throw new Error('the job is to run yet');
    });
});

/** Jobs and lists go on by themselves while a test looks. */
const ofPeople = (all: readonly [string, unknown[]][]) =>
  all.filter(([table]) =>
    [
      'residents',
      'accounts',
      'sessions',
      'credentials',
      'accessEvents',
      'orders',
      'consents',
      'recordViews',
      'audit',
    ].includes(table),
  );
