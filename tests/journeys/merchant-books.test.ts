import { join } from 'node:path';
import { instant } from '@gatecast/firmware-protocol';
import type { Client } from '@gatecast/cloud-api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uploadClip } from '../harness/advertising.ts';
import { openBrowser } from '../harness/browser.ts';
import { merchantLogin, signedIn, type Login } from '../harness/founding.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;
let shop: Client;
const login = (): Login => merchantLogin(world.founded.merchants, 'noodles');
/** For whoever wants to look: a folder for pictures of each step. */
const pictures = process.env['GATECAST_TEST_PICTURES'];

beforeAll(async () => {
  [world, browser] = await Promise.all([World.open({ house: false }), openBrowser()]);
  shop = await signedIn(world.neighbourhood.cloudUrl, login());
  const film = world.clips.find(({ store }) => store === 'noodles') ?? world.clips[0];
  if (!film) throw new Error('the demo has clips');
  const clip = await uploadClip(shop, film.file, film.title);
  await world.operator('POST /v1/clips/:id/approve', { params: { id: clip.id } });
  await shop('POST /v1/campaigns', { body: { name: '午市牛肉面', clipId: clip.id, dealId: null } });
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

async function bookPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const { link } = await shop('POST /v1/session-links', {});
  const query = new URLSearchParams({ lang: 'zh', plan: '', enter: link });
  await page.goto(`${world.neighbourhood.cloudUrl}/merchant/book?${query.toString()}`);
  await page.locator('.week-grid').waitFor();
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  for (const width of [390, 1_280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 390, height: 844 });
}

const newest = async () => (await shop('GET /v1/bookings', { query: { limit: 1 } })).items[0];

/** From a budget to what is held: the first of the suggestions. */
async function holdSuggested(page: Page): Promise<void> {
  await page.getByLabel('打算花多少（元）').fill('20');
  await page.getByLabel('卖什么').selectOption('meals');
  await page.getByRole('button', { name: '帮我选' }).click();
  await page.locator('.suggestion').first().click();
  expect(await page.locator('.week-cell[aria-pressed="true"]').count()).toBeGreaterThan(0);
  await page.locator('.quote-bar .button.is-primary:enabled').click();
  await page.locator('.held').waitFor();
}

it('a store goes from a budget to a hold, pays, and cancels what has not begun', async () => {
  const page = await bookPage();
  await picture(page, 'books-empty');
  await holdSuggested(page);
  await picture(page, 'books-held');
  expect(await newest()).toMatchObject({ status: 'held', product: 'touches' });
  await page.locator('.held a.is-primary').click();
  await page.locator('form button').click();
  await expect.poll(async () => (await newest())?.status, { timeout: 15_000 }).toBe('paid');
  const bought = await bookPage();
  await picture(bought, 'books-bought');
  await bought.getByRole('button', { name: '取消投放' }).click();
  await bought.getByRole('button', { name: '确定取消' }).click();
  await expect.poll(async () => (await newest())?.status, { timeout: 15_000 }).toBe('refunded');
});

it('the grid is walked with arrows, chosen with space, and on with shift', async () => {
  const page = await bookPage();
  const chosen = page.locator('.week-cell[aria-pressed="true"]');
  const first = page.locator('.week-cell[aria-disabled="false"]').nth(15);
  await first.focus();
  await page.keyboard.press('Space');
  expect(await chosen.count()).toBe(1);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  expect(await chosen.count()).toBe(4);
  await page.keyboard.press('ArrowDown');
  expect(await chosen.count()).toBe(4);
});

it('says no with what would be enough, and what is wrong with ten people where nobody agreed', async () => {
  const page = await bookPage();
  await page.locator('.week-cell[aria-disabled="false"]').nth(30).click();
  await page.getByLabel('要多少人次').fill('400');
  await page.getByRole('heading', { name: '换个选法就够' }).waitFor();
  expect(await page.locator('.quote-bar .button.is-primary').isDisabled()).toBe(true);
  await picture(page, 'books-no');
  await page.getByRole('button', { name: '就找这些人' }).click();
  await page.getByText('还不到 10 个，暂时不卖').waitFor();
  await picture(page, 'books-people');
});

it('a hold that runs out is over, and nothing is paid', async () => {
  const page = await bookPage();
  await holdSuggested(page);
  const held = await newest();
  world.neighbourhood.clock.moveTo(instant((held?.holdUntil ?? 0) + 1_000));
  await expect.poll(async () => (await newest())?.status, { timeout: 20_000 }).toBe('expired');
});
