import { randomBytes } from 'node:crypto';
import { days, hours, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { documentEnvelope, mediaManifest, terminalConfig } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { residentAt } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

describeStores('what somebody has against a screen', (its) => {
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

  const document = async (kind: 'config' | 'media') => {
    const path = `/v1/terminals/${terminal.id}/documents/${kind}`;
    return documentEnvelope.parse((await world.call('GET', path, { token: terminal.token })).body).body;
  };
  /** As a phone reads it from the screen. */
  const tokenOnScreen = async () => {
    const { complaintUrl } = terminalConfig.parse(await document('config')).screen;
    return complaintUrl?.split('/').at(-1) ?? '';
  };
  const complain = async (said: object = { about: 'too-loud' }, options: object = {}) =>
    world.call('POST', `/v1/screens/${await tokenOnScreen()}/complaints`, { body: said, ...options });
  const list = async (query = '', token = here.manager) =>
    (await world.call('GET', `/v1/complaints?communityId=${here.communityId}${query}`, { token })).body.items;
  const answer = (id: string, token = here.manager) =>
    world.call('POST', `/v1/complaints/${id}/answer`, { token, body: { answer: '已经调低' } });

  /** A job whose run began just before the clock was turned comes again at its next time: each look turns it on. */
  const patient = { timeout: 30_000, interval: 500 };
  const daysAgo = (age: number) => instant(world.clock.now() - days(age));

  it('is asked for by the screen’s own address, without a sign-in', async () => {
    const face = await world.call('GET', `/v1/screens/${await tokenOnScreen()}`);
    expect(face.body).toMatchObject({ community: 'Linden Court', entrance: 'East gate', answerHours: 24 });
    const forged = `${(await tokenOnScreen()).slice(0, -2)}AA`;
    expect((await world.call('GET', `/v1/screens/${forged}`)).status).toBe(404);
    expect((await world.call('POST', `/v1/screens/${forged}/complaints`, { body: { about: 'ad' } })).status).toBe(404);
  });

  it('reaches the manager, who answers, and the answer the passer-by, who left no name', async () => {
    const made = await complain({ about: 'too-loud', words: '晚上太吵' });
    expect(made).toMatchObject({ status: 201, body: { answerBy: world.clock.now() + hours(24) } });
    const told = await list();
    expect(told).toMatchObject([
      {
        about: 'too-loud',
        words: '晚上太吵',
        entrance: 'East gate',
        isResident: false,
        isOverdue: false,
        answer: null,
      },
    ]);
    const receipt = () => world.call('GET', `/v1/complaint-receipts/${made.body.receipt}`);
    expect((await receipt()).body).toMatchObject({ answer: null, words: '晚上太吵' });
    world.clock.advance(minutes(20));
    expect((await answer(made.body.id)).body).toMatchObject({ answer: '已经调低', tookMs: minutes(20) });
    expect((await receipt()).body).toMatchObject({ answer: '已经调低', answeredAt: world.clock.now() });
    expect(await list()).toEqual([]);
    expect(await list('&state=all')).toHaveLength(1);
    expect((await answer(made.body.id)).body.code).toBe('conflict');
    expect((await world.call('GET', '/v1/complaint-receipts/AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
  });

  it('sent twice is one, with the same receipt', async () => {
    const options = { idempotencyKey: `complaint-${here.communityId}` };
    const first = await complain({ about: 'other' }, options);
    expect((await complain({ about: 'other' }, options)).body).toEqual(first.body);
    expect(await list()).toHaveLength(1);
  });

  it('of a resident who is signed in stands in their own list, and nowhere with their name', async () => {
    const resident = await residentAt(world, here, '王芳');
    await complain({ about: 'too-loud', words: '太响' }, { token: resident.token });
    const own = await world.call('GET', '/v1/me/complaints', { token: resident.token });
    expect(own.body.items).toMatchObject([{ about: 'too-loud', words: '太响', answer: null }]);
    expect(await list()).toMatchObject([{ isResident: true }]);
    expect(JSON.stringify(await list())).not.toContain('王芳');
    const screens = await world.call('GET', '/v1/me/screens', { token: resident.token });
    expect(screens.body.items).toEqual([{ token: await tokenOnScreen(), entrance: 'East gate', placement: 'gate' }]);
  });

  it('is overdue when nobody answers in the hours that the community set, and told once more', async () => {
    await world.call('PATCH', `/v1/communities/${here.communityId}`, {
      token: here.manager,
      body: { complaintHours: 2 },
    });
    const token = await tokenOnScreen();
    const said = { body: { about: 'too-loud' } };
    const complainThere = () => world.call('POST', `/v1/screens/${token}/complaints`, said);
    const first = (await complainThere()).body.id;
    const counts = async () =>
      (await world.call('GET', `/v1/complaint-counts?communityId=${here.communityId}`, { token: here.manager })).body;
    expect(await counts()).toEqual({ open: 1, overdue: 0 });
    world.clock.advance(hours(2));
    expect(await counts()).toEqual({ open: 1, overdue: 1 });
    expect(await list()).toMatchObject([{ isOverdue: true }]);
    const reminded = async () => {
      const { events } = world.store.read.t;
      const all = await world.store.read.select().from(events);
      return all.filter((e) => e.type === 'complaint' && e.facts['what'] === 'overdue').map(({ subject }) => subject);
    };
    await vi.waitFor(async () => {
      world.clock.advance(minutes(10));
      expect(await reminded()).toContain(first);
    }, patient);
    const later = (await complainThere()).body.id;
    world.clock.advance(hours(2));
    await vi.waitFor(async () => {
      world.clock.advance(minutes(10));
      expect(await reminded()).toContain(later);
    }, patient);
    expect((await reminded()).filter((id) => id === first)).toHaveLength(1);
  });

  it('does not pile up: a screen with fifty that nobody answered takes no more', async () => {
    const row = { communityId: here.communityId, terminalId: terminal.id, about: 'other', words: '' } as const;
    await world.store.tx(async (q) => {
      for (let n = 0; n < 50; n += 1)
        await q.insert(q.t.screenComplaints).values({ ...row, id: `cmpl_${n}_${terminal.id}`, at: world.clock.now() });
    });
    expect((await complain()).body.code).toBe('too-many-requests');
    const { token } = await residentAt(world, here, '王芳');
    expect((await complain({ about: 'too-loud' }, { token })).status).toBe(201);
  });

  it('of one resident does not pile up either', async () => {
    const { token } = await residentAt(world, here, '王芳');
    for (let n = 0; n < 10; n += 1)
      expect((await complain({ about: 'other' }, { token, address: `192.0.2.${n}` })).status).toBe(201);
    expect((await complain({ about: 'other' }, { token, address: '192.0.2.99' })).body.code).toBe('too-many-requests');
    const [first] = await list();
    await answer(first.id);
    expect((await complain({ about: 'other' }, { token, address: '192.0.2.100' })).status).toBe(201);
  });

  it('says whether the screen is silenced already', async () => {
    await complain();
    expect(await list()).toMatchObject([{ mutedUntil: null }]);
    const mute = { token: here.manager, body: { minutes: 60 } };
    const until = world.clock.now() + minutes(60);
    await world.call('PUT', `/v1/terminals/${terminal.id}/mute`, mute);
    expect(await list()).toMatchObject([{ mutedUntil: until }]);
    world.clock.advance(minutes(60));
    expect(await list()).toMatchObject([{ mutedUntil: null }]);
  });

  it('is nobody’s business elsewhere', async () => {
    const { id } = (await complain()).body;
    const elsewhere = await neighbourhood(world);
    expect(await list('', elsewhere.manager)).toEqual([]);
    expect((await answer(id, elsewhere.manager)).status).toBe(404);
  });

  describe('against an advert', () => {
    /** An approved clip of the house, on the screens by a new plan. */
    const houseClip = async () => {
      const [id, sha256] = [newId('clip'), randomBytes(32).toString('hex')];
      const size = { width: 720, height: 1_280, bytes: 10, durationMs: 5_000, posterSha256: null };
      const source = { sourceSha256: sha256, sourceBytes: 10, sourceWidth: 720, sourceHeight: 1_280 };
      const made = { status: 'approved', progressPercent: 100, sourceHasAudio: false, sourceConforms: true } as const;
      const title = '欢迎回家';
      await world.store.tx(async (q) => {
        const clip = {
          id,
          title,
          house: 'all',
          ...size,
          sha256,
          posterSha256: sha256,
          ...source,
          ...made,
          createdAt: world.clock.now(),
        } as const;
        await q.insert(q.t.clips).values(clip);
        await q.insert(q.t.clipFiles).values({ clipId: id, cut: 'door', profile: 'B', sha256, ...size });
      });
      const body = { screenProfile: 'A' };
      await world.call('PATCH', `/v1/terminals/${terminal.id}/config`, { token: here.manager, body });
      return mediaManifest.parse(await document('media')).clips.find((one) => one.sha256 === sha256);
    };

    it('names the clip, and one tap takes it off this community’s screens, and puts it back', async () => {
      const shown = await houseClip();
      const face = await world.call('GET', `/v1/screens/${await tokenOnScreen()}`);
      expect(face.body.clips).toContainEqual({ sha256: shown?.sha256, title: shown?.title, advertiser: null });
      await complain({ about: 'ad', clip: shown?.sha256 });
      const [told] = await list();
      const posterUrl = expect.stringMatching(/poster\.jpg\?expires=/);
      expect(told.clip).toMatchObject({ title: shown?.title, isBlocked: false, posterUrl });

      const path = `/v1/communities/${here.communityId}/clip-blocks/${told.clip.id}`;
      await world.call('PUT', path, { token: here.manager, body: {} });
      expect((await list())[0].clip.isBlocked).toBe(true);
      const hashes = async () => mediaManifest.parse(await document('media')).clips.map(({ sha256 }) => sha256);
      expect(await hashes()).not.toContain(shown?.sha256);
      // Nor does it come back with an older manifest.
      expect(mediaManifest.parse(await document('media')).takenDown).toEqual([shown?.sha256]);
      await world.call('DELETE', path, { token: here.manager });
      expect(await hashes()).toContain(shown?.sha256);
    });
  });

  /** The last, as it turns the clock on by days. */
  it('is forgotten half a year later, answered or not', async () => {
    const row = { communityId: here.communityId, terminalId: terminal.id, about: 'other', words: '' } as const;
    const said = [90, 181].map((age) => ({ ...row, id: `cmpl_${age}_${terminal.id}`, at: daysAgo(age) }));
    await world.store.tx((q) => q.insert(q.t.screenComplaints).values(said));
    const kept = async () => {
      const t = world.store.read.t.screenComplaints;
      return world.store.read.select({ id: t.id }).from(t).where(eq(t.terminalId, terminal.id));
    };
    await vi.waitFor(async () => {
      world.clock.advance(hours(24));
      expect(await kept()).toEqual([{ id: said[0]?.id }]);
    }, patient);
  });
});
