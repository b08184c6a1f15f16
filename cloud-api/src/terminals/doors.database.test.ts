import { hours } from '@gatecast/firmware-protocol';
import {
  documentEnvelope,
  terminalConfig,
  type DoorConfig,
  type DoorStanding,
} from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  claimTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';

describeStores('doors', (its) => {
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

  const path = (rest = '') => `/v1/terminals/${terminal.id}${rest}`;
  const shown = async (token = here.manager) => (await world.call('GET', path(), { token })).body;
  const configure = (body: unknown) => world.call('PATCH', path('/config'), { token: here.manager, body });
  const document = async (): Promise<{ version: number; door: DoorConfig | undefined }> => {
    const { body } = await world.call('GET', path('/documents/config'), { token: terminal.token });
    const { version, body: config } = documentEnvelope.parse(body);
    return { version, door: terminalConfig.parse(config).doors[0] };
  };
  const audited = async (subject: string) => {
    const { audit } = world.store.read.t;
    return (await world.store.read.select().from(audit))
      .filter((row) => row.subject === subject)
      .map(({ action }) => action);
  };

  describe('how a door is built', () => {
    const board = {
      kind: 'modbus',
      unit: 3,
      lockRelay: 1,
      flashOn: true,
      untimedRelay: false,
      contactInput: 0,
      exitInput: 1,
      fireInput: 2,
    };
    const readers = [
      { address: 0, reader: 0, side: 'entry' },
      { address: 1, reader: 0, side: 'exit' },
    ];
    const schedules = [{ mode: 'free-passage', weekdays: [1, 2, 3, 4, 5], window: { fromMinute: 420, toMinute: 540 } }];

    it('is called as its manager says, at the door too', async () => {
      const renamed = await world.call('PATCH', `/v1/entrances/${here.entranceId}`, {
        token: here.manager,
        body: { name: '东门' },
      });
      expect(renamed.body).toMatchObject({ id: here.entranceId, name: '东门' });
      expect((await document()).door?.name).toBe('东门');
      expect((await shown()).entranceName).toBe('东门');
      await world.call('PATCH', `/v1/communities/${here.communityId}`, {
        token: here.manager,
        body: { name: '新绿洲' },
      });
      const { body } = await world.call('GET', path('/documents/config'), { token: terminal.token });
      expect(body.body.communityName).toBe('新绿洲');
      expect(await audited(here.entranceId)).toContain('entrance.change');
    });

    it('reaches the terminal as its manager says, and what is not said stays', async () => {
      const change = { hardware: board, readers, schedules, antiPassback: true, heldOpenMs: 60_000, bounceMs: 80 };
      const changed = await configure(change);
      expect(changed.body.settings).toMatchObject({ ...change, openMs: 5_000, volumePercent: 0 });
      expect((await document()).door).toMatchObject({ ...change, lift: null, openMs: 5_000, override: null });
      await configure({ openMs: 8_000 });
      expect((await document()).door).toMatchObject({ ...change, openMs: 8_000 });
      expect(await audited(terminal.id)).toContain('terminal.configure');
    });

    it('that no terminal could work with is refused with the reason, and nothing changes', async () => {
      const { version } = await document();
      const refused = async (body: unknown) => (await configure(body)).body.code;
      expect(await refused({ hardware: { ...board, flashOn: false } })).toBe('relay-untimed');
      expect(await refused({ antiPassback: true })).toBe('passback-needs-exit-reader');
      expect(await refused({ lift: { floors: [], releaseMs: 5_000 } })).toBe('lift-not-here');
      expect(await configure({ readers: [{ address: 127, reader: 0, side: 'entry' }] })).toMatchObject({
        status: 400,
        body: { code: 'invalid-request' },
      });
      expect((await document()).version).toBe(version);
    });
  });

  describe('a mode set by hand', () => {
    const setMode = (body: unknown, key?: string) =>
      world.call('PUT', path('/mode'), { token: here.manager, body, ...(key && { idempotencyKey: key }) });

    it('locks the door for four hours in a new version of the config, and is over by itself', async () => {
      const before = await document();
      const locked = await setMode({ mode: 'lockdown' });
      const now = world.clock.now();
      const override = { mode: 'lockdown', from: now, to: now + hours(4) };
      expect(locked.body.mode).toEqual({ wanted: 'lockdown', override });
      const after = await document();
      expect(after).toMatchObject({ version: before.version + 1, door: { override } });
      expect(await audited(terminal.id)).toContain('terminal.mode');
      world.clock.advance(hours(4));
      expect((await shown()).mode).toEqual({ wanted: 'normal', override: null });
      await configure({ openMs: 6_000 });
      const signedIn = await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity);
      terminal = { ...terminal, token: signedIn.body.token };
      expect((await document()).door?.override).toBeNull();
    });

    it('asked for twice with one key is one lockdown, from the first time on', async () => {
      const first = await setMode({ mode: 'lockdown', minutes: 60 }, 'lock-1');
      world.clock.advance(hours(0.5));
      const again = await setMode({ mode: 'lockdown', minutes: 60 }, 'lock-1');
      expect(again.body.mode).toEqual(first.body.mode);
      expect(await setMode({ mode: 'normal' }, 'lock-1')).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
    });

    it('lets everybody through only for a time that is said', async () => {
      expect((await setMode({ mode: 'free-passage' })).body.code).toBe('mode-minutes-invalid');
      expect((await setMode({ mode: 'free-passage', minutes: 1_441 })).body.code).toBe('mode-minutes-invalid');
      expect((await setMode({ mode: 'free-passage', minutes: 30 })).body.mode.wanted).toBe('free-passage');
      expect((await setMode({ mode: 'normal' })).body.mode).toEqual({ wanted: 'normal', override: null });
      expect((await document()).door?.override).toBeNull();
    });

    it('holds for all doors of a community at once, and says which of them has to come back first', async () => {
      const entrance = await world.call('POST', `/v1/communities/${here.communityId}/entrances`, {
        token: here.manager,
        body: { name: 'Back gate', placement: 'gate' },
      });
      const fresh = await world.call('POST', '/v1/terminals', {
        token: here.manager,
        body: { communityId: here.communityId, entranceId: entrance.body.id, name: 'Back screen' },
      });
      await seen(true);
      const options = { token: here.manager, idempotencyKey: 'all-1', body: { mode: 'lockdown' } };
      const all = await world.call('PUT', `/v1/communities/${here.communityId}/mode`, options);
      expect(all).toMatchObject({ status: 200 });
      expect(all.body.items).toHaveLength(2);
      expect(all.body.items).toEqual(
        expect.arrayContaining([
          { terminalId: terminal.id, entranceName: 'East gate', state: 'sent' },
          { terminalId: fresh.body.id, entranceName: 'Back gate', state: 'unclaimed' },
        ]),
      );
      const { version, door } = await document();
      expect(door?.override?.mode).toBe('lockdown');
      await seen(false);
      const again = await world.call('PUT', `/v1/communities/${here.communityId}/mode`, options);
      expect(again.body).toEqual(all.body);
      expect((await document()).version).toBe(version);
      expect(await audited(here.communityId)).toEqual(expect.arrayContaining(['community.mode']));
      const { claimCode } = (
        await world.call('POST', `/v1/terminals/${fresh.body.id}/claim-codes`, { token: here.manager })
      ).body;
      terminal = await claimTerminal(world, claimCode);
      expect((await document()).door?.override?.mode).toBe('lockdown');
    });
  });

  const standing = (): DoorStanding => ({
    entrance: here.entranceId,
    online: true,
    state: 'held-open',
    mode: 'lockdown',
    readers: [{ address: 0, wire: 'secured' }],
  });

  /** As a presence of the terminal leaves it. */
  const seen = (online: boolean) =>
    world.store.tx(async (q) => {
      const t = q.t.terminalPresence;
      const row = { online, doorOnline: true, session: 's', monoMs: 1, agentVersion: '0.1.0', doors: [standing()] };
      const stored = { ...row, lastSeenAt: world.clock.now() };
      await q
        .insert(t)
        .values({ terminalId: terminal.id, ...stored })
        .onConflictDoUpdate({ target: t.terminalId, set: stored });
    });

  it('shows how each door stands in the terminal’s last words', async () => {
    expect((await shown()).doors).toEqual([]);
    await seen(true);
    expect((await shown()).doors).toEqual([standing()]);
  });

  describe('an alarm', () => {
    const alarm = (kind: string, active = true, entrance = here.entranceId): NewRow => ({
      kind: 'alarm',
      body: { entrance, alarm: kind, active },
    });
    const send = (batch: unknown, token = terminal.token) =>
      world.call('POST', path('/journal'), { token, body: batch });
    const alarmed = async (token = here.manager) =>
      (await world.call('GET', '/v1/terminals?alarmed=true', { token })).body.items.map(({ id }: { id: string }) => id);

    it('stands at the terminal until it is over, however often the rows come', async () => {
      const journal = testJournal(world, terminal, 'door');
      const raised = journal(alarm('forced'), { kind: 'fire', body: { entrance: here.entranceId, active: true } });
      await send(raised);
      const since = world.clock.now();
      const entranceId = here.entranceId;
      expect((await shown()).alarms).toEqual(
        expect.arrayContaining([
          { kind: 'fire', since, entranceId },
          { kind: 'forced', since, entranceId },
        ]),
      );
      expect(await alarmed()).toEqual([terminal.id]);
      world.clock.advance(hours(1));
      await send(journal(alarm('forced'), { kind: 'fire', body: { entrance: entranceId, active: false } }));
      expect((await shown()).alarms).toEqual([{ kind: 'forced', since, entranceId }]);
      await send(journal(alarm('forced', false)));
      await send(raised);
      expect((await shown()).alarms).toEqual([]);
      expect(await alarmed()).toEqual([]);
    });

    it('that was raised and ended before it arrived is in the log, and stands nowhere', async () => {
      await send(testJournal(world, terminal, 'door')(alarm('held-open'), alarm('held-open', false)));
      expect((await shown()).alarms).toEqual([]);
      const log = await world.call('GET', `/v1/access-events?terminalId=${terminal.id}`, { token: here.manager });
      expect(log.body.items).toMatchObject([
        { kind: 'held-open', reason: 'over' },
        { kind: 'held-open', reason: null },
      ]);
    });

    it('about a moment goes out of sight by itself', async () => {
      await send(testJournal(world, terminal, 'door')(alarm('wrong-codes')));
      expect(await alarmed()).toEqual([terminal.id]);
      world.clock.advance(hours(1));
      expect((await shown()).alarms).toEqual([]);
      expect(await alarmed()).toEqual([]);
    });

    it('of a terminal that was taken out of service asks nothing of anybody any more', async () => {
      await send(testJournal(world, terminal, 'door')(alarm('tamper')));
      expect(await alarmed()).toEqual([terminal.id]);
      await world.call('POST', path('/revoke'), { token: world.operator });
      expect((await shown()).alarms).toEqual([]);
      expect(await alarmed()).toEqual([]);
    });

    it('of hardware that was replaced is gone with it', async () => {
      await send(testJournal(world, terminal, 'door')(alarm('tamper')));
      const { claimCode } = (await world.call('POST', path('/claim-codes'), { token: here.manager })).body;
      terminal = await claimTerminal(world, claimCode);
      expect((await shown()).alarms).toEqual([]);
      await send(testJournal(world, terminal, 'door')(alarm('tamper')));
      expect((await shown()).alarms).toMatchObject([{ kind: 'tamper' }]);
    });
  });
});
