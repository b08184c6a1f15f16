import { instant, minutes, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  claimTerminal,
  neighbourhood,
  testJournal,
  type Neighbourhood,
  type NewRow,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import type { Commissioning, CommissioningItem } from './commissioning-contract.ts';

const items = ['reader', 'relay', 'contact', 'exit', 'fire', 'screen', 'sound', 'uplink'] as const;

describeStores('the commissioning of a door', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let send: (stream: 'door' | 'play', ...rows: readonly NewRow[]) => Promise<void>;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    const journals = { door: testJournal(world, terminal, 'door'), play: testJournal(world, terminal, 'play') };
    send = async (stream, ...rows) => {
      const path = `/v1/terminals/${terminal.id}/journal`;
      const sent = await world.call('POST', path, { token: terminal.token, body: journals[stream](...rows) });
      expect(sent).toMatchObject({ status: 200 });
    };
  });
  afterAll(() => world.close());

  const call = (method: string, path = '', body?: unknown, token = here.manager) =>
    world.call(method, `/v1/terminals/${terminal.id}/commissioning${path}`, {
      token,
      ...(body === undefined ? {} : { body }),
    });
  const start = () => call('POST');
  const now = async (): Promise<Commissioning> => (await call('GET')).body;
  const say = (item: CommissioningItem, state: string, note?: string) => call('PUT', `/${item}`, { state, note });
  const states = async () => Object.fromEntries((await now()).items.map(({ item, state }) => [item, state]));
  const isOnline = () =>
    world.store.tx(async (q) => {
      const seen = {
        online: true,
        doorOnline: true,
        session: 's',
        monoMs: 1,
        agentVersion: '1',
        lastSeenAt: world.clock.now(),
      };
      const t = q.t.terminalPresence;
      await q.update(t).set(seen).where(eq(t.terminalId, terminal.id));
    });

  const at = () => ({ entrance: here.entranceId });
  const typed = (): NewRow => ({ kind: 'refused', body: { ...at(), via: 'code', reason: 'unknown-code', list: 1 } });
  const opened = (via: string): NewRow => ({
    kind: 'opened',
    body: { ...at(), via, person: null, pulseMs: 5_000, list: null, command: null },
  });
  const leaf = (open: boolean): NewRow => ({ kind: 'contact', body: { ...at(), open } });
  const played = (muted: boolean): NewRow => ({
    kind: 'play',
    body: {
      decision: newId('decision'),
      touch: null,
      billable: false,
      ...at(),
      placement: 'gate',
      campaign: null,
      clip: 'a'.repeat(64),
      halfHour: 0,
      startedAt: world.clock.now(),
      rendered: true,
      viewable: true,
      completed: true,
      shownMs: 8_000,
      framesPresented: 100,
      framesDropped: 0,
      muted,
      endReason: 'finished',
      panel: 'unproven',
      milliTouches: 0,
    },
  });
  const signedOff = async (): Promise<Commissioning> => {
    await start();
    for (const item of items) await say(item, 'confirmed');
    return (await call('POST', '/sign-off', { name: '李师傅' })).body;
  };

  it('has not begun, then waits for all its parts, each with what to do', async () => {
    expect(await now()).toMatchObject({
      state: 'none',
      startedAt: null,
      items: items.map((item) => ({ item, state: 'waiting' })),
    });
    expect((await start()).body).toMatchObject({ state: 'running', startedAt: world.clock.now() });
    expect((await now()).items[0]).toMatchObject({ item: 'reader', task: 'type-or-show-anything', at: null });
  });

  it('sees each part in the journal since the start, and nothing of before', async () => {
    const before = instant(world.clock.now() - 1);
    await start();
    await send('door', { ...opened('pin'), wallMs: before }, { kind: 'exit', body: at(), wallMs: before });
    expect(new Set(Object.values(await states()))).toEqual(new Set(['waiting']));
    await send('door', typed(), leaf(true));
    expect(await states()).toMatchObject({ reader: 'seen', relay: 'waiting', contact: 'waiting' });
    await send(
      'door',
      opened('remote'),
      leaf(false),
      { kind: 'exit', body: at() },
      { kind: 'fire', body: { ...at(), active: true } },
    );
    await send('play', played(true));
    expect(await states()).toMatchObject({
      relay: 'seen',
      contact: 'seen',
      exit: 'seen',
      fire: 'seen',
      screen: 'seen',
      sound: 'waiting',
    });
    await send('play', played(false));
    await isOnline();
    expect(new Set(Object.values(await states()))).toEqual(new Set(['seen']));
    const told = await world.store.read.select().from(world.store.read.t.events);
    const seen = told.filter(({ type, subject }) => type === 'commissioning' && subject === terminal.id);
    expect(seen.map(({ facts }) => facts['item'])).toEqual(expect.arrayContaining(['reader', 'fire', 'sound']));
  });

  it('is signed for once nothing waits or failed, and frozen then', async () => {
    await start();
    await send('door', opened('pin'));
    for (const item of ['contact', 'exit', 'screen', 'sound', 'uplink'] as const) await say(item, 'confirmed');
    await say('fire', 'failed', 'No line yet');
    expect(await call('POST', '/sign-off', { name: '李师傅' })).toMatchObject({
      status: 409,
      body: { code: 'commissioning-open', items: ['fire'] },
    });
    await say('fire', 'absent');
    const signed = await call('POST', '/sign-off', { name: '李师傅' });
    expect(signed).toMatchObject({
      status: 200,
      body: { state: 'signed-off', signedBy: '李师傅', signedAt: world.clock.now() },
    });
    expect(await say('fire', 'confirmed')).toMatchObject({ status: 409, body: { code: 'commissioning-not-running' } });
    await send('door', typed());
    expect(await now()).toEqual(signed.body);
    expect(signed.body.items).toMatchObject([
      { item: 'reader', state: 'seen', by: null },
      { item: 'relay', state: 'seen' },
      { item: 'contact', state: 'confirmed', by: 'Manager' },
      {},
      { item: 'fire', state: 'absent', note: null },
      {},
      {},
      {},
    ]);
  });

  it('keeps what was signed when somebody begins anew', async () => {
    const signed = await signedOff();
    world.clock.advance(minutes(1));
    expect((await start()).body).toMatchObject({ state: 'running', signedBy: null });
    const runs = await world.call('GET', `/v1/terminals/${terminal.id}/commissioning-runs`, { token: here.manager });
    expect(runs.body.items).toMatchObject([
      { signedBy: null, startedBy: 'Manager' },
      { signedBy: '李师傅', items: signed.items },
    ]);
  });

  it('is stale once the door is wired otherwise; other settings leave it alone', async () => {
    await signedOff();
    const configure = (body: object) =>
      world.call('PATCH', `/v1/terminals/${terminal.id}/config`, { token: here.manager, body });
    await configure({ volumePercent: 12 });
    expect((await now()).staleSince).toBeNull();
    await configure({ readers: [{ address: 3, reader: 0, side: 'entry' }] });
    expect(await now()).toMatchObject({ state: 'signed-off', staleSince: world.clock.now() });
  });

  it('wants the wired parts again when the wiring changes in the middle of it', async () => {
    await start();
    await send('door', opened('pin'));
    await say('exit', 'confirmed');
    await say('sound', 'confirmed');
    await world.call('PATCH', `/v1/terminals/${terminal.id}/config`, {
      token: here.manager,
      body: { readers: [{ address: 3, reader: 0, side: 'entry' }] },
    });
    expect(await states()).toMatchObject({ reader: 'waiting', relay: 'waiting', exit: 'waiting', sound: 'confirmed' });
  });

  it('is stale once another terminal takes its place', async () => {
    await signedOff();
    const { body } = await world.call('POST', `/v1/terminals/${terminal.id}/claim-codes`, { token: here.manager });
    await claimTerminal(world, body.claimCode);
    expect((await now()).staleSince).toBe(world.clock.now());
  });

  it('is for terminals in service, and for those who manage them', async () => {
    const entrance = await world.call('POST', `/v1/communities/${here.communityId}/entrances`, {
      token: world.operator,
      body: { name: 'Back', placement: 'gate' },
    });
    const unclaimed = await world.call('POST', '/v1/terminals', {
      token: here.manager,
      body: { communityId: here.communityId, entranceId: entrance.body.id, name: 'Back screen' },
    });
    const path = `/v1/terminals/${unclaimed.body.id}/commissioning`;
    expect((await world.call('POST', path, { token: here.manager })).body.code).toBe('terminal-unclaimed');
    expect(await say('reader', 'confirmed')).toMatchObject({ body: { code: 'commissioning-not-running' } });
    const stranger = (await neighbourhood(world)).manager;
    expect((await call('GET', '', undefined, stranger)).status).toBe(404);
    expect((await call('POST', '', undefined, stranger)).status).toBe(404);
  });
});
