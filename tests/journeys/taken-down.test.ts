import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uploadClip } from '../harness/advertising.ts';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * Somebody complains of a clip, or an authority does: the operator takes it down. Measured through every program: the API, the plans that are made anew,
 * the broker's hint, the agent that asks for its documents, and the page in front of which people stand.
 */

/** From the operator's order to the glass. */
const goneWithinMs = 5_000;

let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  await page.goto(world.doorway.screenUrl());
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** Clips whose moving picture is on the glass, and will be for so many seconds if nothing happens. */
const playing = (leftSeconds: number) =>
  page.evaluate(
    (left) =>
      [...document.querySelectorAll('video')]
        .filter((video) => !video.paused && video.currentTime > 0 && video.duration - video.currentTime > left)
        .map(({ src }) => /[0-9a-f]{64}/.exec(src)?.[0]),
    leftSeconds,
  );
const screens = (id: string) => world.operator('GET /v1/clips/:id/screens', { params: { id } });

it('a clip that plays is off the screen within five seconds of being taken down, in mid-play, and the operator sees it go', async () => {
  const [film] = world.clips.filter(({ store }) => store === null);
  if (!film) throw new Error('the demo has no clip of the house');
  const { id } = await uploadClip(world.operator, film.file, film.title, 'all');
  await world.operator('POST /v1/clips/:id/approve', { params: { id } });
  const clip = await world.operator('GET /v1/clips/:id', { params: { id } });
  const files = new Set(clip.files.map(({ sha256 }) => sha256));
  const isOn = async (leftSeconds = 0) =>
    (await playing(leftSeconds)).some((one) => one !== undefined && files.has(one));
  await waitUntil('the terminal to tell that it has it', async () => (await screens(id)).having === 1);

  await waitUntil('the clip to play, its end far away', () => isOn(3), { withinMs: 60_000, everyMs: 20 });
  const orderedAt = performance.now();
  await world.operator('POST /v1/clips/:id/take-down', {
    params: { id },
    body: { reason: 'complaint', note: '居民投诉' },
  });
  await waitUntil('the clip to leave the screen', async () => !(await isOn()), { everyMs: 20 });
  const goneMs = performance.now() - orderedAt;
  await waitUntil('the terminal to tell that it is gone', async () => (await screens(id)).having === 0, {
    everyMs: 50,
  });
  console.info(
    `off the glass ${Math.round(goneMs)} ms after the order, known ${Math.round(performance.now() - orderedAt)} ms after it`,
  );
  expect(goneMs).toBeLessThanOrEqual(goneWithinMs);
  expect(await isOn()).toBe(false);

  // Nobody gets the file any more, not even who asks the agent for it by name.
  for (const sha256 of files) await waitUntil('the file to be refused', async () => !(await world.hasClip(sha256)));
});

it('a screen whose power was cut while a clip was taken down is told to stop it as it comes back, and never plays it again', async () => {
  const [, film] = world.clips.filter(({ store }) => store === null);
  if (!film) throw new Error('the demo has two clips of the house');
  const { id } = await uploadClip(world.operator, film.file, film.title, 'all');
  await world.operator('POST /v1/clips/:id/approve', { params: { id } });
  const { files } = await world.operator('GET /v1/clips/:id', { params: { id } });
  const own = [...new Set(files.filter(({ profile }) => profile === 'B').map(({ sha256 }) => sha256))];
  for (const sha256 of own)
    await waitUntil('the file to arrive', () => world.hasClip(sha256), { withinMs: 30_000, everyMs: 50 });

  const { agent } = world.doorway;
  await agent.kill();
  await world.operator('POST /v1/clips/:id/take-down', {
    params: { id },
    body: { reason: 'complaint', note: '居民投诉' },
  });
  await agent.start();
  await page.goto(world.doorway.screenUrl());
  const stopped = () =>
    agent
      .logTail(1_000)
      .split('\n')
      .filter((line) => line.includes('clips are stopped') && own.some((sha256) => line.includes(sha256)));
  await waitUntil('the order to reach it', () => stopped().length > 0, { everyMs: 20 });
  for (const sha256 of own) expect(await world.hasClip(sha256)).toBe(false);
  await waitUntil('the terminal to tell that it is gone', async () => (await screens(id)).having === 0);
  expect((await playing(0)).filter((one) => one !== undefined && own.includes(one))).toEqual([]);
  expect(stopped(), 'told once').toHaveLength(1);
});
