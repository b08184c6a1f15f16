import { hours, minutes, newId, seconds } from '@gatecast/firmware-protocol';
import type { DoorMode, DoorStanding } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { residentAt, type TestResident } from '../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { publishedList } from './published-list.fixture.ts';

describeStores('a resident’s own doors', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let me: TestResident;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    me = await residentAt(world, here, '王小明');
  });
  afterAll(() => world.close());

  /** As a presence of the terminal leaves it. */
  const seen = (online: boolean, mode: DoorMode = 'normal') =>
    world.store.tx(async (q) => {
      const t = q.t.terminalPresence;
      const doors: DoorStanding[] = [{ entrance: here.entranceId, online: true, state: 'closed', mode, readers: [] }];
      const row = { online, doorOnline: true, session: 's', monoMs: 1, agentVersion: '0.1.0', doors };
      const stored = { ...row, lastSeenAt: world.clock.now() };
      await q
        .insert(t)
        .values({ terminalId: terminal.id, ...stored })
        .onConflictDoUpdate({ target: t.terminalId, set: stored });
    });
  const get = async (path: string, token = me.token) => (await world.call('GET', path, { token })).body;
  const open = (token = me.token, options: { idempotencyKey?: string } = {}) =>
    world.call('POST', `/v1/me/doors/${here.entranceId}/open`, { token, ...options });
  const patch = (id: string, body: object) => world.call('PATCH', `/v1/residents/${id}`, { token: here.manager, body });
  const happens = (...rows: readonly NewRow[]) =>
    world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
      token: terminal.token,
      body: testJournal(world, terminal, 'door')(...rows),
    });

  it('are those of the community with a terminal in service, as they stand', async () => {
    const door = { entranceId: here.entranceId, name: 'East gate', placement: 'gate' };
    expect((await get('/v1/me/doors')).items).toEqual([{ ...door, online: false, mode: null }]);
    await seen(true, 'free-passage');
    expect((await get('/v1/me/doors')).items).toEqual([{ ...door, online: true, mode: 'free-passage' }]);
    await world.call('POST', `/v1/communities/${here.communityId}/entrances`, {
      token: here.manager,
      body: { name: 'No screen yet', placement: 'gate' },
    });
    expect((await get('/v1/me/doors')).items).toHaveLength(1);
  });

  describe('opening one from the phone', () => {
    it('is a command that the resident can follow, and an entry in the audit', async () => {
      await seen(true);
      const asked = await open();
      expect(asked).toMatchObject({ status: 201, body: { kind: 'open', terminalId: terminal.id, card: null } });
      const { id } = asked.body;
      expect(await get(`/v1/me/commands/${id}`)).toMatchObject({ id, kind: 'open' });
      const stranger = await residentAt(world, here, '李芳');
      expect((await world.call('GET', `/v1/me/commands/${id}`, { token: stranger.token })).status).toBe(404);
      const audited = await world.store.read.select().from(world.store.read.t.audit);
      expect(audited.find(({ facts }) => JSON.stringify(facts).includes(id))).toMatchObject({ action: 'command.open' });
    });

    it('is refused where there is no such door, while its terminal is away, and in a lockdown', async () => {
      const elsewhere = await neighbourhood(world);
      await claimedTerminal(world, elsewhere);
      const foreign = await world.call('POST', `/v1/me/doors/${elsewhere.entranceId}/open`, { token: me.token });
      expect(foreign).toMatchObject({ status: 404, body: { code: 'not-found' } });
      expect(await open()).toMatchObject({ status: 409, body: { code: 'terminal-offline' } });
      await seen(true);
      await world.call('PUT', `/v1/terminals/${terminal.id}/mode`, { token: here.manager, body: { mode: 'lockdown' } });
      expect(await open()).toMatchObject({ status: 409, body: { code: 'door-locked-down' } });
      const byProperty = await world.call('POST', `/v1/terminals/${terminal.id}/commands`, {
        token: here.manager,
        body: { kind: 'open' },
      });
      expect(byProperty.status).toBe(201);
    });

    it('is possible six times a minute for one person, whoever else opens', async () => {
      await seen(true);
      const answers = [];
      for (let n = 0; n < 7; n += 1) answers.push((await open()).status);
      expect(answers).toEqual([201, 201, 201, 201, 201, 201, 429]);
      const other = await residentAt(world, here, '李芳');
      expect((await open(other.token)).status).toBe(201);
      world.clock.advance(minutes(1));
      expect((await open()).status).toBe(201);
    });

    it('asked for twice with one key happens once', async () => {
      await seen(true);
      const key = { idempotencyKey: newId('command') };
      const [first, again] = [await open(me.token, key), await open(me.token, key)];
      expect(again.body.id).toBe(first.body.id);
    });

    it('is not for somebody who moved out, nor for a landlord without a key', async () => {
      await seen(true);
      await patch(me.id, { relation: 'landlord' });
      expect((await open()).body.code).toBe('no-right-to-enter');
      await world.call('POST', `/v1/residents/${me.id}/cards`, {
        token: here.manager,
        body: { number: '5,5', format: 'w26' },
      });
      expect((await open()).status).toBe(201);
      await world.call('POST', `/v1/residents/${me.id}/move-out`, { token: here.manager });
      expect((await open()).status).toBeGreaterThanOrEqual(401);
    });
  });

  it('are closed to somebody whose lease is over, whether or not that was noted already', async () => {
    await patch(me.id, { leaseEndsOn: '2026-11-23' });
    world.clock.advance(hours(17));
    await seen(true);
    // Whoever is moved out meanwhile is signed out as well.
    expect(['moved-out', 'unauthenticated']).toContain((await open()).body.code);
  });

  describe('what happened there', () => {
    const opened = (via: string, command: string | null, credential: string | null = null): NewRow => ({
      kind: 'opened',
      body: { entrance: here.entranceId, via, person: null, pulseMs: 5_000, list: null, command },
      private: { salt: 'c2FsdA', data: { credential, touch: newId('touch') } },
    });
    const log = async () => (await get(`/v1/access-events?terminalId=${terminal.id}`, here.manager)).items;

    it('names the resident who opened from afar, and nobody when the property did', async () => {
      await seen(true);
      const { id } = (await open()).body;
      const byProperty = await world.call('POST', `/v1/terminals/${terminal.id}/commands`, {
        token: here.manager,
        body: { kind: 'open' },
      });
      await happens(opened('remote', byProperty.body.id), opened('remote', id));
      const [mine, theirs] = await log();
      expect(mine).toMatchObject({ via: 'remote', who: { person: 'resident', name: '王小明', residentId: me.id } });
      expect(theirs).toMatchObject({ via: 'remote', who: null });
      const records = await get('/v1/me/records');
      expect(records.items).toEqual([
        { at: world.clock.now(), entranceName: 'East gate', kind: 'opened', via: 'remote', reason: null },
      ]);
    });

    it('is shown to the resident newest first, in pages, without touches and without what others did', async () => {
      await world.call('PUT', `/v1/residents/${me.id}/pin`, { token: here.manager, body: { pin: '274916' } });
      const credential = (await publishedList(world, terminal)).credentials[0]?.id ?? '';
      const refused: NewRow = {
        kind: 'refused',
        body: { entrance: here.entranceId, via: 'pin', reason: 'outside-schedule', list: 1 },
        private: { salt: 'c2FsdA', data: { credential, touch: null } },
      };
      await happens(opened('pin', null, credential), refused, opened('pin', null), opened('pin', null, credential));
      const first = await get('/v1/me/records?limit=2');
      expect(first.items).toMatchObject([{ kind: 'opened' }, { kind: 'refused', reason: 'outside-schedule' }]);
      const second = await get(`/v1/me/records?limit=2&cursor=${first.nextCursor}`);
      expect(second).toMatchObject({ items: [{ kind: 'opened', via: 'pin' }], nextCursor: null });
      expect(JSON.stringify([first, second])).not.toContain('tch_');
    });

    it('under threat looks to the resident, and to whoever looks over a shoulder, like any other opening', async () => {
      await world.call('PUT', `/v1/residents/${me.id}/duress-pin`, { token: here.manager, body: { pin: '274916' } });
      const credential = (await publishedList(world, terminal)).credentials[0]?.id ?? '';
      const alarm: NewRow = {
        kind: 'alarm',
        body: { entrance: here.entranceId, alarm: 'duress', active: true },
        private: { salt: 'c2FsdA', data: { credential, touch: null } },
      };
      await happens(opened('pin', null, credential), alarm);
      const records = await get('/v1/me/records');
      expect(records.items).toMatchObject([{ kind: 'opened', via: 'pin', reason: null }]);
      expect(JSON.stringify(records)).not.toContain('duress');
      const { events } = world.store.read.t;
      const mine = (await world.store.read.select().from(events)).filter(({ residentId }) => residentId === me.id);
      expect(JSON.stringify(mine)).not.toContain('duress');
    });

    it('with a typed pass code that no list told the door of names the visitor', async () => {
      const invited = await world.call('POST', '/v1/me/passes', {
        token: me.token,
        body: { label: 'Aunt', from: 'now', hours: 2, uses: null },
      });
      const { credentials } = world.store.read.t;
      const row = (await world.store.read.select().from(credentials)).find(({ id }) => id === invited.body.id);
      await happens(opened('code', null, `code_${row?.codeNo ?? 0}`));
      expect(await log()).toMatchObject([{ via: 'code', who: { person: 'visitor', name: 'Aunt' } }]);
    });
  });

  it('are forgotten with the person: what was kept is exported, and then names nobody', async () => {
    await world.call('PUT', `/v1/residents/${me.id}/pin`, { token: here.manager, body: { pin: '274916' } });
    await world.call('POST', '/v1/me/passes', {
      token: me.token,
      body: { label: '表姐', from: 'now', hours: 2, uses: null },
    });
    const exported = await get(`/v1/residents/${me.id}/export`, here.manager);
    const access = exported.slices.find(({ slice }: { slice: string }) => slice === 'access');
    expect(JSON.stringify(access)).toContain('表姐');
    expect(JSON.stringify(access)).not.toMatch(/"tag"/);
    world.clock.advance(seconds(1));
    await world.call('DELETE', `/v1/residents/${me.id}`, { token: here.manager });
    const { credentials } = world.store.read.t;
    const left = await world.store.read.select().from(credentials);
    const theirs = left.filter(({ communityId }) => communityId === here.communityId);
    expect(theirs.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
    expect(JSON.stringify(theirs)).not.toMatch(new RegExp(`${me.id}|表姐`));
  });
});
