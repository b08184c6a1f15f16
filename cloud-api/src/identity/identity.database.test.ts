import { days, minutes, seconds } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

describeStores('signing in', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let phone = 13_900_000_000;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    phone += 1;
  });
  afterAll(() => world.close());

  const addResident = () =>
    world.call('POST', `/v1/communities/${here.communityId}/residents`, {
      token: here.manager,
      body: { name: '李雷', phone: String(phone), unit: '0801', building: '2' },
    });
  const textedCode = async (): Promise<string | undefined> => {
    const { jobs } = world.store.read.t;
    const payloads = (await world.store.read.select().from(jobs)).map(({ payload }) => JSON.stringify(payload));
    return /验证码 (\d{6})/.exec(payloads.find((text) => text.includes(String(phone))) ?? '')?.[1];
  };
  const redeem = (code: string | undefined) =>
    world.call('POST', '/v1/sessions', { body: { phone: String(phone), code } });

  it('tells a manager who they are and for which company', async () => {
    const { body } = await world.call('GET', '/v1/me', { token: here.manager });
    expect(body).toEqual({
      role: 'property',
      name: 'Manager',
      scope: { id: here.companyId, name: 'Harbour Property' },
      communityIds: null,
      email: expect.stringContaining('@property.test'),
      totp: false,
    });
  });

  it('rests after five wrong passwords, whether or not the address is known', async () => {
    const email = `${phone}@nobody.test`;
    const wrong = () => world.call('POST', '/v1/sessions', { body: { email, password: 'wrong-password' } });
    for (let n = 0; n < 5; n += 1) expect((await wrong()).body.code).toBe('wrong-credentials');
    expect(await wrong()).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    world.clock.advance(minutes(1));
    expect((await wrong()).body.code).toBe('wrong-credentials');
  });

  it('looks at five of many passwords tried at once, and a right one begins anew', async () => {
    const guess = (password: string) =>
      world.call('POST', '/v1/sessions', { body: { email: `${phone}@nobody.test`, password } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(`wrong-password-${n}`)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);

    const sign = (password: string) =>
      world.call('POST', '/v1/sessions', { body: { email: operatorLogin.email, password } });
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 4; n += 1) expect((await sign('wrong-password')).status).toBe(401);
      expect((await sign(operatorLogin.password)).status).toBe(201);
    }
  });

  it('by a texted code works once, within five minutes', async () => {
    await addResident();
    expect((await world.call('POST', '/v1/sms-codes', { body: { phone: String(phone) } })).status).toBe(202);
    const code = await textedCode();
    const session = await redeem(code);
    expect(session.body.me).toEqual({
      role: 'resident',
      name: '李雷',
      scope: { id: here.communityId, name: 'Linden Court' },
      communityIds: null,
      email: null,
      totp: false,
    });
    expect((await redeem(code)).body.code).toBe('wrong-credentials');
  });

  it('by a texted code ends after five wrong tries', async () => {
    await addResident();
    await world.call('POST', '/v1/sms-codes', { body: { phone: String(phone) } });
    const code = await textedCode();
    const wrong = code === '000000' ? '000001' : '000000';
    for (let n = 0; n < 5; n += 1) await redeem(wrong);
    expect((await redeem(code)).body.code).toBe('wrong-credentials');
  });

  it('by a texted code that could not be sent in time is forgotten with its code', async () => {
    await addResident();
    await world.call('POST', '/v1/sms-codes', { body: { phone: String(phone) } });
    expect(await textedCode()).toMatch(/^\d{6}$/);
    world.clock.advance(minutes(12));
    await vi.waitFor(async () => expect(await textedCode()).toBeUndefined());
  });

  it('answers the same for a phone that nobody has, and texts it nothing', async () => {
    expect((await world.call('POST', '/v1/sms-codes', { body: { phone: String(phone) } })).status).toBe(202);
    expect(await textedCode()).toBeUndefined();
    const again = await world.call('POST', '/v1/sms-codes', { body: { phone: String(phone) } });
    expect(again).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
  });

  it('by a link works once, within a minute', async () => {
    const token = here.manager;
    const link = (await world.call('POST', '/v1/session-links', { token })).body.link;
    const entered = await world.call('POST', '/v1/sessions', { body: { link } });
    expect(entered.body.me.role).toBe('property');
    expect((await world.call('POST', '/v1/sessions', { body: { link } })).body.code).toBe('wrong-credentials');
    const late = (await world.call('POST', '/v1/session-links', { token })).body.link;
    world.clock.advance(minutes(1));
    expect((await world.call('POST', '/v1/sessions', { body: { link: late } })).body.code).toBe('wrong-credentials');
  });

  it('keeps one account an address and one resident a phone', async () => {
    await addResident();
    expect((await addResident()).body.code).toBe('phone-taken');
    const manager = { email: operatorLogin.email.toUpperCase(), password: 'long-enough-password', name: 'X' };
    const token = await world.signIn(operatorLogin.email, operatorLogin.password);
    const taken = await world.call('POST', '/v1/property-companies', { token, body: { name: 'Y', manager } });
    expect(taken).toMatchObject({ status: 409, body: { code: 'email-taken' } });
  });

  it('lasts seven days', async () => {
    const token = await world.signIn(operatorLogin.email, operatorLogin.password);
    world.clock.advance(seconds(days(7) / 1_000 - 1));
    expect((await world.call('GET', '/v1/me', { token })).status).toBe(200);
    world.clock.advance(seconds(1));
    expect((await world.call('GET', '/v1/me', { token })).status).toBe(401);
  });
});
