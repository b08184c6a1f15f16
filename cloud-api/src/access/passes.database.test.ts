import { verify } from 'node:crypto';
import { days, hours, newId } from '@gatecast/firmware-protocol';
import { codePreimage, passCodeCredential } from '@gatecast/firmware-protocol/messages';
import { publicKeyOf } from '@gatecast/firmware-protocol/node';
import {
  decodePassCode,
  hourOf,
  passCodeNo,
  passEpoch,
  passHours,
  readSignedPass,
} from '@gatecast/firmware-protocol/pass';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { residentAt } from '../test-market.ts';
import {
  claimedTerminal,
  guardAt,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { applyList, codePrfAt, publishedList, tagAt } from './published-list.fixture.ts';

describeStores('passes', (its) => {
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

  const list = () => publishedList(world, terminal);
  const thisHour = (): number => world.clock.now() - (world.clock.now() % hours(1));
  const body = (change: object = {}) => ({
    communityId: here.communityId,
    label: 'Plumber',
    entranceIds: null,
    from: thisHour(),
    to: thisHour() + hours(2),
    uses: null,
    ...change,
  });
  const issue = (change: object = {}, token = here.manager) =>
    world.call('POST', '/v1/passes', { token, body: body(change) });
  const get = async (path: string, token = here.manager) => (await world.call('GET', path, { token })).body;
  const window = (length: number, index: number) => ({
    startHour: hourOf(thisHour()),
    durationClass: passHours.findIndex((each) => each === length),
    index,
  });
  const decoded = async (code: string) => {
    const prf = codePrfAt(terminal, await list(), passEpoch(hourOf(thisHour())));
    return prf && decodePassCode(code, hourOf(thisHour()), prf);
  };

  describe('a visitor’s code', () => {
    it('of whole hours works offline: the terminal finds its window by the week’s key alone', async () => {
      const pass = await issue();
      expect(pass).toMatchObject({
        status: 201,
        body: { codeWorksOffline: true, state: 'active', has: { code: true, qr: true, cards: 0 } },
      });
      expect(pass.body.code).toMatch(/^\d{9}$/);
      expect(await decoded(pass.body.code)).toEqual(window(2, 0));
      const long = await issue({ to: thisHour() + hours(48), uses: 1 });
      expect(long.body.code).toMatch(/^\d{10}$/);
      expect(await decoded(long.body.code)).toEqual(window(48, 2));
    });

    it('is known to a terminal with the list by its tag, with all that the property knows of the pass', async () => {
      const pass = await issue({ person: 'courier' });
      const published = await list();
      expect(published.credentials).toMatchObject([
        {
          kind: 'code',
          id: pass.body.id,
          person: 'courier',
          tag: tagAt(terminal, published, codePreimage(pass.body.code)),
        },
      ]);
      expect(pass.body.delivered).toEqual({ terminals: 0, of: 1 });
      await applyList(world, terminal);
      expect((await get(`/v1/passes/${pass.body.id}`)).delivered).toEqual({ terminals: 1, of: 1 });
    });

    it('falls back to eight digits when the window’s places are taken, and says so', async () => {
      const codes = [];
      for (let n = 0; n < 3; n += 1) codes.push((await issue()).body);
      expect(codes.map(({ codeWorksOffline }) => codeWorksOffline)).toEqual([true, true, false]);
      expect(codes.map(({ code }) => code.length)).toEqual([9, 9, 8]);
      expect(new Set(codes.map(({ code }) => code)).size).toBe(3);
      const once = (await issue({ uses: 1 })).body;
      expect(once.codeWorksOffline).toBe(true);
    });

    it('keeps its place after it was taken back, so that no other pass gets a code that is refused', async () => {
      const first = (await issue()).body;
      await world.call('DELETE', `/v1/passes/${first.id}`, { token: here.manager });
      const second = (await issue()).body;
      expect(second.code).not.toBe(first.code);
      const { passes, deny } = await list();
      expect(passes?.denyCodes).toEqual([passCodeNo(window(2, 0))]);
      expect(deny).toEqual([first.id]);
    });

    it('has eight digits for what such a code cannot say, and ends when the pass does', async () => {
      const odd = [
        { entranceIds: [here.entranceId] },
        { person: 'staff' },
        { uses: 3 },
        { openMs: 9_000 },
        { firstUseWithinHours: 4, lastsHours: 2 },
        { to: thisHour() + hours(3) },
        { to: null },
      ];
      for (const change of odd) {
        const pass = await issue(change);
        expect({ change, ...pass.body }).toMatchObject({
          codeWorksOffline: false,
          code: expect.stringMatching(/^\d{8}$/),
        });
      }
    });

    it('is the same for the same idempotency key, and is stored nowhere', async () => {
      const options = { token: here.manager, idempotencyKey: newId('command'), body: body() };
      const first = await world.call('POST', '/v1/passes', options);
      const again = await world.call('POST', '/v1/passes', options);
      expect(again.body).toEqual(first.body);
      const { t } = world.store.read;
      for (const table of [t.credentials, t.idempotency, t.audit, t.events]) {
        expect(JSON.stringify(await world.store.read.select().from(table))).not.toContain(first.body.code);
      }
    });
  });

  it('with a window that is over, or an entrance from elsewhere, are refused', async () => {
    expect((await issue({ from: 1, to: 2 })).body.code).toBe('pass-window-invalid');
    expect((await issue({ to: thisHour() + days(400) })).body.code).toBe('pass-window-invalid');
    const elsewhere = await neighbourhood(world);
    expect((await issue({ entranceIds: [elsewhere.entranceId] })).status).toBe(404);
  });

  it('are refused under an idempotency key that came with another one', async () => {
    const options = { token: here.manager, idempotencyKey: newId('command') };
    await world.call('POST', '/v1/passes', { ...options, body: body() });
    const other = await world.call('POST', '/v1/passes', { ...options, body: body({ label: 'Other' }) });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  describe('a pass’s QR', () => {
    const claimsOf = async (text: string) => {
      const read = readSignedPass(text);
      const [issuer] = (await list()).passes?.issuers ?? [];
      const isGood =
        read && issuer && verify(null, read.signed, publicKeyOf('ed25519', issuer.publicKey), read.signature);
      expect(isGood).toBe(true);
      return read?.claims;
    };

    it('says by whom, when, where and how often it may be used, signed by the community’s issuer', async () => {
      const pass = await issue({
        person: 'maintenance',
        entranceIds: [here.entranceId],
        uses: 4,
        to: thisHour() + hours(5),
      });
      const [door] = (await list()).passes?.doors ?? [];
      expect(door?.entrance).toBe(here.entranceId);
      const { id, from, to } = pass.body;
      expect(await claimsOf(pass.body.qr)).toEqual({
        id,
        from,
        to,
        doors: [door?.no],
        uses: 4,
        person: 'maintenance',
        codeNo: null,
      });
      const plain = { doors: null, codeNo: passCodeNo(window(2, 0)) };
      expect(await claimsOf((await issue()).body.qr)).toMatchObject(plain);
    });

    it('is not made for a pass without an end, and not where it could not say all: a schedule, a first use', async () => {
      const schedule = await world.call('POST', `/v1/communities/${here.communityId}/access-schedules`, {
        token: here.manager,
        body: { name: 'Mornings', windows: [{ days: [1], fromMinute: 360, toMinute: 720, entranceIds: null }] },
      });
      for (const change of [{ to: null }, { scheduleId: schedule.body.id }, { firstUseWithinHours: 1 }]) {
        const { qr, has } = (await issue({ person: 'courier', ...change })).body;
        expect({ qr, has: has.qr }).toEqual({ qr: null, has: false });
      }
    });

    it('and the typed codes that work offline are void once the keys begin anew; the others stay', async () => {
      const [offline, listed] = [(await issue()).body, (await issue({ person: 'staff' })).body];
      const [before] = (await list()).passes?.issuers ?? [];
      await world.call('POST', `/v1/communities/${here.communityId}/pass-keys/roll`, { token: here.manager });
      const after = await list();
      expect(after.passes?.issuers[0]?.publicKey).not.toBe(before?.publicKey);
      expect((await get(`/v1/passes/${offline.id}`)).state).toBe('revoked');
      expect(listed.has).toMatchObject({ code: true, qr: true });
      expect(await get(`/v1/passes/${listed.id}`)).toMatchObject({ state: 'active', has: { code: true, qr: false } });
      const fresh = (await issue()).body;
      expect(fresh.code).not.toBe(offline.code);
      expect(fresh.codeWorksOffline).toBe(true);
    });
  });

  describe('what the doors tell of passes', () => {
    const opened = (credential: string, via = 'code') => ({
      kind: 'opened',
      body: { entrance: here.entranceId, via, person: 'visitor', pulseMs: 5_000, list: 1, command: null },
      private: { salt: 'c2FsdA', data: { credential, touch: null } },
    });
    const happens = (journal: ReturnType<typeof testJournal>, ...rows: ReturnType<typeof opened>[]) =>
      world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: journal(...rows) });

    it('is how often each was used, by its id, its code or its cards', async () => {
      const pass = (await issue({ uses: 1 })).body;
      const many = (await issue({ person: 'staff', uses: 5 })).body;
      const card = await world.call('POST', `/v1/passes/${many.id}/cards`, {
        token: here.manager,
        body: { number: '1,2', format: 'w26' },
      });
      const journal = testJournal(world, terminal, 'door');
      const codeNo = passCodeNo(window(2, 2));
      await happens(
        journal,
        opened(passCodeCredential(codeNo)),
        opened(many.id),
        opened(card.body.id),
        opened(newId('credential')),
      );
      expect(await get(`/v1/passes/${pass.id}`)).toMatchObject({
        state: 'used-up',
        usedCount: 1,
        lastUsedAt: world.clock.now(),
      });
      expect(await get(`/v1/passes/${many.id}`)).toMatchObject({ state: 'active', usedCount: 2, has: { cards: 1 } });
    });

    it('makes a pass that was used up at one door be refused at the others', async () => {
      const pass = (await issue({ uses: 2 })).body;
      const once = (await issue({ uses: 1 })).body;
      const journal = testJournal(world, terminal, 'door');
      await happens(journal, opened(pass.id));
      expect((await list()).deny).toEqual([]);
      await happens(journal, opened(pass.id, 'qr'), opened(once.id));
      const { deny, passes, credentials } = await list();
      expect(new Set(deny)).toEqual(new Set([pass.id, once.id]));
      expect(credentials).toEqual([]);
      expect(passes?.denyCodes).toEqual([passCodeNo(window(2, 2))]);
    });

    it('tells the pages of the property and of whoever invited', async () => {
      const resident = await residentAt(world, here, '王小明');
      const invited = await world.call('POST', '/v1/me/passes', {
        token: resident.token,
        body: { label: 'Aunt', from: 'now', hours: 2, uses: null },
      });
      await happens(testJournal(world, terminal, 'door'), opened(invited.body.id));
      const { events } = world.store.read.t;
      const told = (await world.store.read.select().from(events)).filter(({ subject }) => subject === invited.body.id);
      expect(told).toMatchObject([
        { type: 'pass', companyId: here.companyId, residentId: resident.id },
        { type: 'pass', companyId: here.companyId, residentId: resident.id },
      ]);
    });
  });

  describe('the property’s list of passes', () => {
    it('finds a visitor by whom they come to: the name, or how the unit begins', async () => {
      const host = await residentAt(world, here, '王小明');
      const label = 'Uncle of nobody else';
      const body = { label, from: 'now', hours: 2, uses: 1 };
      const { id } = (await world.call('POST', '/v1/me/passes', { token: host.token, body })).body;
      const found = async (search: string) => {
        const { items } = await get(`/v1/passes?communityId=${here.communityId}&search=${search}`);
        return items.filter((pass: { label: string }) => pass.label === label).map((pass: { id: string }) => pass.id);
      };
      const [{ unit }] = (await get(`/v1/passes?communityId=${here.communityId}&search=小明`)).items.map(
        (pass: { host: { unit: string } }) => pass.host,
      );
      expect(await found('小明')).toEqual([id]);
      expect(await found(unit.slice(0, 2))).toEqual([id]);
      expect(await found(`9${unit}`)).toEqual([]);
    });

    it('can be narrowed by person, state, words and day', async () => {
      const now = world.clock.now();
      const make = async (change: object) => (await issue(change)).body.id as string;
      const plumber = await make({ uses: 1 });
      const nurse = await make({ label: 'Night nurse', person: 'staff', to: null });
      const later = await make({ label: '100% later', from: now + days(2), to: now + days(3) });
      const gone = await make({ label: 'Gone' });
      await world.call('DELETE', `/v1/passes/${gone}`, { token: here.manager });
      const found = async (query: string) => {
        const { items } = await get(`/v1/passes?communityId=${here.communityId}${query}`);
        return items.map(({ id }: { id: string }) => id);
      };
      expect(new Set(await found(''))).toEqual(new Set([plumber, nurse, later, gone]));
      expect(await found('&person=staff')).toEqual([nurse]);
      expect(await found('&state=revoked')).toEqual([gone]);
      expect(await found('&state=scheduled')).toEqual([later]);
      expect(new Set(await found('&state=active'))).toEqual(new Set([plumber, nurse]));
      expect(await found('&state=expired')).toEqual([]);
      expect(await found('&search=NIGHT')).toEqual([nurse]);
      expect(new Set(await found('&day=2026-11-23'))).toEqual(new Set([plumber, nurse]));
      expect(new Set(await found('&day=2026-11-25'))).toEqual(new Set([nurse, later]));
      expect((await world.call('GET', '/v1/passes?day=2026-11-25', { token: here.manager })).status).toBe(400);
      world.clock.advance(hours(3));
      expect(await found('&state=expired')).toEqual([plumber]);
      world.clock.set(now);
    });

    it('comes in pages, each pass once, and shows a guard what they keep', async () => {
      const ids = [];
      for (let n = 0; n < 5; n += 1) ids.push((await issue({ label: `Visitor ${n}` })).body.id);
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await get(`/v1/passes?communityId=${here.communityId}&limit=2${cursor}`);
        seen.push(...page.items.map(({ id }: { id: string }) => id));
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      expect(new Set(seen)).toEqual(new Set(ids));
      expect(seen).toHaveLength(5);
      const guard = await guardAt(world, here, [here.communityId]);
      const elsewhere = await guardAt(world, await neighbourhood(world), null);
      expect((await get('/v1/passes', guard)).items).toHaveLength(5);
      expect((await get('/v1/passes', elsewhere)).items).toEqual([]);
      expect((await world.call('GET', `/v1/passes/${ids[0]}`, { token: elsewhere })).status).toBe(404);
      expect((await world.call('DELETE', `/v1/passes/${ids[0]}`, { token: guard })).status).toBe(403);
    });
  });

  describe('an access schedule', () => {
    const path = () => `/v1/communities/${here.communityId}/access-schedules`;
    const windows = [{ days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1_080, entranceIds: null }];
    const create = (change: object = {}) =>
      world.call('POST', path(), { token: here.manager, body: { name: 'Office hours', windows, ...change } });

    it('travels with the list of those who go by it, and a change of it does too', async () => {
      const schedule = (await create()).body;
      expect(schedule).toMatchObject({ name: 'Office hours', windows, inUse: 0 });
      await issue({ person: 'staff', scheduleId: schedule.id, to: null });
      const first = await list();
      const [pass] = first.credentials;
      expect(first.schedules[pass?.schedule ?? 9]?.windows).toEqual([
        { days: [1, 2, 3, 4, 5], window: { fromMinute: 480, toMinute: 1_080 }, entrances: null },
      ]);
      const holidays = [{ days: [8], fromMinute: 0, toMinute: 0, entranceIds: [here.entranceId] }];
      const changed = await world.call('PUT', `/v1/access-schedules/${schedule.id}`, {
        token: here.manager,
        body: { name: 'Holidays', windows: holidays },
      });
      expect(changed.body).toMatchObject({ name: 'Holidays', windows: holidays, inUse: 1 });
      const second = await list();
      expect(second.version).toBeGreaterThan(first.version);
      expect(second.schedules[second.credentials[0]?.schedule ?? 9]?.windows).toHaveLength(2);
    });

    it('stays while a pass goes by it, and goes after that', async () => {
      const schedule = (await create()).body;
      const pass = (await issue({ person: 'staff', scheduleId: schedule.id })).body;
      const address = `/v1/access-schedules/${schedule.id}`;
      const removed = () => world.call('DELETE', address, { token: here.manager });
      expect(await removed()).toMatchObject({ status: 409, body: { code: 'schedule-in-use' } });
      await world.call('DELETE', `/v1/passes/${pass.id}`, { token: here.manager });
      expect((await removed()).status).toBe(204);
      expect((await get(path())).items).toEqual([]);
    });

    it('is refused with a window that never holds, with a door of elsewhere, or for somebody else’s pass', async () => {
      const empty = [{ days: [1], fromMinute: 60, toMinute: 60, entranceIds: null }];
      expect((await create({ windows: empty })).body.code).toBe('schedule-empty');
      const elsewhere = await neighbourhood(world);
      const foreign = [{ days: [1], fromMinute: 60, toMinute: 90, entranceIds: [elsewhere.entranceId] }];
      expect((await create({ windows: foreign })).status).toBe(404);
      const schedule = (await create()).body;
      const theirs = await world.call('POST', '/v1/passes', {
        token: elsewhere.manager,
        body: { ...body({ scheduleId: schedule.id }), communityId: elsewhere.communityId },
      });
      expect(theirs.status).toBe(404);
    });
  });

  describe('a resident’s invitations', () => {
    const invite = { label: 'Aunt', from: 'now', hours: 4, uses: null };
    const asResident = async (name = '王小明') => {
      const resident = await residentAt(world, here, name);
      const post = (change: object = {}) =>
        world.call('POST', '/v1/me/passes', { token: resident.token, body: { ...invite, ...change } });
      return { ...resident, post };
    };

    it('have a code that works offline and a QR, and show the property who invited', async () => {
      const { id, token, post } = await asResident();
      const made = await post();
      expect(made).toMatchObject({
        status: 201,
        body: {
          codeWorksOffline: true,
          from: thisHour(),
          to: thisHour() + hours(4),
          host: { residentId: id, name: '王小明' },
        },
      });
      expect(made.body.code).toMatch(/^\d{9}$/);
      expect(made.body.qr).toMatch(/^GC1:/);
      expect((await get('/v1/me/passes', token)).items).toMatchObject([{ id: made.body.id, label: 'Aunt' }]);
      expect((await get('/v1/passes?search=王小')).items).toMatchObject([{ id: made.body.id }]);
    });

    it('are theirs to take back, and nobody else’s', async () => {
      const [host, stranger] = [await asResident(), await asResident('李芳')];
      const { id } = (await host.post()).body;
      const address = `/v1/me/passes/${id}`;
      expect((await world.call('DELETE', address, { token: stranger.token })).status).toBe(404);
      expect((await get('/v1/me/passes', stranger.token)).items).toEqual([]);
      expect((await world.call('DELETE', address, { token: host.token })).body.state).toBe('revoked');
    });

    it('are ten at a time, within a month, and end before the lease does', async () => {
      const { id, post } = await asResident();
      const at = world.clock.now();
      expect((await post({ from: at + days(31) })).body.code).toBe('pass-window-invalid');
      expect((await post({ hours: 3 })).status).toBe(400);
      const lease = { relation: 'tenant', leaseEndsOn: '2026-11-23' };
      await world.call('PATCH', `/v1/residents/${id}`, { token: here.manager, body: lease });
      expect((await post({ hours: 48 })).body.code).toBe('pass-window-invalid');
      const made = [];
      for (let n = 0; n < 10; n += 1) made.push(await post({ hours: 1 }));
      expect(made.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
      expect((await post({ hours: 1 })).body.code).toBe('too-many-passes');
    });

    it('are not for children, nor for landlords who live elsewhere', async () => {
      const guardian = await asResident();
      const child = await asResident();
      const patch = (resident: { id: string }, change: object) =>
        world.call('PATCH', `/v1/residents/${resident.id}`, { token: here.manager, body: change });
      await patch(child, { isChild: true, guardianId: guardian.id });
      expect((await child.post()).body.code).toBe('not-for-children');
      const landlord = await asResident();
      await patch(landlord, { relation: 'landlord' });
      expect((await landlord.post()).body.code).toBe('no-right-to-enter');
    });
  });
});
