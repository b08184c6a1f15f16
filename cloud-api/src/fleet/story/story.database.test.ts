import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../../test-app.ts';
import { residentAt, type TestResident } from '../../test-market.ts';
import {
  claimedTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../../test-neighbourhood.ts';
import type { Story, StoryItem } from './contract.ts';

describeStores('the story', (its) => {
  let world: TestApp;
  let at: Neighbourhood;
  let other: Neighbourhood;
  let terminal: TestTerminal;
  let resident: TestResident;
  let unitId: string;
  const touch = newId('touch');
  let startedAt: InstantMs;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
    at = await neighbourhood(world);
    other = await neighbourhood(world);
    terminal = await claimedTerminal(world, at);
    resident = await residentAt(world, at, '李芳');
    const { residents, credentials } = its.store.read.t;
    unitId = (await its.store.read.select().from(residents).where(eq(residents.id, resident.id)))[0]?.unitId ?? '';
    const credential = newId('credential');
    startedAt = world.clock.now();
    await its.store.tx(async (q) => {
      await q.insert(credentials).values({
        id: credential,
        communityId: at.communityId,
        residentId: resident.id,
        kind: 'card',
        person: 'resident',
        unit: '1203',
        epoch: 1,
        tag: credential,
        createdAt: startedAt,
      });
    });
    const entrance = at.entranceId;
    const refused = { entrance, via: 'card', reason: 'outside-schedule', list: 42 };
    const opened = { entrance, via: 'card', person: 'resident', pulseMs: 3_000, list: 42, command: null };
    const own = { data: { credential, touch: null }, salt: 'c2FsdA' };
    await send(
      'door',
      { kind: 'refused', body: refused, private: own },
      {
        kind: 'opened',
        body: opened,
        private: { ...own, data: { credential, touch } },
      },
    );
    const placed = { entrance, placement: 'gate', startedAt };
    await send(
      'play',
      {
        kind: 'play',
        body: {
          ...placed,
          decision: newId('decision'),
          touch,
          billable: true,
          campaign: null,
          clip: '0'.repeat(64),
          halfHour: startedAt - (startedAt % 1_800_000),
          rendered: true,
          viewable: true,
          completed: false,
          shownMs: 4_000,
          framesPresented: 100,
          framesDropped: 0,
          muted: false,
          endReason: 'finished',
          panel: 'unproven',
          milliTouches: 1_000,
        },
      },
      {
        kind: 'touch',
        body: { ...placed, touch, event: 'opening', unbillable: null, windowMs: 6_000, endedBy: 'timeout' },
      },
    );
    await send('health', { kind: 'boot', body: { agentVersion: '1.2.3', unclean: true } });
  });
  afterAll(() => world.close());

  const send = async (stream: 'door' | 'play' | 'health', ...rows: NewRow[]) => {
    const body = testJournal(world, terminal, stream)(...rows);
    const sent = await world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body });
    expect([sent.status, sent.body]).toMatchObject([200, {}]);
  };
  const tell = async (kind: string, id: string, token = world.operator) =>
    world.call('GET', `/v1/stories/${kind}/${encodeURIComponent(id)}`, { token });
  const items = async (kind: string, id: string, token?: string): Promise<readonly StoryItem[]> =>
    ((await tell(kind, id, token)).body as Story).items;
  const find = async (text: string, token = world.operator) =>
    (await world.call('GET', `/v1/search?q=${encodeURIComponent(text)}`, { token })).body.items as Story['subject'][];

  it('is found by id, short number, name, QR link, and flat, each by those whom it is for', async () => {
    expect(await find(terminal.id)).toMatchObject([{ kind: 'terminal', id: terminal.id }]);
    expect(await find('east gate', at.manager)).toMatchObject([{ kind: 'terminal', id: terminal.id }]);
    expect(await find('#1')).toMatchObject([{ kind: 'terminal' }]);
    const [unit] = await its.store.read.select().from(its.store.read.t.units);
    const number = unit?.number ?? '';
    expect(await find(number, at.manager)).toContainEqual(expect.objectContaining({ kind: 'unit', id: unitId }));
    expect(await find(`Linden ${number}`, other.manager)).toEqual([]);
    expect(await find(touch)).toMatchObject([{ kind: 'touch', id: touch }]);
    expect(await find(touch, at.manager)).toEqual([]);
    expect(await find(terminal.id, other.manager)).toEqual([]);
    expect(await find('https://gatecast.test/q/nonsense')).toEqual([]);
    expect(await find('nobody at all')).toEqual([]);
  });

  it('of a terminal says why a door stayed shut: rule, list and clock', async () => {
    const told = await items('terminal', terminal.id, at.manager);
    expect(told.find(({ what }) => what === 'refused')).toMatchObject({
      hop: 'door',
      who: null,
      why: { rule: 'outside-schedule', list: 42, clock: 'synced' },
    });
    expect(told.find(({ what }) => what === 'boot')).toMatchObject({ facts: { unclean: true } });
    expect(JSON.stringify(told)).not.toContain('李芳');
  });

  it('of a touch joins the door to what played, without a name', async () => {
    const told = await items('touch', touch);
    expect(told.map(({ hop }) => hop).toSorted()).toEqual(['door', 'play', 'touch']);
    expect(told.every(({ who }) => who === null)).toBe(true);
    const play = told.find(({ hop }) => hop === 'play');
    expect((await items('play', play?.leads?.id ?? '')).map(({ hop }) => hop).toSorted()).toEqual([
      'door',
      'play',
      'touch',
    ]);
    expect(await tell('touch', touch, at.manager)).toMatchObject({ status: 403 });
    expect(await tell('touch', newId('touch'))).toMatchObject({ status: 404 });
  });

  it('of a flat names who it was, is audited, and its residents can read that somebody looked', async () => {
    const told = await items('unit', unitId);
    expect(told.find(({ what }) => what === 'opened')).toMatchObject({
      who: '李芳',
      leads: { kind: 'touch', id: touch },
    });
    expect(told.map(({ hop }) => hop)).toContain('play');
    const t = its.store.read.t.audit;
    const [noted] = await its.store.read.select().from(t).where(eq(t.action, 'story.unit')).orderBy(desc(t.id));
    expect(noted).toMatchObject({ subject: unitId });
    const views = its.store.read.t.recordViews;
    expect(await its.store.read.select().from(views).where(eq(views.residentId, resident.id))).toMatchObject([
      { role: 'operator', what: 'log' },
    ]);
  });

  it('of a flat shows its property the doors and nothing of the screens', async () => {
    const told = await items('unit', unitId, at.manager);
    expect(new Set(told.map(({ hop }) => hop))).toEqual(new Set(['door']));
    expect(told.every(({ leads }) => leads === null)).toBe(true);
    expect(await tell('unit', unitId, other.manager)).toMatchObject({ status: 404 });
  });

  it('of a terminal goes on over a new claim', async () => {
    await its.store.tx(async (q) => void (await q.update(q.t.terminals).set({ epoch: 2 })));
    expect((await items('terminal', terminal.id)).map(({ what }) => what)).toContain('boot');
    await its.store.tx(async (q) => void (await q.update(q.t.terminals).set({ epoch: 1 })));
  });
});
