import { days } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, upload } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { checklistOf } from './categories.ts';
import { mp4File } from './mp4.fixture.ts';

const within = { timeout: 10_000, interval: 20 };
let world: TestApp;

beforeAll(async () => {
  world = await testApp({ env: { FFMPEG_PATH: 'none' } });
});
afterAll(() => world.close());

it('a permit that has run out takes its clip off the screens by itself', async () => {
  const merchant = await merchantAt(world, await neighbourhood(world));
  const validTo = world.clock.now() + days(2);
  const query = { category: 'alcohol', number: 'JY-1', validFrom: '1', validTo: String(validTo) };
  const handedIn = await world.app.fetch(
    new Request(`http://gatecast.test/v1/permits?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${merchant.token}` },
      body: new Blob(['%PDF-1.7']),
    }),
  );
  const { id: permitId } = (await handedIn.json()) as { id: string };
  await world.call('POST', `/v1/permits/${permitId}/accept`, { token: world.operator });
  const about = { title: '本地啤酒', category: 'alcohol' };
  const { id } = (await upload(world, merchant.token, mp4File({ durationMs: 5_000 }), about)).body;
  const clip = async () => (await world.call('GET', `/v1/clips/${id}`, { token: merchant.token })).body;
  await vi.waitFor(async () => expect((await clip()).status).toBe('in-review'), within);
  const body = { ticked: checklistOf('alcohol') };
  await world.call('POST', `/v1/clips/${id}/approve`, { token: world.operator, body });
  // Terminals that hear nothing more end it to the second by this.
  expect(await clip()).toMatchObject({ status: 'approved', approvedUntil: validTo });
  world.clock.advance(days(2));
  await vi.waitFor(async () => expect((await clip()).status).toBe('expired'), within);
});
