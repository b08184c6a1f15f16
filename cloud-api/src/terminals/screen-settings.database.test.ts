import { after, minutes } from '@gatecast/firmware-protocol';
import {
  documentEnvelope,
  terminalConfig,
  usualMediaTerms,
  type ScreenStanding,
} from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import { claimedNumber } from './screen-token.ts';

describeStores('the screen of a terminal', (its) => {
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

  const config = async () => {
    const path = `/v1/terminals/${terminal.id}/documents/config`;
    const envelope = documentEnvelope.parse((await world.call('GET', path, { token: terminal.token })).body);
    return terminalConfig.parse(envelope.body);
  };
  const screen = async () => (await config()).screen;
  const configure = (body: object, token = here.manager) =>
    world.call('PATCH', `/v1/terminals/${terminal.id}/config`, { token, body });
  const community = (body: object) =>
    world.call('PATCH', `/v1/communities/${here.communityId}`, { token: here.manager, body });
  const mute = (muted: number, token = here.manager) =>
    world.call('PUT', `/v1/terminals/${terminal.id}/mute`, { token, body: { minutes: muted } });

  it('is silent until somebody wants to hear it, and from 20 to 8 in any case', async () => {
    expect(await screen()).toMatchObject({
      volumePercent: 0,
      quiet: { fromMinute: 1_200, toMinute: 480 },
      brightnessPercent: 100,
      dimPercent: 60,
      mutedUntil: null,
      officePhone: null,
    });
  });

  it('gets volume, brightness and dimming of its own, in a new signed version', async () => {
    expect((await configure({ volumePercent: 40, brightnessPercent: 80, dimPercent: 20 })).body.settings).toMatchObject(
      { volumePercent: 40, brightnessPercent: 80, dimPercent: 20 },
    );
    expect(await screen()).toMatchObject({ volumePercent: 40, brightnessPercent: 80, dimPercent: 20 });
    expect((await configure({ dimPercent: 0 })).body).toMatchObject({ code: 'invalid-request' });
  });

  it('fetches clips by night and between the peaks at half a line’s speed, or as it is told, by a template too', async () => {
    expect((await config()).media).toEqual(usualMediaTerms);
    const media = { windows: [{ fromMinute: 1_380, toMinute: 300 }], bytesPerSecondMax: null };
    expect((await configure({ media })).body.settings).toMatchObject({ media });
    expect((await config()).media).toEqual(media);
    const template = { name: 'Slow lines', settings: { media: usualMediaTerms } };
    expect((await world.call('POST', '/v1/settings-templates', { token: here.manager, body: template })).status).toBe(
      201,
    );
    expect((await configure({ media: { ...media, bytesPerSecondMax: 1 } })).body.code).toBe('invalid-request');
  });

  it('is never louder than the community allows, and shows the number of its office', async () => {
    await configure({ volumePercent: 80 });
    await community({ volumeCapPercent: 30, officePhone: ' 0571-8888 6666 ' });
    expect(await screen()).toMatchObject({ volumePercent: 30, officePhone: '0571-8888 6666' });
    await community({ volumeCapPercent: 100, officePhone: null });
    expect(await screen()).toMatchObject({ volumePercent: 80, officePhone: null });
    expect((await community({ officePhone: 'call me' })).body.code).toBe('invalid-request');
  });

  it('is silenced by one tap until a chosen time, and speaks again by itself or at once', async () => {
    const until = after(world.clock.now(), minutes(30));
    expect((await mute(30)).body).toMatchObject({ mutedUntil: until });
    expect(await screen()).toMatchObject({ mutedUntil: until });
    world.clock.advance(minutes(31));
    const shown = await world.call('GET', `/v1/terminals/${terminal.id}`, { token: here.manager });
    expect(shown.body.mutedUntil).toBeNull();
    await mute(60);
    expect((await mute(0)).body.mutedUntil).toBeNull();
    expect(await screen()).toMatchObject({ mutedUntil: null });
  });

  it('is silenced by nobody from another company', async () => {
    const elsewhere = await neighbourhood(world);
    expect((await mute(60, elsewhere.manager)).status).toBe(404);
    expect(await screen()).toMatchObject({ mutedUntil: null });
  });

  it('shows an address of its own for complaints, that nobody can count up to', async () => {
    const url = (await screen()).complaintUrl ?? '';
    const token = /\/h5\/s\/([\w-]+)$/.exec(url)?.[1] ?? '';
    expect(claimedNumber(token)).toBeGreaterThan(0);
  });

  it('is told of as the terminal last said, and as unknown of one that says nothing of it', async () => {
    const say = async (standing: ScreenStanding | null) => {
      await world.store.tx(async (q) => {
        const t = q.t.terminalPresence;
        await q.update(t).set({ online: true, screen: standing }).where(eq(t.terminalId, terminal.id));
      });
      return (await world.call('GET', `/v1/terminals/${terminal.id}`, { token: here.manager })).body.screen;
    };
    const playing = { state: 'playing', clip: 'a'.repeat(64), since: world.clock.now(), muted: true } as const;
    expect(await say(playing)).toEqual(playing);
    expect(await say(null)).toBeNull();
  });
});
