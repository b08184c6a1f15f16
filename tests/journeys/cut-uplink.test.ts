import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { ScreenWatcher } from '../harness/people/screen-watcher.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;
let screen: ScreenWatcher;
let visitorCode: string;

beforeAll(async () => {
  world = await World.open();
  browser = await openBrowser();
  screen = await ScreenWatcher.at(browser, world.doorway.screenUrl());
  const from = world.neighbourhood.clock.now();
  const window = { from, to: from + 7_200_000 };
  const pass = await world.manager('POST /v1/passes', {
    body: { communityId: world.founded.community, label: '访客', entranceIds: null, uses: null, ...window },
  });
  visitorCode = pass.code;
  await waitUntil(
    'the door to know the code',
    async () => (await world.manager('GET /v1/passes', { query: {} })).items[0]?.delivered.terminals === 1,
    { withinMs: 2_000 },
  );
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

it('with cloud and broker killed, codes open and clips play; later every opening and play arrives exactly once, in order', async () => {
  const { cloud, broker } = world.neighbourhood;
  await Promise.all([cloud.kill(), broker.kill()]);

  const typed = [world.keysOf(0), `${visitorCode}#`, world.keysOf(1), world.keysOf(2)];
  const decisions: string[] = [];
  for (const code of typed) {
    await world.open(code);
    await screen.clipOfOpening();
    decisions.push(await screen.attribute('decision'));
    await world.doorIsShut();
    await screen.isIdle();
  }
  await world.type('9999*123456#');
  expect(new Set(decisions).size).toBe(typed.length);

  await cloud.start();
  await broker.start();
  const rows = await waitUntil(
    'the openings of the gap to arrive',
    async () => {
      const query = { terminalId: world.terminalId, limit: 100 };
      const { items } = await world.manager('GET /v1/access-events', { query });
      return items.some(({ kind }) => kind === 'refused') ? items : undefined;
    },
    { withinMs: 60_000 },
  );
  const decided = rows.filter(({ kind }) => kind === 'opened' || kind === 'refused').toReversed();
  expect(decided.map(({ kind, via }) => `${kind} ${via}`)).toEqual([
    'opened pin',
    'opened code',
    'opened pin',
    'opened pin',
    'refused pin',
  ]);
  const seqs = rows.map(({ seq }) => seq);
  expect(seqs, 'newest first, none twice').toEqual([...new Set(seqs)].toSorted((a, b) => b - a));

  const plays = await waitUntil(
    'the plays of the gap to arrive',
    async () => {
      const { items } = await world.operator('GET /v1/plays', { query: { terminalId: world.terminalId, limit: 200 } });
      const atATouch = items.filter((play) => play.atATouch);
      return atATouch.length >= typed.length ? atATouch : undefined;
    },
    { withinMs: 60_000 },
  );
  expect(plays).toHaveLength(typed.length);
  expect(new Set(plays.map(({ id }) => id)).size).toBe(typed.length);
  expect(plays.every(({ rendered }) => rendered)).toBe(true);
});
