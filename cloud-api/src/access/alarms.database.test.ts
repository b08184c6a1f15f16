import { minutes } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  claimTerminal,
  guardAt,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';

describeStores('alarms', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let journal: ReturnType<typeof testJournal>;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    journal = testJournal(world, terminal, 'door');
  });
  afterAll(() => world.close());

  const happens = async (...rows: readonly NewRow[]) => {
    const path = `/v1/terminals/${terminal.id}/journal`;
    const sent = await world.call('POST', path, { token: terminal.token, body: journal(...rows) });
    expect(sent.status).toBe(200);
  };
  const said = (alarm: string, active = true): NewRow => ({
    kind: 'alarm',
    body: { entrance: here.entranceId, alarm, active },
  });
  const list = async (query = '', token = here.manager) =>
    (await world.call('GET', `/v1/alarms?communityId=${here.communityId}${query}`, { token })).body.items;
  const ack = (id: string, body: object = {}, token = here.manager) =>
    world.call('POST', `/v1/alarms/${id}/ack`, { token, body });
  const raisedAtTerminal = async () =>
    (await world.call('GET', `/v1/terminals/${terminal.id}`, { token: here.manager })).body.alarms;
  const counts = async (token = here.manager) =>
    (await world.call('GET', `/v1/alarm-counts?communityId=${here.communityId}`, { token })).body;

  it('stands in the list from its raising until it is over and somebody has seen to it', async () => {
    await happens(said('held-open'));
    const [raised] = await list();
    expect(raised).toMatchObject({
      kind: 'held-open',
      terminalId: terminal.id,
      entranceName: 'East gate',
      endedAt: null,
      ackedAt: null,
    });
    expect((await ack(raised.id, { note: 'A delivery' })).body).toMatchObject({
      ackedBy: 'Manager',
      note: 'A delivery',
    });
    expect(await list()).toHaveLength(1);
    await happens(said('held-open', false));
    expect(await list()).toEqual([]);
    expect(await list('&state=all')).toMatchObject([{ id: raised.id, endedAt: world.clock.now(), note: 'A delivery' }]);
  });

  it('that ended by itself waits for somebody’s eyes all the same', async () => {
    await happens(said('forced'), said('forced', false));
    const [alarm] = await list();
    expect(alarm).toMatchObject({ kind: 'forced', endedAt: world.clock.now(), ackedAt: null });
    await ack(alarm.id);
    expect(await list()).toEqual([]);
  });

  it('told again while it lasts is one; raised again after its end is another', async () => {
    await happens(said('tamper'), said('tamper'));
    await happens(said('tamper'));
    expect(await list('&state=all')).toHaveLength(1);
    await happens(said('tamper', false), said('tamper'));
    expect(await list('&state=all')).toHaveLength(2);
  });

  it('counts for a badge until it is acknowledged; a second acknowledgement changes nothing', async () => {
    await happens(said('forced'), said('wrong-codes'), said('wrong-codes'));
    expect(await counts()).toEqual({ unacknowledged: 3, help: 0 });
    const [alarm] = await list('&kind=forced');
    const first = (await ack(alarm.id)).body;
    world.clock.advance(minutes(1));
    expect((await ack(alarm.id, { note: 'Late' }, world.operator)).body).toEqual({ ...first, note: 'Late' });
    expect(await counts()).toEqual({ unacknowledged: 2, help: 0 });
  });

  it('of the hardware that was replaced ends when the new one is claimed', async () => {
    await happens(said('door-offline'));
    const code = await world.call('POST', `/v1/terminals/${terminal.id}/claim-codes`, { token: here.manager });
    await claimTerminal(world, code.body.claimCode);
    expect(await list()).toMatchObject([{ kind: 'door-offline', endedAt: world.clock.now() }]);
  });

  describe('a call for help', () => {
    it('lasts until somebody answers, at the terminal too', async () => {
      await happens(said('help'), said('help', false));
      await happens(said('help'));
      const [call, ...others] = await list();
      expect([call, others]).toMatchObject([{ kind: 'help', endedAt: null }, []]);
      expect(await counts()).toEqual({ unacknowledged: 1, help: 1 });
      expect(await raisedAtTerminal()).toMatchObject([{ kind: 'help' }]);
      expect((await ack(call.id)).body).toMatchObject({ endedAt: world.clock.now() });
      expect([await list(), await raisedAtTerminal()]).toEqual([[], []]);
      await happens(said('help'));
      expect(await list()).toHaveLength(1);
    });

    it('rings on the live pages by itself', async () => {
      await happens(said('help'));
      const events = await world.store.read.select().from(world.store.read.t.events);
      expect(events.filter(({ subject }) => subject === terminal.id)).toContainEqual(
        expect.objectContaining({ type: 'help', communityId: here.communityId, companyId: here.companyId }),
      );
    });
  });

  describe('of an opening under threat', () => {
    it('is known to the property and to nobody else, in lists, counts, answers and live events', async () => {
      await happens(said('duress'));
      const [alarm] = await list();
      expect(alarm).toMatchObject({ kind: 'duress' });
      expect(await counts()).toMatchObject({ unacknowledged: 1 });
      const guard = await guardAt(world, here);
      for (const token of [world.operator, guard]) {
        expect(await list('&state=all', token)).toEqual([]);
        expect(await list('&state=all&kind=duress', token)).toEqual([]);
        expect(await counts(token)).toEqual({ unacknowledged: 0, help: 0 });
        expect(await ack(alarm.id, {}, token)).toMatchObject({ status: 404, body: { code: 'not-found' } });
      }
      expect((await ack(alarm.id)).status).toBe(200);
      expect(await list()).toEqual([]);
      const told = await world.store.read.select().from(world.store.read.t.events);
      const about = told.filter(({ subject, facts }) => subject === terminal.id && facts['kind'] === 'duress');
      expect(about.map(({ type }) => type)).toEqual(['duress', 'duress']);
      const deeds = async (token: string) =>
        JSON.stringify((await world.call('GET', '/v1/audit?action=alarm&limit=200', { token })).body.items);
      expect(await deeds(here.manager)).toContain(alarm.id);
      expect(await deeds(world.operator)).not.toContain(alarm.id);
    });
  });

  it('can be seen to by a guard of that community, and of no other', async () => {
    await happens(said('forced'));
    const [alarm] = await list();
    const elsewhere = await guardAt(world, await neighbourhood(world));
    expect((await ack(alarm.id, {}, elsewhere)).status).toBe(404);
    expect((await ack(alarm.id, {}, await guardAt(world, here))).body).toMatchObject({ ackedBy: 'Guard' });
  });
});
