import { minutes } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited, type TestPerson } from '../test-people.ts';

describeStores('the record of who did what', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let elsewhere: Neighbourhood;
  let manager: TestPerson;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    elsewhere = await neighbourhood(world);
    manager = await invited(world, here.manager, { role: 'property', name: '周管家' });
  });
  afterAll(() => world.close());

  const addEntrance = (at: Neighbourhood, token = at.manager) =>
    world.call('POST', `/v1/communities/${at.communityId}/entrances`, {
      token,
      body: { name: '南门', placement: 'gate' },
    });
  const audit = async (token: string, query = '') =>
    (await world.call('GET', `/v1/audit${query}`, { token })).body.items;

  it('names who, what and on what', async () => {
    const entrance = (await addEntrance(here, manager.token)).body.id;
    const [newest] = await audit(manager.token);
    expect(newest).toEqual({
      id: expect.any(String),
      at: world.clock.now(),
      actor: { id: manager.id, name: '周管家', role: 'property' },
      action: 'entrance.create',
      subject: entrance,
      subjectName: '南门',
      facts: {},
    });
  });

  it('is the own party’s; the operator reads all of it', async () => {
    const theirs = (await addEntrance(elsewhere)).body.id;
    const shop = await merchantAt(world, here);
    const subjects = async (token: string) =>
      (await audit(token, '?limit=200')).map((row: { subject: string }) => row.subject);
    expect(await subjects(here.manager)).not.toContain(theirs);
    expect(await subjects(elsewhere.manager)).toContain(theirs);
    expect(await subjects(shop.token)).not.toContain(theirs);
    expect(await subjects(world.operator)).toContain(theirs);
  });

  it('is narrowed by who, what and when, and turned page by page', async () => {
    const from = world.clock.now() + minutes(1);
    world.clock.advance(minutes(1));
    for (let n = 0; n < 5; n += 1) await addEntrance(here, manager.token);
    await addEntrance(here);
    await world.call('POST', '/v1/invitations', {
      token: manager.token,
      body: { role: 'guard', name: 'X', email: 'audit@team.test' },
    });
    world.clock.advance(minutes(1));
    const to = world.clock.now();
    await addEntrance(here, manager.token);
    const query = `?actor=${manager.id}&action=entrance&from=${from}&to=${to}`;
    const all = await audit(manager.token, query);
    expect(all).toHaveLength(5);
    const paged: unknown[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await world.call('GET', `/v1/audit${query}&limit=2${cursor}`, { token: manager.token });
      paged.push(...body.items);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(paged).toEqual(all);
  });

  it('is narrowed to what was done to one thing', async () => {
    const { id } = (await addEntrance(here, manager.token)).body;
    await addEntrance(here, manager.token);
    expect(await audit(world.operator, `?subject=${id}`)).toMatchObject([{ subject: id, action: 'entrance.create' }]);
    expect(await audit(elsewhere.manager, `?subject=${id}`)).toEqual([]);
  });

  it('holds no address and no name of those who were invited', async () => {
    await world.call('POST', '/v1/invitations', {
      token: manager.token,
      body: { role: 'guard', name: '钱七', email: 'private@team.test' },
    });
    const { audit: table } = its.store.read.t;
    const stored = JSON.stringify(await its.store.read.select().from(table));
    expect(stored).not.toContain('钱七');
    expect(stored).not.toContain('private@team.test');
  });
});
