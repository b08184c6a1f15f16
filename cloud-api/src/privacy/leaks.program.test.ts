import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLog } from '../platform/log.ts';
import { memoryProvider } from '../settlement/payments/memory-provider.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { dealOf, merchantAt, notify, pay, residentAt, type TestMerchant, type TestResident } from '../test-market.ts';
import { claimedTerminal, neighbourhood, testJournal, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited } from '../test-people.ts';

/** What nobody who sells or who reads logs may learn. */
const secrets = {
  name: '欧阳秘密娜',
  visitor: '诸葛秘密客',
  phone: '13579246801',
  masked: '135****6801',
  unit: '907153',
  building: '秘密苑十七栋',
  pin: '274916',
  imported: '司马导入',
};
/** Ids of each kind that are tried in each path. */
const idsOfKind = 2;

describe('what is known of residents', () => {
  const provider = memoryProvider();
  const lines: string[] = [];
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let buyer: TestResident;
  let sellers: readonly string[];
  /** The texts that must be nowhere. */
  let needles: readonly string[];

  beforeAll(async () => {
    const log = createLog('trace', { write: (line: string) => void lines.push(line) });
    world = await testApp({ paymentProvider: provider, log });
    here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    const staff = await invited(world, merchant.token, { role: 'store-staff', storeId: merchant.storeId });
    sellers = [merchant.token, staff.token];
    buyer = await populate();
    needles = [...Object.values(secrets), buyer.id, 'resi_'];
  }, 60_000);
  afterAll(() => world.close());

  const property = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body, idempotencyKey: randomUUID() });
  const done = async (answer: ReturnType<typeof property>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  /** A neighbourhood in which everything has happened once. */
  const populate = async (): Promise<TestResident> => {
    const terminal = await claimedTerminal(world, here);
    const person = await residentAt(world, here, secrets.name);
    const { phone, building, unit, pin } = secrets;
    await done(property('PATCH', `/v1/residents/${person.id}`, { phone, building, unit }));
    const token = await sessionOf(person.id, person.token);
    const me = { id: person.id, token };
    const mine = (method: string, path: string, body?: unknown) =>
      done(world.call(method, path, { token, body, idempotencyKey: randomUUID() }));
    await done(property('PUT', `/v1/residents/${person.id}/pin`, { pin }));
    await mine('POST', '/v1/me/passes', { label: secrets.visitor, from: 'now', hours: 2, uses: null });
    const t = world.store.read.t.credentials;
    const [credential] = await world.store.read.select().from(t).where(eq(t.residentId, person.id));
    const opened = {
      entrance: here.entranceId,
      via: 'pin',
      person: 'resident',
      pulseMs: 5_000,
      list: 1,
      command: null,
    };
    const data = { credential: credential?.id ?? '', touch: null };
    const body = testJournal(
      world,
      terminal,
      'door',
    )({ kind: 'opened', body: opened, private: { salt: 'c2FsdA', data } });
    await done(world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body }));
    const dealId = await dealOf(world, merchant, { groupSize: 2 });
    for (const one of [me, await residentAt(world, here, '另一位')]) {
      const order = { dealId, quantity: 1, visitId: null };
      await pay(
        world,
        provider,
        await world.call('POST', '/v1/orders', { token: one.token, body: order, idempotencyKey: randomUUID() }),
      );
    }
    await done(property('GET', `/v1/access-events?residentId=${person.id}&search=${encodeURIComponent(secrets.name)}`));
    await importOne();
    return me;
  };
  /** A changed phone ended the session; this is the next one. */
  const sessionOf = async (residentId: string, token: string): Promise<string> => {
    expect((await world.call('GET', '/v1/me', { token })).status).toBe(401);
    await world.call('POST', '/v1/sms-codes', { body: { phone: secrets.phone } });
    const t = world.store.read.t.jobs;
    const texts = (await world.store.read.select().from(t)).map(({ payload }) => JSON.stringify(payload));
    const code = /验证码 (\d{6})/.exec(texts.find((text) => text.includes(secrets.phone)) ?? '')?.[1];
    const session = await done(world.call('POST', '/v1/sessions', { body: { phone: secrets.phone, code } }));
    expect(residentId).toMatch(/^resi_/);
    return session.token;
  };
  const importOne = async () => {
    const path = `/v1/communities/${here.communityId}/resident-imports?filename=a.csv`;
    const body = `name,phone,building,unit\n${secrets.imported},13579240000,${secrets.building},${secrets.unit}\n`;
    const headers = { authorization: `Bearer ${here.manager}` };
    const answer = await world.app.fetch(new Request(`http://gatecast.test${path}`, { method: 'POST', headers, body }));
    const { id } = JSON.parse(await answer.text());
    await done(property('POST', `/v1/resident-imports/${id}/apply`, {}));
    await vi.waitFor(async () =>
      expect((await property('GET', `/v1/resident-imports/${id}`)).body.state).toBe('applied'),
    );
  };
  const leaksIn = (text: string) => needles.filter((needle) => text.includes(needle));
  /** Some ids of every kind that there is, the buyer's among them. */
  const someIds = async () => {
    const found = new Map<string, Set<string>>();
    for (const table of Object.values(world.store.read.t)) {
      const text = JSON.stringify(await world.store.read.select().from(table));
      for (const [id, kind = ''] of text.matchAll(/\b([a-z]{2,5})_[0-9a-hjkmnp-tv-z]{20}\b/g)) {
        const known = found.get(kind) ?? new Set();
        if (known.size < idsOfKind) found.set(kind, known.add(id));
      }
    }
    return [...found.values()].flatMap((ids) => [...ids]).concat(buyer.id);
  };

  it('is in no answer to anybody who sells, whatever they look at', { timeout: 120_000 }, async () => {
    const { paths } = (await world.call('GET', '/openapi.json')).body;
    const ids = await someIds();
    const looks = Object.entries<Record<string, unknown>>(paths)
      .filter(([path, methods]) => 'get' in methods && path !== '/v1/events')
      .flatMap(([path]) => (path.includes('{id}') ? ids.map((id) => path.replace('{id}', id)) : [path]))
      .map((path) => path.replace(/\{\w+\}/g, 'config'));
    expect(looks.length).toBeGreaterThan(500);
    let shown = 0;
    for (const token of sellers) {
      for (const path of looks) {
        const answer = await world.app.fetch(
          new Request(`http://gatecast.test${path}`, { headers: { authorization: `Bearer ${token}` } }),
        );
        const text = await answer.text();
        if (answer.ok) shown += 1;
        const asked = needles.filter((needle) => path.includes(needle));
        expect({ path, leaks: leaksIn(text).filter((leak) => !asked.includes(leak)) }).toEqual({ path, leaks: [] });
      }
    }
    expect(shown).toBeGreaterThan(20);
  });

  it('shows a seller the order, and of the buyer a family name alone', async () => {
    const { items } = (await world.call('GET', '/v1/orders', { token: merchant.token })).body;
    expect(items.map(({ buyer: who }: { buyer: string }) => who)).toContain('欧**');
  });

  it('is in no live event of a seller', async () => {
    await world.store.tx((q) =>
      world.app.platform.events.emit(q, { type: 'order', subject: 'the end', merchantId: merchant.id }),
    );
    const answer = await world.app.fetch(
      new Request('http://gatecast.test/v1/events?after=0', { headers: { authorization: `Bearer ${merchant.token}` } }),
    );
    const reader = answer.body?.getReader();
    let text = '';
    while (!text.includes('the end')) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    expect(text).toContain('event: order');
    expect(leaksIn(text)).toEqual([]);
  });

  it('is in no metric', async () => {
    const answer = await world.app.fetch(new Request('http://gatecast.test/metrics'));
    const text = await answer.text();
    expect(text).toContain('/v1/residents/:id');
    expect(leaksIn(text)).toEqual([]);
  });

  it('is in no line of the log, when requests succeed, are refused, and hit bugs', async () => {
    const { name, phone, unit, building } = secrets;
    const residents = `/v1/communities/${here.communityId}/residents`;
    const person = { name, phone, unit, building };
    expect((await property('POST', residents, person)).body.code).toBe('phone-taken');
    expect((await property('POST', residents, { ...person, phone: `${phone}0` })).body.code).toBe('invalid-request');
    expect((await property('POST', residents, `{"name":"${name}`)).body.code).toBe('invalid-request');
    await property('GET', `${residents}?search=${encodeURIComponent(name)}`);
    await property('GET', `/v1/residents/${buyer.id}`);
    await property('GET', `/v1/residents/${buyer.id}/nowhere`);
    await world.call('POST', '/v1/sms-codes', { body: { phone } });
    await world.call('POST', '/v1/sessions', { body: { phone, code: '000000' } });
    await notify(world, JSON.stringify(person));

    // A statement that fails carries its values: the database's own words, and ours around them.
    vi.spyOn(world.store, 'tx').mockImplementationOnce((work) => {
      vi.restoreAllMocks();
      return world.store.tx(async (q) => {
        const row = {
          id: buyer.id,
          communityId: here.communityId,
          unitId: unit,
          name,
          phoneMasked: phone,
          hasPin: false,
        };
        await q.insert(q.t.residents).values({ ...row, createdAt: world.clock.now() });
        return work(q);
      });
    });
    expect((await property('POST', residents, { ...person, phone: '13579246802' })).body.code).toBe('internal');

    expect(lines.length).toBeGreaterThan(50);
    expect(lines.some((line) => line.includes('a request hit a bug') && line.includes('residents.id'))).toBe(true);
    expect(lines.filter((line) => leaksIn(line.replaceAll('resi_…', '')).length > 0)).toEqual([]);
  });
});
