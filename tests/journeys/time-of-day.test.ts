import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { town } from '../harness/demo/town.ts';
import { ScreenWatcher } from '../harness/people/screen-watcher.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;
let screen: ScreenWatcher;

beforeAll(async () => {
  world = await World.open({ at: '07:10' });
  await world.manager('PATCH /v1/terminals/:id/config', {
    params: { id: world.terminalId },
    body: { quiet: { fromMinute: 22 * 60, toMinute: 7 * 60 }, volumePercent: 40 },
  });
  await world.terminalIsReady();
  browser = await openBrowser();
  screen = await ScreenWatcher.at(browser, world.doorway.screenUrl());
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('the same door shows families, commuters and the night each their clip, decided by the terminal alone; the night is silent', async () => {
  // What the terminal holds must do: nobody is there to ask.
  await Promise.all([world.neighbourhood.cloud.kill(), world.neighbourhood.broker.kill()]);
  const seen = new Map<string, string>();
  const silent: string[] = [];
  for (const [i, time] of ['07:40', '18:30', '22:30'].entries()) {
    world.neighbourhood.clock.moveToLocal(time, town.community.zone);
    await world.open(world.keysOf(i));
    seen.set(time, await screen.clipOfOpening());
    if (await screen.isSilent()) silent.push(time);
    await world.doorIsShut();
    await screen.isIdle();
  }
  const clipFor = (segment: string) =>
    world.clips.find((clip) => clip.segment === segment && clip.store === null)?.sha256;
  expect([...seen.values()]).toEqual([clipFor('families'), clipFor('commuters'), clipFor('night')]);
  expect(silent).toEqual(['22:30']);
});
