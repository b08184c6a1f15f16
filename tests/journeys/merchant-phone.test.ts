import type { Client } from '@gatecast/cloud-api/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { merchantLogin, signedIn } from '../harness/founding.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;
let client: Client;
let phone: BrowserContext;

beforeAll(async () => {
  [world, browser] = await Promise.all([World.open({ house: false }), openBrowser()]);
  client = await signedIn(world.neighbourhood.cloudUrl, merchantLogin(world.founded.merchants, 'noodles'));
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(async () => {
  phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
});
afterEach(() => phone.close());

async function openPage(path: string): Promise<Page> {
  const page = await phone.newPage();
  const { link } = await client('POST /v1/session-links', {});
  await page.goto(`${world.neighbourhood.cloudUrl}/merchant/${path}?lang=zh&enter=${link}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const tab = (page: Page, name: string) => page.locator('.shell-nav').getByRole('link', { name });
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const told = (page: Page) => page.locator('main').getByRole('alert');
/** Is lost with the page, so that a page that was loaded anew shows. */
const mark = (page: Page) => page.evaluate(() => Object.assign(globalThis, { sameAsBefore: true }));
const isMarked = (page: Page) => page.evaluate(() => 'sameAsBefore' in globalThis);

it('a page that cannot be fetched says so, the tabs stay, and it comes by itself when the network is back', async () => {
  const page = await openPage('');
  await mark(page);
  await page.route(/deals-page/, (route) => route.abort());
  await phone.setOffline(true);
  await tab(page, '拼团').click();
  await told(page).getByText('连不上服务器').waitFor();
  await told(page).getByRole('button', { name: '重试' }).click();
  await told(page).getByText('连不上服务器').waitFor();
  expect(await tab(page, '概览').isVisible()).toBe(true);
  await page.unroute(/deals-page/);
  await phone.setOffline(false);
  await title(page, '拼团').waitFor();
  expect(await isMarked(page)).toBe(true);
});

it.each(['js', 'css'])('a page whose .%s did not come is whole once somebody tries again', async (kind) => {
  const page = await openPage('');
  await mark(page);
  const file = new RegExp(`verify-page.*\\.${kind}`);
  await page.route(file, (route) => route.abort());
  await tab(page, '核销').click();
  await told(page).waitFor();
  await page.unroute(file);
  await told(page).getByRole('button', { name: '重试' }).click();
  await title(page, '核销').waitFor();
  await expect.poll(() => page.locator('link[rel=stylesheet][href*="verify-page"]').count()).toBe(1);
  expect(await isMarked(page)).toBe(true);
});

it('after a release that took the old files away, trying again fetches the new page', async () => {
  const page = await openPage('');
  await mark(page);
  await page.route(/verify-page.*\.js/, (route) => route.fulfill({ status: 404 }));
  await tab(page, '核销').click();
  await told(page).waitFor();
  const reloaded = page.waitForEvent('load');
  await told(page).getByRole('button', { name: '重试' }).click();
  await reloaded;
  expect(await isMarked(page)).toBe(false);
});

it('what the first view needs travels packed, in 40 kB', async () => {
  const { cloudUrl } = world.neighbourhood;
  const html = await (await fetch(`${cloudUrl}/merchant/`)).text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(3);
  const answers = await Promise.all(
    files.map((file) => fetch(`${cloudUrl}${file}`, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } })),
  );
  for (const { headers } of answers) expect(headers.get('content-encoding')).toBe('gzip');
  const bytes = answers.reduce((sum, { headers }) => sum + Number(headers.get('content-length')), 0);
  expect(bytes).toBeLessThan(40_000);
});
