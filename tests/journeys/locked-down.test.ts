import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/** Every alarm is shown on the property's page within this time. */
const shownWithinMs = 5_000;

let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  const { link } = await world.manager('POST /v1/session-links', {});
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${world.neighbourhood.cloudUrl}/property/terminals/${world.terminalId}?lang=zh&enter=${link}`);
  await page.getByText('门关着').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const params = () => ({ id: world.terminalId });
const terminal = () => world.manager('GET /v1/terminals/:id', { params: params() });

/** The leaf of the simulated door, moved by nobody whom the terminal let in. */
const moveLeaf = (open: boolean) => world.atDoor('contact', { open });

it('a door that is forced shows on every page of the property within five seconds, until it is shut again', async () => {
  await moveLeaf(true);
  await page.getByText('1 处报警').waitFor({ timeout: shownWithinMs });
  await page.getByText('被强行打开').waitFor({ timeout: shownWithinMs });
  expect((await terminal()).alarms).toMatchObject([{ kind: 'forced' }]);
  await moveLeaf(false);
  await page.getByText('1 处报警').waitFor({ state: 'detached', timeout: shownWithinMs });
  expect((await terminal()).alarms).toEqual([]);
});

it('whoever thinks better of a lockdown is back at the button with the keyboard', async () => {
  const button = page.getByRole('button', { name: '封锁', exact: true });
  await button.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: '取消' }).press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
});

it('a manager locks a door down from the page; then a resident’s code is refused until it is back to normal', async () => {
  await page.getByRole('button', { name: '封锁', exact: true }).click();
  await page.getByRole('button', { name: '确认封锁' }).click();
  await page.getByLabel('门的状态').getByText('封锁中').waitFor({ timeout: shownWithinMs });
  expect((await terminal()).doors[0]?.mode).toBe('lockdown');

  const { opens } = await world.doorState();
  await world.type(world.keys);
  const refused = await waitUntil('the refusal', async () => {
    const { items } = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
    return items.find(({ kind }) => kind === 'refused');
  });
  expect(refused).toMatchObject({ via: 'pin', reason: 'lockdown' });
  expect((await world.doorState()).opens).toBe(opens);

  await page.getByRole('button', { name: '恢复正常', exact: true }).click();
  await waitUntil('the door to be back to normal', async () => (await terminal()).doors[0]?.mode === 'normal');
  await world.open();
  await world.doorIsShut();
});
