import { randomBytes } from 'node:crypto';
import { days } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { operatorLogin, testApp, type Answer, type TestApp } from '../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

const number = '91440300708461136T';
const account = '6228480402564890018';
const payee = { holder: '陶小满', bank: '农业银行', account: '6228 4804 0256 4890 018' };
const password = 'violin kestrel forty';
const within = { timeout: 10_000, interval: 20 };
const why = { reason: 'licence-unreadable', note: '请正对着拍，光线亮一些' };

/** A photo that says where and with what it was taken. */
const photo = () =>
  sharp({ create: { width: 900, height: 700, channels: 3, background: '#eed' } })
    .withExif({ IFD0: { Model: 'GatecastPhone' }, IFD3: { GPSLatitude: '30/1 15/1 0/1' } })
    .jpeg()
    .toBuffer();

describeStores('a store that comes by itself', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let scan: Buffer;
  let store: { readonly id: string; readonly token: string };
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { GATECAST_FOUR_EYES: '1', FFMPEG_PATH: 'none' } });
    here = await neighbourhood(world);
    scan = await photo();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    const login = { email: `${randomBytes(6).toString('hex')}@store.test`, password };
    const made = await signUp({ owner: { ...login, name: '陶小满' } });
    store = { id: made.body.id, token: await world.signIn(login.email, password) };
  });

  const signUp = (over: object, address?: string) =>
    world.call('POST', '/v1/merchant-sign-ups', {
      body: {
        name: '邻里鲜果',
        owner: { email: `${randomBytes(6).toString('hex')}@store.test`, password, name: '陶小满' },
        store: { name: '邻里鲜果', address: '南门', hours: '08:00–20:00', communityId: here.communityId },
        ...over,
      },
      ...(address !== undefined && { address }),
    });
  const profile = () => world.call('GET', '/v1/merchant-profile', { token: store.token });
  const licence = async (given = number, bytes: Uint8Array = scan): Promise<Answer> => {
    const request = new Request(
      `http://gatecast.test/v1/merchant-profile/licence?number=${encodeURIComponent(given)}`,
      {
        method: 'PUT',
        headers: { authorization: `Bearer ${store.token}` },
        body: new Blob([new Uint8Array(bytes)]),
      },
    );
    const answer = await world.app.fetch(request);
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  const setPayee = (body: object = payee) =>
    world.call('PUT', '/v1/merchant-profile/payee', { token: store.token, body });
  const decide = (verb: string, body?: object) =>
    world.call('POST', `/v1/merchants/${store.id}/${verb}`, { token: world.operator, ...(body && { body }) });
  const approve = (contact = 'phone') => decide('approve', { contact });
  const handInAll = async () => {
    await licence();
    await setPayee();
  };
  const row = async () => {
    const t = its.store.read.t.merchants;
    const [found] = await its.store.read.select().from(t).where(eq(t.id, store.id));
    if (!found) throw new Error('merchants stay');
    return found;
  };

  it('finds its community by a part of the name, and looks before anybody has approved it', async () => {
    const named = (name: string) =>
      world.call('GET', `/v1/merchant-sign-ups/communities?name=${encodeURIComponent(name)}`);
    expect((await named('linden')).body.items).toContainEqual({ id: here.communityId, name: 'Linden Court' });
    expect((await named('%%')).body.items).toEqual([]);
    expect((await named('L')).status).toBe(400);
    expect((await profile()).body).toMatchObject({ status: 'applied', missing: ['licence', 'payee'], licence: null });
    const slots = await world.call('GET', `/v1/slots?communityId=${here.communityId}&date=2026-11-24`, {
      token: store.token,
    });
    expect(slots.body.items[0]).toMatchObject({ touchPriceFen: 20 });
  });

  it('pays and publishes after the operator has said yes, which needs licence and payee', async () => {
    const mayPay = () => world.app.merchants.mayPay(its.store.read, store.id);
    await expect(mayPay()).rejects.toMatchObject({ code: 'merchant-not-approved' });
    expect((await approve()).body).toMatchObject({
      code: 'application-incomplete',
      missing: ['licence', 'payee'],
    });
    await handInAll();
    expect((await approve()).body).toMatchObject({ status: 'approved', missing: [] });
    await expect(mayPay()).resolves.toBeUndefined();
    expect((await approve()).body.code).toBe('merchant-state');
  });

  it('is approved by who says how it was made sure that this is the store, which stays on record', async () => {
    await handInAll();
    const onDesk = async (status: string) => {
      const path = `/v1/merchant-applications?limit=200&status=${status}`;
      const { body } = await world.call('GET', path, { token: world.operator });
      return body.items.find(({ id }: { id: string }) => id === store.id);
    };
    expect(await onDesk('applied')).toMatchObject({
      owner: { name: '陶小满', email: expect.stringMatching('@store.test') },
      contactCheck: null,
    });
    expect((await decide('approve')).status).toBe(400);
    expect((await approve('by-feeling')).status).toBe(400);
    const contactCheck = { how: 'visit', at: world.clock.now(), by: 'Operator' };
    expect((await approve('visit')).body).toMatchObject({ status: 'approved', contactCheck });
    expect(await onDesk('approved')).toMatchObject({ contactCheck });
    expect((await profile()).body).toMatchObject({ owner: null, contactCheck: null });
    expect(await audited()).toContainEqual(
      expect.objectContaining({ action: 'merchant.approve', facts: { reason: null, contact: 'visit' } }),
    );
  });

  it('hands in its licence as a photo that no longer says where it was taken', async () => {
    expect((await sharp(scan).metadata()).exif).toBeDefined();
    const { licence: kept } = (await licence(' 91440300 708461136t ')).body;
    expect(kept).toMatchObject({ number, alsoOf: [] });
    const shown = await world.app.fetch(new Request(`http://gatecast.test${kept.photoUrl}`));
    const { exif, format } = await sharp(Buffer.from(await shown.arrayBuffer())).metadata();
    expect([shown.status, format, exif]).toEqual([200, 'jpeg', undefined]);
    expect((await licence('91440300708461136A')).body.code).toBe('licence-number-invalid');
    expect((await licence(number, Buffer.from('%PDF-1.7'))).body.code).toBe('photo-not-a-picture');
  });

  it('says where its money goes, and nobody reads it back: not an answer, not the database', async () => {
    const answer = await setPayee();
    expect(answer.body.payee).toEqual({ holder: '**满', bank: '农业银行', account: '**** 0018' });
    for (const told of [JSON.stringify(answer.body), JSON.stringify(await row()), JSON.stringify(await audited())]) {
      expect(told).not.toContain(account);
      expect(told).not.toContain('陶小满');
    }
    expect(await world.app.merchants.payeeOf(its.store.read, store.id)).toEqual({ ...payee, account });
    expect((await setPayee({ ...payee, account: 'DE89' })).body.code).toBe('invalid-request');
  });

  it('is rejected for a reason, puts it right and applies again', async () => {
    await handInAll();
    expect((await decide('reject', why)).body).toMatchObject({ status: 'rejected', ...why });
    expect((await profile()).body).toMatchObject({ status: 'rejected', ...why });
    await licence();
    const again = await world.call('POST', '/v1/merchant-profile/apply', { token: store.token });
    expect(again.body.status).toBe('applied');
    expect((await approve()).body.status).toBe('approved');
    expect((await licence()).body.code).toBe('merchant-state');
  });

  it('is suspended and reinstated', async () => {
    await handInAll();
    await approve();
    expect((await decide('suspend', { reason: 'not-allowed', note: '' })).body.status).toBe('suspended');
    await expect(world.app.merchants.mayPay(its.store.read, store.id)).rejects.toMatchObject({
      code: 'merchant-not-approved',
    });
    expect((await decide('reinstate')).body.status).toBe('approved');
  });

  it('is brought back by another than who suspended it, where four eyes are wanted and there is a colleague', async () => {
    await handInAll();
    await approve();
    const email = `${randomBytes(6).toString('hex')}@gatecast.test`;
    await its.store.tx(async (q) => {
      const [account] = await q.select().from(q.t.accounts).where(eq(q.t.accounts.role, 'operator'));
      const { passwordHash = null } = account ?? {};
      const row = { id: `acct_${email}`, role: 'operator', name: '同事', email, passwordHash } as const;
      await q.insert(q.t.accounts).values({ ...row, createdAt: world.clock.now() });
    });
    const colleague = await world.signIn(email, operatorLogin.password);
    const asColleague = (verb: string, body?: object) =>
      world.call('POST', `/v1/merchants/${store.id}/${verb}`, { token: colleague, body });
    await asColleague('suspend', { reason: 'not-allowed', note: '' });
    expect((await asColleague('reinstate')).body.code).toBe('decided-alone');
    expect((await decide('reinstate')).body.status).toBe('approved');
  });

  it('stands on the operator’s desk with who else gave the same number', async () => {
    await handInAll();
    const desk = await world.call('GET', '/v1/merchant-applications?limit=200', { token: world.operator });
    const mine = desk.body.items.find(({ id }: { id: string }) => id === store.id);
    expect(mine).toMatchObject({ stores: [{ communityId: here.communityId }], payee: { account: '**** 0018' } });
    expect(mine.licence.alsoOf.length).toBeGreaterThan(0);
    expect((await profile()).body.licence.alsoOf).toEqual([]);
  });

  it('loses its photo ninety days after it was rejected and did not come back', async () => {
    const unlike = await sharp({ create: { width: 700, height: 700, channels: 3, background: randomColour() } })
      .jpeg()
      .toBuffer();
    await licence(number, unlike);
    await decide('reject', why);
    const sha256 = (await row()).licenceSha256 ?? '';
    expect(await world.app.content.papers.size(sha256)).toBeGreaterThan(0);
    world.clock.advance(days(91));
    await vi.waitFor(
      async () => expect(await row()).toMatchObject({ licenceSha256: null, licenceNumber: number }),
      within,
    );
    await vi.waitFor(async () => expect(await world.app.content.papers.size(sha256)).toBeUndefined(), within);
  });

  it('has its papers deleted three years after it was suspended for good', async () => {
    const unlike = await sharp({ create: { width: 700, height: 700, channels: 3, background: randomColour() } })
      .jpeg()
      .toBuffer();
    await licence(number, unlike);
    await setPayee();
    const token = await world.signIn(operatorLogin.email, operatorLogin.password);
    const asOperator = (verb: string, body: object) =>
      world.call('POST', `/v1/merchants/${store.id}/${verb}`, { token, body });
    await asOperator('approve', { contact: 'papers' });
    expect((await asOperator('suspend', { reason: 'not-allowed', note: '' })).status).toBe(200);
    const sha256 = (await row()).licenceSha256 ?? '';
    world.clock.advance(days(3 * 366 + 1));
    await vi.waitFor(
      async () => expect(await row()).toMatchObject({ licenceSha256: null, payeeSealed: null, payeeMask: null }),
      within,
    );
    expect((await row()).licenceNumber).toBe(number);
    await vi.waitFor(async () => expect(await world.app.content.papers.size(sha256)).toBeUndefined(), within);
  });

  it('is slowed when one network signs up store after store', async () => {
    for (let i = 0; i < 5; i += 1) expect((await signUp({}, '203.0.113.9')).status).toBe(201);
    expect((await signUp({}, '203.0.113.9')).body.code).toBe('too-many-requests');
    expect((await signUp({}, '203.0.113.10')).status).toBe(201);
  });

  const audited = () =>
    its.store.read.select().from(its.store.read.t.audit).where(eq(its.store.read.t.audit.subject, store.id));
});

const randomColour = (): string => `#${randomBytes(3).toString('hex')}`;
