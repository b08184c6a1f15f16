import { hours, minutes, newId } from '@gatecast/firmware-protocol';
import { documentEnvelope, noticeBoard, plan as planSchema } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

describeStores('notices', (its) => {
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

  const body = (change: object = {}) => ({
    communityId: here.communityId,
    level: 'announcement',
    title: '停水',
    text: '周二 9:00–11:00 停水',
    entranceIds: null,
    from: world.clock.now(),
    to: world.clock.now() + hours(2),
    ...change,
  });
  const make = (change: object = {}, token = here.manager) =>
    world.call('POST', '/v1/notices', { token, body: body(change) });
  const planOf = async ({ id, token }: TestTerminal) => {
    const answer = await world.call('GET', `/v1/terminals/${id}/documents/plan`, { token });
    const envelope = documentEnvelope.parse(answer.body);
    return { version: envelope.version, notices: planSchema.parse(envelope.body).notices };
  };
  const apply = async (at: TestTerminal) => {
    const report = { kind: 'plan', version: (await planOf(at)).version, state: 'applied' };
    await world.call('PUT', `/v1/terminals/${at.id}/reported`, { token: at.token, body: report });
  };
  const list = async (query = '', token = here.manager) =>
    (await world.call('GET', `/v1/notices?communityId=${here.communityId}${query}`, { token })).body.items;
  const anotherGate = async (): Promise<TestTerminal & { entranceId: string }> => {
    const path = `/v1/communities/${here.communityId}/entrances`;
    const made = await world.call('POST', path, { token: world.operator, body: { name: 'Back', placement: 'gate' } });
    const entranceId: string = made.body.id;
    return { ...(await claimedTerminal(world, { ...here, entranceId })), entranceId };
  };

  it('are in the plan of every screen at once, though no campaign runs, and out of it when they are ended', async () => {
    const before = (await planOf(terminal)).version;
    const made = await make({ level: 'emergency' });
    expect(made).toMatchObject({ status: 201, body: { state: 'showing', shownOn: { terminals: 0, of: 1 } } });
    const { id, communityId: _c, entranceIds: entrances, level, title, text, from, to } = made.body;
    expect(await planOf(terminal)).toEqual({
      version: before + 1,
      notices: [{ id, entrances, level, title, text, from, to }],
    });
    const ended = await world.call('DELETE', `/v1/notices/${id}`, { token: here.manager });
    expect(ended.body).toMatchObject({ state: 'over', endedAt: world.clock.now() });
    expect(await planOf(terminal)).toEqual({ version: before + 2, notices: [] });
    await world.call('DELETE', `/v1/notices/${id}`, { token: here.manager });
    expect((await planOf(terminal)).version).toBe(before + 2);
  });

  it('say on how many of their screens they are, from what the screens report', async () => {
    const back = await anotherGate();
    const { id } = (await make()).body;
    const shownOn = async () => (await list())[0].shownOn;
    expect(await shownOn()).toEqual({ terminals: 0, of: 2 });
    await apply(terminal);
    expect(await shownOn()).toEqual({ terminals: 1, of: 2 });
    await apply(back);
    expect(await shownOn()).toEqual({ terminals: 2, of: 2 });
    await world.call('DELETE', `/v1/notices/${id}`, { token: here.manager });
    expect(await shownOn()).toEqual({ terminals: 2, of: 2 });
    await apply(terminal);
    expect(await shownOn()).toEqual({ terminals: 1, of: 2 });
  });

  it('for one entrance leave the other screens alone', async () => {
    const back = await anotherGate();
    const before = await planOf(terminal);
    expect((await make({ entranceIds: [back.entranceId] })).body.shownOn).toEqual({ terminals: 0, of: 1 });
    expect((await planOf(back)).notices).toHaveLength(1);
    expect(await planOf(terminal)).toEqual(before);
  });

  it('begin and end by themselves, without a new plan', async () => {
    const now = world.clock.now();
    await make({ from: now + minutes(10), to: now + minutes(20) });
    const { version } = await planOf(terminal);
    const states = [];
    for (let i = 0; i < 3; i += 1) {
      states.push((await list())[0].state);
      world.clock.advance(minutes(10));
    }
    expect(states).toEqual(['scheduled', 'showing', 'over']);
    expect((await planOf(terminal)).version).toBe(version);
    expect(await list('&state=current')).toEqual([]);
  });

  it('made twice with one key are one', async () => {
    const options = { token: here.manager, idempotencyKey: 'notice-1', body: body() };
    const first = await world.call('POST', '/v1/notices', options);
    expect((await world.call('POST', '/v1/notices', options)).body).toEqual(first.body);
    expect(await list()).toHaveLength(1);
  });

  it('are twenty at most that are not over, so that somebody reads them', async () => {
    const made = [];
    for (let i = 0; i < 20; i += 1) made.push(await make());
    expect(await make()).toMatchObject({ status: 409, body: { code: 'too-many-notices' } });
    await world.call('DELETE', `/v1/notices/${made[0]?.body.id}`, { token: here.manager });
    expect((await make()).status).toBe(201);
    expect((await planOf(terminal)).notices).toHaveLength(20);
  });

  describe('on terminals that speak version 4 of the messages', () => {
    const desired = async ({ id, token }: TestTerminal, protocol?: number) =>
      (await world.call('GET', `/v1/terminals/${id}/desired${protocol ? `?protocol=${protocol}` : ''}`, { token }))
        .body;
    const boardOf = async ({ id, token }: TestTerminal) => {
      const answer = await world.call('GET', `/v1/terminals/${id}/documents/notices`, { token });
      const envelope = documentEnvelope.parse(answer.body);
      return { version: envelope.version, notices: noticeBoard.parse(envelope.body).notices };
    };
    const report = (at: TestTerminal, kind: string, version: number) =>
      world.call('PUT', `/v1/terminals/${at.id}/reported`, {
        token: at.token,
        body: { kind, version, state: 'applied' },
      });

    it('are a document of their own, and the plan does not change', async () => {
      await desired(terminal, 4);
      const { version: plan } = await planOf(terminal);
      const before = (await desired(terminal, 4)).notices;
      const { id } = (await make({ level: 'emergency' })).body;
      expect(await desired(terminal, 4)).toMatchObject({ plan, notices: before + 1 });
      expect(await boardOf(terminal)).toMatchObject({ version: before + 1, notices: [{ id, level: 'emergency' }] });
      expect(await planOf(terminal)).toEqual({ version: plan, notices: [] });
      await report(terminal, 'notices', before + 1);
      expect((await list())[0].shownOn).toEqual({ terminals: 1, of: 1 });
      await world.call('DELETE', `/v1/notices/${id}`, { token: here.manager });
      expect((await boardOf(terminal)).notices).toEqual([]);
    });

    it('are never told as a kind that an older terminal does not know', async () => {
      expect(await desired(terminal)).not.toHaveProperty('notices');
      expect(await desired(terminal, 3)).not.toHaveProperty('notices');
    });

    it('move from the plan to the document when the terminal is updated, and back when it is put back', async () => {
      const { id } = (await make()).body;
      await apply(terminal);
      expect((await list())[0].shownOn).toEqual({ terminals: 1, of: 1 });
      const told = await desired(terminal, 4);
      expect((await boardOf(terminal)).notices).toMatchObject([{ id }]);
      expect((await planOf(terminal)).notices).toEqual([]);
      await report(terminal, 'notices', told.notices);
      expect((await list())[0].shownOn).toEqual({ terminals: 1, of: 1 });
      await desired(terminal, 3);
      expect((await planOf(terminal)).notices).toMatchObject([{ id }]);
      await apply(terminal);
      expect((await list())[0].shownOn).toEqual({ terminals: 1, of: 1 });
    });
  });

  describe('are refused', () => {
    it('with a window that is over or ends before it begins', async () => {
      const now = world.clock.now();
      for (const window of [
        { from: now - 2, to: now },
        { from: now + 2, to: now + 1 },
      ]) {
        expect(await make(window)).toMatchObject({ status: 422, body: { code: 'notice-window-invalid' } });
      }
    });

    it('for the entrances and communities of others', async () => {
      const elsewhere = await neighbourhood(world);
      expect((await make({ entranceIds: [elsewhere.entranceId] })).status).toBe(404);
      expect((await make({}, elsewhere.manager)).status).toBe(404);
      const { id } = (await make()).body;
      expect((await world.call('DELETE', `/v1/notices/${id}`, { token: elsewhere.manager })).status).toBe(404);
      expect(await list('', elsewhere.manager)).toEqual([]);
      expect((await make({ communityId: newId('community') })).status).toBe(404);
    });
  });

  it('stand in the record of deeds with their level, without their words', async () => {
    const { id } = (await make({ level: 'emergency' })).body;
    const deeds = await world.store.read.select().from(world.store.read.t.audit);
    expect(deeds.filter(({ subject }) => subject === id)).toMatchObject([
      { action: 'notice.create', facts: { level: 'emergency' } },
    ]);
  });
});
