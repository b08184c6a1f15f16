import { days, hours, instant, minutes } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { residentAt, type TestResident } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { leaseEnd, today } from './lease.ts';

const zone = 'Asia/Shanghai';

describeStores('somebody who leaves', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let tenant: TestResident;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    tenant = await residentAt(world, here, '王小明');
    await call('PUT', `/v1/residents/${tenant.id}/pin`, { pin: '274916' });
  });
  afterAll(() => world.close());

  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body });
  const record = async () => (await call('GET', `/v1/residents/${tenant.id}`)).body;
  const credentials = async () => {
    const t = world.store.read.t.credentials;
    return world.store.read.select().from(t).where(eq(t.residentId, tenant.id));
  };
  /** The job that ends leases has run at what the clock shows. */
  const jobsAreDone = () =>
    vi.waitFor(async () => {
      const t = world.store.read.t.jobs;
      const [job] = await world.store.read.select().from(t).where(eq(t.id, 'every:communities.end-leases'));
      if (!job || job.runAt <= world.clock.now()) throw new Error('the job is to run yet');
    });
  const left = () =>
    vi.waitFor(async () => {
      const { state } = await record();
      if (state !== 'moved-out') throw new Error(`still ${state}`);
    });

  it('loses every right in one step: credentials, sessions, and the phone is free for the next home', async () => {
    const { body } = await call('POST', `/v1/residents/${tenant.id}/move-out`);
    expect(body).toMatchObject({ state: 'moved-out', movedOutAt: world.clock.now(), hasPin: false });
    const own = await credentials();
    expect(own.length).toBeGreaterThan(0);
    expect(own.every(({ revokedAt }) => revokedAt === world.clock.now())).toBe(true);
    expect((await world.call('GET', '/v1/me', { token: tenant.token })).status).toBe(401);
  });

  it('leaves once, and gets nothing new', async () => {
    const first = await call('POST', `/v1/residents/${tenant.id}/move-out`);
    world.clock.advance(hours(1));
    const second = await call('POST', `/v1/residents/${tenant.id}/move-out`);
    expect(second.body).toEqual(first.body);
    expect((await call('PUT', `/v1/residents/${tenant.id}/pin`, { pin: '805213' })).status).toBe(409);
    expect((await call('PATCH', `/v1/residents/${tenant.id}`, { name: 'X' })).body.code).toBe('moved-out');
  });

  it('can move in elsewhere with the same phone', async () => {
    const person = { name: '赵敏', phone: '13511110000', unit: '11', building: '1' };
    const { id } = (await call('POST', `/v1/communities/${here.communityId}/residents`, person)).body;
    const elsewhere = await neighbourhood(world);
    const moveIn = () =>
      world.call('POST', `/v1/communities/${elsewhere.communityId}/residents`, {
        token: elsewhere.manager,
        body: person,
      });
    expect((await moveIn()).body.code).toBe('phone-taken');
    await call('POST', `/v1/residents/${id}/move-out`);
    expect((await moveIn()).status).toBe(201);
  });

  it('leaves by itself when the lease is over, at midnight of the community, and the doors knew it before', async () => {
    const leaseEndsOn = today(world.clock.now(), zone);
    await call('PATCH', `/v1/residents/${tenant.id}`, { relation: 'tenant', leaseEndsOn });
    const end = leaseEnd(leaseEndsOn, zone);
    expect((await credentials()).map(({ to }) => to)).toEqual([end]);
    world.clock.set(instant(end - 1));
    await jobsAreDone();
    expect((await record()).state).toBe('active');
    world.clock.advance(minutes(1));
    await left();
    expect((await credentials()).every(({ revokedAt }) => revokedAt === world.clock.now())).toBe(true);
  });

  it('leaves as soon as the program runs again when it was down at midnight', async () => {
    const leaseEndsOn = today(world.clock.now(), zone);
    await call('PATCH', `/v1/residents/${tenant.id}`, { leaseEndsOn });
    world.clock.advance(days(2));
    await left();
  });

  it('stays when the lease was made longer, and cannot get one that is over', async () => {
    const now = world.clock.now();
    await call('PATCH', `/v1/residents/${tenant.id}`, { leaseEndsOn: today(now, zone) });
    const longer = await call('PATCH', `/v1/residents/${tenant.id}`, { leaseEndsOn: null });
    expect(longer.body.leaseEndsOn).toBeNull();
    expect((await credentials()).map(({ to }) => to)).toEqual([null]);
    const yesterday = today(instant(now - days(1)), zone);
    const past = await call('PATCH', `/v1/residents/${tenant.id}`, { leaseEndsOn: yesterday });
    expect(past).toMatchObject({ status: 422, body: { code: 'lease-end-past' } });
  });
});
