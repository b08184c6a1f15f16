import { days, hours, minutes, seconds } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeStores } from '../../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../../test-neighbourhood.ts';

let phones = 13_700_000_000;
const newPhone = () => String((phones += 1));

describeStores('a file of residents', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
  });
  afterAll(() => world.close());

  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body });
  const add = async (person: object) =>
    (await call('POST', `/v1/communities/${here.communityId}/residents`, { unit: '101', building: '1', ...person }))
      .body;
  const send = async (...lines: readonly string[]) => {
    const request = new Request(
      `http://gatecast.test/v1/communities/${here.communityId}/resident-imports?filename=a.csv`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${here.manager}`, 'content-type': 'text/csv' },
        body: `姓名,手机,楼栋,房号,关系,租期至\n${lines.join('\n')}`,
      },
    );
    const answer = await world.app.fetch(request);
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const residents = async (query = '') =>
    (await call('GET', `/v1/communities/${here.communityId}/residents?limit=200${query}`)).body.items;
  const over = (id: string, state: string) =>
    vi.waitFor(async () => {
      const { body } = await call('GET', `/v1/resident-imports/${id}`);
      if (body.state !== state) throw new Error(`the import is ${body.state}`);
      return body;
    });
  const applied = async (id: string, body: object = {}) => {
    expect((await call('POST', `/v1/resident-imports/${id}/apply`, body)).status).toBe(202);
    return over(id, 'applied');
  };

  it('is checked first: says what it would do, and does nothing', async () => {
    const [phone, other] = [newPhone(), newPhone()];
    await add({ name: '王芳', phone, unit: '0801', relation: 'tenant' });
    await add({ name: '李雷', phone: other });
    const { status, body } = await send(
      `王芳,${phone},2,0902,租户,2027-06-30`,
      `李雷,${other},1,101,业主,`,
      `新邻居,${newPhone()},3,0101,,`,
      `,123,1,101,,`,
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'checked', rows: 4, new: 1, changed: 1, unchanged: 1, errorCount: 2 });
    expect(body.preview.map(({ change }: { change: string }) => change)).toEqual([
      'changed',
      'unchanged',
      'new',
      'error',
    ]);
    expect(body.preview[0]).toMatchObject({ name: '王芳', phoneMasked: expect.stringMatching(/^137\*{4}\d{4}$/) });
    expect(body.byName).toBe('Manager');
    expect(await residents()).toHaveLength(2);
  });

  it('is applied as a whole, or without its wrong rows when that is said', async () => {
    const phone = newPhone();
    const { id } = await add({ name: '王芳', phone, unit: '0801' });
    const { body } = await send(`王芳芳,${phone},2,0902,租户,2027-06-30`, `新邻居,${newPhone()},3,0101,,`, `,,,,租户,`);
    expect((await call('POST', `/v1/resident-imports/${body.id}/apply`, {})).body.code).toBe('import-has-errors');
    const done = await applied(body.id, { skipErrors: true });
    expect(done).toMatchObject({ done: 2, of: 2, undoUntil: world.clock.now() + days(1) });
    expect((await call('GET', `/v1/residents/${id}`)).body).toMatchObject({
      name: '王芳芳',
      building: '2',
      unit: '0902',
      relation: 'tenant',
      leaseEndsOn: '2027-06-30',
    });
    expect((await residents()).map(({ name }: { name: string }) => name).sort()).toEqual(['新邻居', '王芳芳']);
  });

  it('names a phone twice, or one of another community, as wrong', async () => {
    const [twice, elsewhere] = [newPhone(), newPhone()];
    await add({ name: '别处的人', phone: elsewhere });
    here = await neighbourhood(world);
    const { body } = await send(`甲,${twice},1,101,,`, `乙,${twice},1,102,,`, `丙,${elsewhere},1,103,,`);
    expect(body.errors.map(({ row, code }: { row: number; code: string }) => [row, code])).toEqual([
      [3, 'phone-twice'],
      [4, 'phone-taken'],
    ]);
    expect(JSON.stringify(body)).not.toContain('别处的人');
  });

  it('leaves no phone behind, and no name after a day', async () => {
    const phone = newPhone();
    const { body } = await send(`住户甲,${phone},1,101,,`);
    const kept = async () =>
      JSON.stringify(await world.store.read.select().from(world.store.read.t.residentImportRows));
    expect(await kept()).toContain('住户甲');
    expect(await kept()).not.toContain(phone);
    world.clock.advance(days(1));
    await vi.waitFor(async () => expect(await kept()).not.toContain('住户甲'));
    expect((await call('POST', `/v1/resident-imports/${body.id}/apply`, {})).body.code).toBe('import-too-late');
  });

  it('goes on where it was when the program breaks in the middle, and writes nobody twice', async () => {
    const { body } = await send(...Array.from({ length: 180 }, (_, n) => `住户${n},${newPhone()},1,${1_000 + n},,`));
    const { events } = world.app.platform;
    const real = events.emit.bind(events);
    const emit = vi.spyOn(events, 'emit');
    let calls = 0;
    emit.mockImplementation(async (q, ...told) => {
      calls += 1;
      if (calls === 3) throw new Error('the power is out');
      await real(q, ...told);
    });
    await call('POST', `/v1/resident-imports/${body.id}/apply`, {});
    await vi.waitFor(() => expect(calls).toBe(3));
    expect((await call('GET', `/v1/resident-imports/${body.id}`)).body).toMatchObject({ state: 'applying', done: 50 });
    emit.mockRestore();
    // The job is taken up again when its pause is over.
    world.clock.advance(seconds(30));
    const done = await over(body.id, 'applied');
    expect(done).toMatchObject({ done: 180, errorCount: 0 });
    const names = (await residents()).map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(180);
    expect(names).toHaveLength(180);
  });

  it('is taken back: who was made is gone with every right, who was changed is what they were', async () => {
    const phone = newPhone();
    const { id } = await add({ name: '王芳', phone, unit: '0801', relation: 'tenant', leaseEndsOn: '2027-01-31' });
    const { body } = await send(`王芳芳,${phone},9,0902,业主,`, `新邻居,${newPhone()},9,0903,,`);
    await applied(body.id);
    const made = (await residents()).find(({ name }: { name: string }) => name === '新邻居');
    expect((await call('PUT', `/v1/residents/${made.id}/pin`, { pin: '274916' })).status).toBe(200);
    await call('POST', `/v1/resident-imports/${body.id}/undo`, {});
    await over(body.id, 'undone');
    expect((await call('GET', `/v1/residents/${id}`)).body).toMatchObject({
      name: '王芳',
      unit: '0801',
      relation: 'tenant',
      leaseEndsOn: '2027-01-31',
    });
    expect((await call('GET', `/v1/residents/${made.id}`)).status).toBe(404);
    const { credentials } = world.store.read.t;
    const own = await world.store.read.select().from(credentials).where(eq(credentials.residentId, made.id));
    expect(own.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
    const buildings = (await call('GET', `/v1/communities/${here.communityId}/buildings`)).body.items;
    expect(buildings.map(({ name }: { name: string }) => name)).toEqual(['1']);
  });

  it('is not taken back over what somebody changed since, unless that is to be left', async () => {
    const { body } = await send(`甲,${newPhone()},1,101,,`, `乙,${newPhone()},1,102,,`);
    await applied(body.id);
    const [changed] = await residents();
    await call('PATCH', `/v1/residents/${changed.id}`, { name: '改名' });
    const refused = await call('POST', `/v1/resident-imports/${body.id}/undo`, {});
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'import-changed-since', rows: [{ row: 2, name: '改名' }] },
    });
    await call('POST', `/v1/resident-imports/${body.id}/undo`, { skipChanged: true });
    expect(await over(body.id, 'undone')).toMatchObject({ errors: [{ row: 2, code: 'changed-since' }] });
    expect((await residents()).map(({ name }: { name: string }) => name)).toEqual(['改名']);
  });

  it('cannot be taken back when a day is over, nor applied twice', async () => {
    const { body } = await send(`甲,${newPhone()},1,101,,`);
    await applied(body.id);
    expect((await call('POST', `/v1/resident-imports/${body.id}/apply`, {})).body.code).toBe('import-state');
    world.clock.advance(hours(24));
    expect((await call('POST', `/v1/resident-imports/${body.id}/undo`, {})).body.code).toBe('import-too-late');
  });

  it('is refused in words when it cannot be read', async () => {
    const path = `http://gatecast.test/v1/communities/${here.communityId}/resident-imports?filename=a.csv`;
    const headers = { authorization: `Bearer ${here.manager}` };
    const answer = await world.app.fetch(new Request(path, { method: 'POST', headers, body: 'a,b\n1,2\n' }));
    expect(await answer.json()).toMatchObject({
      code: 'import-no-header',
      missing: ['name', 'phone', 'building', 'unit'],
    });
    world.clock.advance(minutes(1));
  });
});
