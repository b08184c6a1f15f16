import { minutes, seconds } from '@gatecast/firmware-protocol';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { residentAt } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited, type TestPerson } from '../test-people.ts';

const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

describeStores('an account', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let guard: TestPerson;
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { GATECAST_TRUSTED_PROXY: '10.0.0.0/8' } });
    here = await neighbourhood(world);
  });
  beforeEach(async () => {
    // Past the next half minute, so that no test sees the codes of another.
    world.clock.advance(minutes(2));
    guard = await invited(world, here.manager, { role: 'guard' });
  });
  afterAll(() => world.close());

  const signIn = (over: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}) =>
    world.call('POST', '/v1/sessions', { body: { email: guard.email, password: guard.password, ...over }, headers });
  const call = (method: string, path: string, body?: unknown, token = guard.token) =>
    world.call(method, path, { token, body });
  const codeOf = (secret: string) => generateSync({ secret, epoch: Math.floor(world.clock.now() / 1_000) });
  const withTotp = async () => {
    const { secret, uri } = (await call('POST', '/v1/me/totp')).body;
    const { body } = await call('POST', '/v1/me/totp/confirm', { code: codeOf(secret) });
    world.clock.advance(seconds(60));
    return { secret, uri, recoveryCodes: body.recoveryCodes as string[] };
  };

  it('with a second factor wants a code, but only after the right password', async () => {
    const { secret, uri } = await withTotp();
    expect(uri).toMatch(/^otpauth:\/\/totp\//);
    expect(uri).toContain(secret);
    expect((await signIn()).body).toMatchObject({ code: 'totp-required', status: 401 });
    expect((await signIn({ password: 'another password' })).body.code).toBe('wrong-credentials');
    expect((await signIn({ password: 'another password', totp: codeOf(secret) })).body.code).toBe('wrong-credentials');
    expect((await signIn({ totp: codeOf(secret) })).body.me).toMatchObject({ role: 'guard', totp: true });
  });

  it('takes each code once, and those of one step to either side', async () => {
    const { secret } = await withTotp();
    const code = codeOf(secret);
    world.clock.advance(seconds(30));
    expect((await signIn({ totp: code })).status).toBe(201);
    expect((await signIn({ totp: code })).body.code).toBe('wrong-credentials');
    const soon = generateSync({ secret, epoch: Math.floor(world.clock.now() / 1_000) + 30 });
    expect((await signIn({ totp: soon })).status).toBe(201);
    // The present code stands before the one that was used.
    expect((await signIn({ totp: codeOf(secret) })).body.code).toBe('wrong-credentials');
    world.clock.advance(seconds(120));
    expect((await signIn({ totp: soon })).body.code).toBe('wrong-credentials');
  });

  it('of one code at many doors at once opens one', async () => {
    const { secret } = await withTotp();
    const answers = await Promise.all(Array.from({ length: 4 }, () => signIn({ totp: codeOf(secret) })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3);
  });

  it('can be entered by each recovery code once', async () => {
    const { recoveryCodes } = await withTotp();
    expect(new Set(recoveryCodes).size).toBe(8);
    const [first = '', second = ''] = recoveryCodes;
    expect((await signIn({ totp: first })).status).toBe(201);
    expect((await signIn({ totp: first })).body.code).toBe('wrong-credentials');
    expect((await signIn({ totp: ` ${second.toUpperCase().replace('-', ' ')}` })).status).toBe(201);
  });

  it('counts wrong codes like wrong passwords, and a right password alone forgives none', async () => {
    await withTotp();
    for (let n = 0; n < 5; n += 1) expect((await signIn(n % 2 === 0 ? { totp: '000000' } : {})).status).toBe(401);
    expect((await signIn({ totp: '000000' })).body.code).toBe('too-many-requests');
    expect((await signIn()).body.code).toBe('too-many-requests');
  });

  it('has no second factor before a code of it was shown, and none after it was removed', async () => {
    expect((await call('POST', '/v1/me/totp/confirm', { code: '123456' })).body.code).toBe('totp-off');
    await call('POST', '/v1/me/totp');
    expect((await signIn()).status).toBe(201);
    expect((await call('POST', '/v1/me/totp/confirm', { code: 'abcdef' })).body.code).toBe('totp-wrong');
    const { secret } = await withTotp();
    expect((await call('POST', '/v1/me/totp')).body.code).toBe('totp-on');
    expect((await call('POST', '/v1/me/totp/remove', { code: '000000' })).body.code).toBe('totp-wrong');
    expect((await call('POST', '/v1/me/totp/remove', { code: codeOf(secret) })).status).toBe(204);
    expect((await signIn()).body.me.totp).toBe(false);
    expect((await call('POST', '/v1/me/totp/remove', { code: '000000' })).body.code).toBe('totp-off');
  });

  it('keeps no secret in the open', async () => {
    const { secret, recoveryCodes } = await withTotp();
    const { totps, recoveryCodes: hashes } = its.store.read.t;
    const stored = JSON.stringify([
      await its.store.read.select().from(totps),
      await its.store.read.select().from(hashes),
    ]);
    for (const open of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))])
      expect(stored).not.toContain(open);
  });

  it('whose password is changed stays signed in here and nowhere else', async () => {
    const other = (await signIn()).body.token;
    const next = 'seven bicycles by the wall';
    const change = (current: string, to: string) => call('PUT', '/v1/me/password', { current, next: to });
    expect((await change('not the present one', next)).body.code).toBe('password-wrong');
    expect((await change(guard.password, 'password123')).body.code).toBe('password-common');
    expect((await change(guard.password, 'short')).body.code).toBe('invalid-request');
    expect((await change(guard.password, next)).status).toBe(204);
    expect((await call('GET', '/v1/me')).status).toBe(200);
    expect((await call('GET', '/v1/me', undefined, other)).status).toBe(401);
    expect((await signIn()).body.code).toBe('wrong-credentials');
    expect((await signIn({ password: next })).status).toBe(201);
  });

  it('is not guessed at through a stolen session either', async () => {
    const change = () => call('PUT', '/v1/me/password', { current: 'a guess', next: 'seven bicycles by the wall' });
    for (let n = 0; n < 5; n += 1) expect((await change()).body.code).toBe('password-wrong');
    expect((await change()).body.code).toBe('too-many-requests');
  });

  it('shows where it is signed in, and ends one session or all others', async () => {
    const phone = (await signIn({}, { 'user-agent': chrome })).body.token;
    const sessions = async () => (await call('GET', '/v1/me/sessions')).body.items;
    const before = await sessions();
    expect(before).toHaveLength(2);
    const onPhone = before.find((one: { current: boolean }) => !one.current);
    expect(onPhone).toMatchObject({
      device: 'Chrome · Windows',
      createdAt: world.clock.now(),
      lastSeenAt: world.clock.now(),
    });

    world.clock.advance(seconds(59));
    await call('GET', '/v1/me', undefined, phone);
    const seen = async () => (await sessions()).find((one: { id: string }) => one.id === onPhone.id).lastSeenAt;
    expect(await seen()).toBe(onPhone.lastSeenAt);
    world.clock.advance(seconds(1));
    await call('GET', '/v1/me', undefined, phone);
    expect(await seen()).toBe(onPhone.lastSeenAt + minutes(1));

    expect((await call('DELETE', `/v1/me/sessions/${onPhone.id}`, undefined, here.manager)).body.code).toBe(
      'not-found',
    );
    expect((await call('DELETE', `/v1/me/sessions/${onPhone.id}`)).status).toBe(204);
    expect((await call('GET', '/v1/me', undefined, phone)).status).toBe(401);
    const third = (await signIn()).body.token;
    expect((await call('DELETE', '/v1/me/sessions')).status).toBe(204);
    expect((await call('GET', '/v1/me', undefined, third)).status).toBe(401);
    expect(await sessions()).toHaveLength(1);
  });

  it('of a resident has no password to change, but sessions to look at', async () => {
    const { token } = await residentAt(world, here, '孙丽');
    expect((await call('GET', '/v1/me/sessions', undefined, token)).body.items).toHaveLength(1);
    expect((await call('POST', '/v1/me/totp', undefined, token)).body.code).toBe('forbidden');
  });

  it('is guessed at no faster by going through many accounts from one address', async () => {
    const guess = (n: number, address: string, forwarded?: string) =>
      world.call('POST', '/v1/sessions', {
        body: { email: `nobody-${n}@team.test`, password: 'a common guess' },
        address,
        ...(forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } }),
      });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(n, '192.0.2.1')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    // A header of the guesser's own makes no difference; another address does, also behind the proxy.
    expect((await guess(41, '192.0.2.1', '198.51.100.7')).status).toBe(429);
    expect((await guess(41, '192.0.2.2')).status).toBe(401);
    expect((await guess(42, '10.0.0.5', '192.0.2.1')).status).toBe(429);
    expect((await guess(42, '10.0.0.5', '192.0.2.3')).status).toBe(401);
    const right = { body: operatorLogin, address: '192.0.2.3' };
    for (let n = 0; n < 40; n += 1) expect((await world.call('POST', '/v1/sessions', right)).status).toBe(201);
    world.clock.advance(minutes(15));
    expect((await guess(43, '192.0.2.1')).status).toBe(401);
  });

  it('is not texted a code any more when one address asks for too many phones', async () => {
    const ask = (n: number) =>
      world.call('POST', '/v1/sms-codes', { body: { phone: String(13_700_000_000 + n) }, address: '192.0.2.77' });
    const answers = await Promise.all(Array.from({ length: 70 }, (_, n) => ask(n)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });
});
