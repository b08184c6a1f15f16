import { createECDH, randomInt } from 'node:crypto';
import { days, minutes, newId } from '@gatecast/firmware-protocol';
import { cardPreimage, pinPreimage } from '@gatecast/firmware-protocol/messages';
import { cardFromNumber } from '@gatecast/firmware-protocol/pass';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { sessionOf } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import { applyList, publishedList, tagAt } from './published-list.fixture.ts';

describeStores('what opens doors for residents', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
  });
  afterAll(() => world.close());

  const addResident = async (change: object = {}): Promise<{ id: string; token: string }> => {
    const phone = `13${String(randomInt(1_000_000_000)).padStart(9, '0')}`;
    const made = await world.call('POST', `/v1/communities/${here.communityId}/residents`, {
      token: here.manager,
      body: { name: '王小明', phone, unit: '1203', building: '3', ...change },
    });
    expect(made.status).toBe(201);
    return { id: made.body.id, token: await sessionOf(world, made.body.id) };
  };
  const put = (path: string, body: object, token = here.manager) => world.call('PUT', path, { token, body });
  const post = (path: string, body: object, token = here.manager) => world.call('POST', path, { token, body });
  const remove = (path: string, token = here.manager) => world.call('DELETE', path, { token });
  const get = (path: string, token = here.manager) => world.call('GET', path, { token });
  const setPin = (id: string, pin: string) => put(`/v1/residents/${id}/pin`, { pin });
  const setDuress = (id: string, pin: string, token?: string) => put(`/v1/residents/${id}/duress-pin`, { pin }, token);
  const list = () => publishedList(world, terminal);
  const similar = { status: 422, body: { code: 'pin-too-similar' } };

  describe('a PIN for under threat', () => {
    it('opens like a PIN, and only the terminal can tell it from one', async () => {
      const { id, token } = await addResident({ pin: '274916' });
      expect((await setDuress(id, '805213', token)).status).toBe(204);
      const published = await list();
      const duress = published.credentials.find((one) => one.duress);
      expect(duress).toMatchObject({ kind: 'unit-pin', unit: '1203', person: 'resident' });
      expect(duress?.kind === 'unit-pin' && duress.tag).toBe(
        tagAt(terminal, published, pinPreimage(duress?.id ?? '', '805213')),
      );
      expect((await get(`/v1/residents/${id}`)).body).toMatchObject({ hasPin: true, hasDuressPin: true });
    });

    it('may be neither the PIN nor one digit off it, nor that of anybody else in the unit; and the other way round', async () => {
      const mine = await addResident({ pin: '274916' });
      const theirs = await addResident({ pin: '805213' });
      for (const near of ['274916', '274917', '27491', '2749163', '305213', '80521', '8052213'].filter(
        ({ length }) => length >= 6,
      )) {
        expect(await setDuress(mine.id, near)).toMatchObject(similar);
      }
      expect((await setDuress(mine.id, '639508')).status).toBe(204);
      for (const near of ['639508', '639509', '6395081']) {
        expect(await setPin(theirs.id, near)).toMatchObject(similar);
        expect(await setPin(mine.id, near)).toMatchObject(similar);
      }
      const told = JSON.stringify((await setPin(theirs.id, '639509')).body);
      expect(told).not.toMatch(/duress|639508|1203/);
    });

    it('may be anything else: two digits off, or what somebody of another unit has, or the one before', async () => {
      const mine = await addResident({ pin: '274916' });
      await addResident({ unit: '704', pin: '805213' });
      expect((await setDuress(mine.id, '805213')).status).toBe(204);
      expect((await setDuress(mine.id, '805214')).status).toBe(204);
      expect((await setPin(mine.id, '274917')).status).toBe(200);
      expect((await list()).credentials.filter(({ duress }) => duress)).toHaveLength(1);
    });

    it('minds units of other buildings with the same number, as the keypad does', async () => {
      await addResident({ building: '1', pin: '274916' });
      const other = await addResident({ building: '2' });
      expect(await setDuress(other.id, '274915')).toMatchObject(similar);
    });

    it('is refused when a stranger would try it, and is gone when it is taken away', async () => {
      const { id, token } = await addResident({ pin: '274916' });
      expect((await setDuress(id, '123456')).body.code).toBe('trivial-pin');
      await setDuress(id, '805213');
      expect((await remove(`/v1/residents/${id}/duress-pin`, token)).status).toBe(204);
      expect((await remove(`/v1/residents/${id}/duress-pin`, token)).status).toBe(204);
      expect((await list()).credentials.map(({ duress }) => duress)).toEqual([false]);
      expect((await get(`/v1/residents/${id}`)).body.hasDuressPin).toBe(false);
    });

    it('is listed for the person and the property, and for nobody else', async () => {
      const { id, token } = await addResident({ pin: '274916' });
      await setDuress(id, '805213');
      const kinds = async (path: string, who: string) =>
        (await get(path, who)).body.items.map(({ kind }: { kind: string }) => kind).sort();
      expect(await kinds('/v1/me/credentials', token)).toEqual(['duress-pin', 'pin']);
      expect(await kinds(`/v1/residents/${id}/credentials`, here.manager)).toEqual(['duress-pin', 'pin']);
      expect(await kinds(`/v1/residents/${id}/credentials`, world.operator)).toEqual(['pin']);
      const hasOne = async (who: string) => (await get(`/v1/residents/${id}`, who)).body.hasDuressPin;
      expect([await hasOne(here.manager), await hasOne(world.operator)]).toEqual([true, false]);
      const listed = await get(`/v1/communities/${here.communityId}/residents`, world.operator);
      expect(listed.body.items.filter((one: { hasDuressPin: boolean }) => one.hasDuressPin)).toEqual([]);
      const { items } = (await get('/v1/me/credentials', token)).body;
      const duress = items.find(({ kind }: { kind: string }) => kind === 'duress-pin');
      expect((await remove(`/v1/credentials/${duress.id}`, world.operator)).status).toBe(404);
      const first = await get(`/v1/residents/${id}/credentials?limit=1`, world.operator);
      expect(first.body).toMatchObject({ items: [{ kind: 'pin' }], nextCursor: null });
      const deeds = await get('/v1/audit?action=resident&limit=200', world.operator);
      expect(JSON.stringify(deeds.body)).not.toContain('duress');
      for (const [path, who] of [
        [`/v1/residents/${id}/export`, world.operator],
        ['/v1/me/export', token],
      ] as const)
        expect(JSON.stringify((await get(path, who)).body)).not.toMatch(/duress/i);
      const stranger = await addResident({ unit: '1' });
      expect((await setDuress(id, '905213', stranger.token)).status).toBe(404);
    });
  });

  describe('a card', () => {
    const card = { number: '123,45678', format: 'w26' };

    it('is known to the terminal by its tag, to people by its last digits, and to nobody by its number', async () => {
      const { id, token } = await addResident();
      const added = await post(`/v1/residents/${id}/cards`, { ...card, label: 'Blue fob' });
      expect(added).toMatchObject({
        status: 201,
        body: { kind: 'card', label: 'Blue fob', card: { format: 'w26', last4: '5678' }, state: 'active' },
      });
      const published = await list();
      const text = cardFromNumber('w26', '123,45678')?.text ?? '';
      expect(published.credentials).toMatchObject([
        { kind: 'card', id: added.body.id, tag: tagAt(terminal, published, cardPreimage(text)) },
      ]);
      for (const row of await world.store.read.select().from(world.store.read.t.credentials))
        expect(JSON.stringify(row)).not.toContain('45678');
      await applyList(world, terminal);
      expect((await get('/v1/me/credentials', token)).body.items).toMatchObject([
        { delivered: { terminals: 1, of: 1 } },
      ]);
    });

    it('belongs to one person at a time; once revoked it may be given to another', async () => {
      const [first, second] = [await addResident(), await addResident()];
      const added = await post(`/v1/residents/${first.id}/cards`, card);
      expect(await post(`/v1/residents/${second.id}/cards`, card)).toMatchObject({
        status: 409,
        body: { code: 'card-taken' },
      });
      const revoked = await remove(`/v1/credentials/${added.body.id}`);
      expect(revoked.body).toMatchObject({ state: 'revoked', revokedAt: world.clock.now() });
      const again = await post(`/v1/residents/${second.id}/cards`, card);
      expect(again.status).toBe(201);
      const { credentials, deny } = await list();
      expect({ listed: credentials.map(({ id }) => id), deny }).toEqual({
        listed: [again.body.id],
        deny: [added.body.id],
      });
    });

    it('with a number that no such card has is refused, and so is one too many', async () => {
      const { id } = await addResident();
      for (const number of ['999,1', 'abc', '123,99999'])
        expect((await post(`/v1/residents/${id}/cards`, { number, format: 'w26' })).body.code).toBe('card-unreadable');
      for (let n = 0; n < 10; n += 1) await post(`/v1/residents/${id}/cards`, { number: `1,${n}`, format: 'w26' });
      expect((await post(`/v1/residents/${id}/cards`, card)).body.code).toBe('too-many-cards');
    });

    describe('that a reader learns', () => {
      const learning = async (change: object = {}) => {
        const id = newId('command');
        const row = {
          id,
          terminalId: terminal.id,
          kind: 'learn-card',
          state: 'RECEIVED',
          times: {},
          actor: 'acct_x',
          expiresAt: (world.clock.now() + minutes(1)) as never,
          ...change,
        } as const;
        await world.store.tx(async (q) => void (await q.insert(q.t.commands).values(row)));
        return id;
      };
      const learned = { epoch: 1, tag: 'T'.repeat(43), format: 'w34', last4: '4321' };
      const tell = (command: string, change: object = {}, who = terminal) =>
        world.call('POST', `/v1/terminals/${who.id}/learned-cards`, {
          token: who.token,
          body: { command, ...learned, ...change },
        });

      it('is shown with the command, and given to somebody by it', async () => {
        const command = await learning();
        expect((await get(`/v1/commands/${command}`)).body.card).toBeNull();
        expect((await tell(command)).status).toBe(204);
        expect((await tell(command)).status).toBe(204);
        expect((await get(`/v1/commands/${command}`)).body.card).toEqual({ format: 'w34', last4: '4321' });
        const { id } = await addResident();
        const added = await post(`/v1/residents/${id}/cards`, { commandId: command });
        expect(added.body.card).toEqual({ format: 'w34', last4: '4321' });
        expect((await list()).credentials).toMatchObject([{ kind: 'card', tag: learned.tag }]);
      });

      it('is refused of another terminal, of another kind of command, a second time and too late', async () => {
        const elsewhere = await neighbourhood(world);
        const other = await claimedTerminal(world, elsewhere);
        const command = await learning();
        expect((await tell(command, {}, other)).status).toBe(404);
        expect((await tell(await learning({ kind: 'open' }))).status).toBe(404);
        expect((await tell(await learning({ state: 'REFUSED' }))).body.code).toBe('conflict');
        expect((await tell(await learning({ expiresAt: world.clock.now() - minutes(1) }))).body.code).toBe('conflict');
        await tell(command);
        expect((await tell(command, { tag: 'U'.repeat(43) })).body.code).toBe('conflict');
      });

      it('has to have been learned, and in the same community', async () => {
        const { id } = await addResident();
        expect((await post(`/v1/residents/${id}/cards`, { commandId: await learning() })).body.code).toBe(
          'nothing-learned',
        );
        const elsewhere = await neighbourhood(world);
        const other = await claimedTerminal(world, elsewhere);
        const foreign = await learning({ terminalId: other.id });
        expect((await tell(foreign, {}, other)).status).toBe(204);
        expect((await post(`/v1/residents/${id}/cards`, { commandId: foreign })).body.code).toBe('nothing-learned');
      });
    });
  });

  describe('a phone', () => {
    const phone = () => {
      const pair = createECDH('prime256v1');
      return { publicKey: pair.generateKeys('base64url'), label: 'My phone' };
    };

    it('is known to the terminal by the public half of its key', async () => {
      const { token } = await addResident();
      const { publicKey, label } = phone();
      const added = await post('/v1/me/phones', { publicKey, label }, token);
      expect(added).toMatchObject({ status: 201, body: { kind: 'phone', label: 'My phone' } });
      const bytes = Buffer.from(publicKey, 'base64url');
      const [x, odd] = [bytes.subarray(1, 33).toString('base64url'), ((bytes.at(-1) ?? 0) & 1) === 1];
      expect((await list()).credentials).toMatchObject([{ kind: 'phone', id: added.body.id, x, odd }]);
    });

    it('has a key on the curve that nobody has; three are the most', async () => {
      const { token } = await addResident();
      const off = Buffer.from(phone().publicKey, 'base64url');
      off.writeUInt8((off.at(-1) ?? 0) ^ 1, 64);
      const wrong = { publicKey: off.toString('base64url'), label: 'x' };
      expect((await post('/v1/me/phones', wrong, token)).body.code).toBe('phone-key-invalid');
      const mine = phone();
      expect((await post('/v1/me/phones', mine, token)).status).toBe(201);
      expect((await post('/v1/me/phones', mine, token)).body.code).toBe('phone-key-taken');
      await post('/v1/me/phones', phone(), token);
      const third = await post('/v1/me/phones', phone(), token);
      expect((await post('/v1/me/phones', phone(), token)).body.code).toBe('too-many-phones');
      expect((await remove(`/v1/me/credentials/${third.body.id}`, token)).body.state).toBe('revoked');
      expect((await post('/v1/me/phones', phone(), token)).status).toBe(201);
      const stranger = await addResident();
      expect((await remove(`/v1/me/credentials/${third.body.id}`, stranger.token)).status).toBe(404);
    });

    it('of a landlord, who lives elsewhere, opens nothing unless the property has given them something', async () => {
      const { id, token } = await addResident({ relation: 'landlord' });
      expect(await post('/v1/me/phones', phone(), token)).toMatchObject({
        status: 403,
        body: { code: 'no-right-to-enter' },
      });
      for (const kind of ['pin', 'duress-pin'])
        expect((await put(`/v1/residents/${id}/${kind}`, { pin: '274916' }, token)).body.code).toBe(
          'no-right-to-enter',
        );
      await post(`/v1/residents/${id}/cards`, { number: '7,7', format: 'w26' });
      expect((await post('/v1/me/phones', phone(), token)).status).toBe(201);
    });
  });

  describe('when the record changes', () => {
    it('a lease’s end is an end of everything, and a later one moves it', async () => {
      const { id } = await addResident({ pin: '274916', relation: 'tenant', leaseEndsOn: '2026-12-31' });
      const newYear = Date.UTC(2026, 11, 31, 16);
      expect((await list()).credentials).toMatchObject([{ to: newYear }]);
      const later = { leaseEndsOn: '2027-01-31' };
      await world.call('PATCH', `/v1/residents/${id}`, { token: here.manager, body: later });
      expect((await list()).credentials).toMatchObject([{ to: newYear + days(31) }]);
    });

    it('a longer opening and a guardian are told to the doors', async () => {
      const guardian = await addResident();
      const { id } = await addResident({ pin: '274916' });
      const body = { openMs: 12_340, isChild: true, guardianId: guardian.id };
      expect((await world.call('PATCH', `/v1/residents/${id}`, { token: here.manager, body })).status).toBe(200);
      expect((await list()).credentials).toMatchObject([{ openMs: 12_300, person: 'child' }]);
    });

    it('a PIN goes along to another unit, unless somebody there has one that it could be mistaken for', async () => {
      const { id } = await addResident({ pin: '274916' });
      const move = async (unit: string) =>
        world.call('PATCH', `/v1/residents/${id}`, { token: here.manager, body: { building: '3', unit } });
      await move('704');
      expect((await list()).credentials).toMatchObject([{ unit: '704' }]);
      await addResident({ unit: '805', pin: '274917' });
      const moved = await move('805');
      expect((await list()).credentials).toHaveLength(1);
      expect((await get(`/v1/residents/${moved.body.id}`)).body.hasPin).toBe(false);
    });
  });

  describe('somebody who moves out', () => {
    const invite = { label: 'Aunt', from: 'now', hours: 24, uses: null };

    it('loses everything at once, their visitors too, and the proof says which terminals know', async () => {
      const { id, token } = await addResident({ pin: '274916' });
      await setDuress(id, '805213');
      const card = await post(`/v1/residents/${id}/cards`, { number: '123,45678', format: 'w26' });
      const pass = await post('/v1/me/passes', invite, token);
      const passCard = await post(`/v1/passes/${pass.body.id}/cards`, { number: '9,9', format: 'w26' });
      const before = (await list()).credentials.map((one) => one.id);
      expect(before).toContain(card.body.id);
      expect(await get(`/v1/residents/${id}/revocation`)).toMatchObject({ status: 404, body: { code: 'not-found' } });

      await world.call('POST', `/v1/residents/${id}/move-out`, { token: here.manager });
      expect((await get(`/v1/residents/${id}/revocation`)).body).toMatchObject({
        at: world.clock.now(),
        credentials: 5,
        terminals: [{ terminalId: terminal.id, state: 'waiting', online: false, confirmedAt: null }],
      });
      const { credentials, deny, passes } = await list();
      expect(credentials).toEqual([]);
      expect(new Set(deny)).toEqual(new Set(before));
      expect(deny).toContain(passCard.body.id);
      expect(passes?.denyCodes).toHaveLength(1);

      world.clock.advance(minutes(3));
      await applyList(world, terminal);
      expect((await get(`/v1/residents/${id}/revocation`)).body.terminals).toMatchObject([
        { terminalId: terminal.id, entranceName: 'East gate', state: 'confirmed', confirmedAt: world.clock.now() },
      ]);
    });

    it('can be given nothing more', async () => {
      const { id } = await addResident({ pin: '274916' });
      await world.call('POST', `/v1/residents/${id}/move-out`, { token: here.manager });
      expect((await post(`/v1/residents/${id}/cards`, { number: '1,1', format: 'w26' })).body.code).toBe('moved-out');
      expect((await setDuress(id, '639508')).body.code).toBe('moved-out');
    });

    it('is proven to have lost everything also when the lists have forgotten them', async () => {
      const { id } = await addResident({ pin: '274916' });
      await world.call('POST', `/v1/residents/${id}/move-out`, { token: here.manager });
      await applyList(world, terminal);
      const today = world.clock.now();
      world.clock.advance(days(31));
      const operator = await world.signIn(operatorLogin.email, operatorLogin.password);
      expect((await get(`/v1/residents/${id}/revocation`, operator)).body.terminals).toMatchObject([
        { state: 'confirmed' },
      ]);
      world.clock.set(today);
    });
  });
});
