import { instant, localTime } from '@gatecast/firmware-protocol';
import type { Client } from '@gatecast/cloud-api/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { uploadClip } from '../harness/advertising.ts';
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
  // What tells of the network comes beside the page.
  const live = Promise.all(
    [/live-updates.*\.js/, /live-updates.*\.css/].map((file) =>
      phone.waitForEvent('requestfinished', (request) => file.test(request.url())),
    ),
  );
  const page = await openPage('');
  await mark(page);
  await page.route(/deals-page/, (route) => route.abort());
  await live;
  await phone.setOffline(true);
  await tab(page, '拼团').click();
  await told(page).getByText('连不上服务器').waitFor();
  await told(page).getByRole('button', { name: '重试' }).click();
  await told(page).getByText('连不上服务器').waitFor();
  expect(await tab(page, '概览').isVisible()).toBe(true);
  await page.getByText('网络断开了').waitFor();
  await page.unroute(/deals-page/);
  await phone.setOffline(false);
  await title(page, '拼团').waitFor();
  await page.getByText('网络断开了').waitFor({ state: 'detached' });
  expect(await isMarked(page)).toBe(true);
});

it('a page that did not come when the network was said to be back comes by itself a little later', async () => {
  const page = await openPage('');
  await mark(page);
  await page.route(/deals-page/, (route) => route.abort());
  await phone.setOffline(true);
  await tab(page, '拼团').click();
  await told(page).waitFor();
  const failed = page.waitForEvent('requestfailed', (request) => /deals-page.*\.js/.test(request.url()));
  await phone.setOffline(false);
  await failed;
  await page.unroute(/deals-page/);
  await title(page, '拼团').waitFor();
  expect(await isMarked(page)).toBe(true);
});

it('what fails once more when somebody tries again costs nothing of what is there while the server has it', async () => {
  const page = await openPage('');
  await mark(page);
  await page.route(/verify-page.*\.js/, (route) => route.abort(), { times: 2 });
  await tab(page, '核销').click();
  await told(page).waitFor();
  await told(page).getByRole('button', { name: '重试' }).click();
  await title(page, '核销').waitFor();
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

const dayMs = 86_400_000;

it('a store with many deals finds one by its name, and those that are over are folded away', async () => {
  const now = world.neighbourhood.clock.now();
  const { items: stores } = await client('GET /v1/stores', { query: {} });
  const terms = {
    singlePriceFen: 2_990,
    groupPriceFen: 1_990,
    groupSize: 2,
    groupHours: 24,
    stock: 20,
    perPersonMax: 3,
  };
  const deal = { ...terms, storeId: stores[0]?.id ?? '', description: '', opensAt: now, closesAt: now + dayMs };
  for (let n = 1; n <= 9; n += 1) await client('POST /v1/deals', { body: { ...deal, title: `${n} 号团 牛肉面` } });
  const page = await openPage('deals');
  // As the cloud tells of two that are over; the clock of the town stays where it is.
  await page.route(/\/v1\/deals\?/, async (route) => {
    const answer = await route.fetch();
    const { items, ...rest } = (await answer.json()) as { items: object[] };
    const told = items.map((one, index) => (index < 2 ? { ...one, status: 'closed' } : one));
    await route.fulfill({ response: answer, json: { ...rest, items: told } });
  });
  await page.reload();
  const cards = page.locator('.merchant-deal:visible');
  await expect.poll(() => cards.count()).toBe(7);
  await page.getByText('已结束的（2）').click();
  await expect.poll(() => cards.count()).toBe(9);
  await page.getByLabel('找拼团').fill('9 号');
  await expect.poll(() => cards.allInnerTexts()).toEqual([expect.stringContaining('9 号团')]);
});

it('what is held stands above the choice from the first moment: nothing moves under the finger', async () => {
  const film = world.clips.find(({ store }) => store === 'noodles');
  const clip = await uploadClip(client, film?.file ?? '', '牛肉面');
  await world.operator('POST /v1/clips/:id/approve', { params: { id: clip.id } });
  const campaigns = [];
  for (let n = 1; n <= 8; n += 1)
    campaigns.push(await client('POST /v1/campaigns', { body: { name: `第 ${n} 期`, clipId: clip.id, dealId: null } }));
  const day = (ahead: number) =>
    localTime(instant(world.neighbourhood.clock.now() + ahead * dayMs), 'Asia/Shanghai').date;
  const body = { communityIds: [world.founded.community], firstDay: day(2), lastDay: day(4), touches: 20 };
  await client('POST /v1/bookings', { body: { ...body, campaignId: campaigns[0]?.id ?? '' } });

  const page = await openPage('');
  await page.locator('.campaign-card').nth(5).waitFor();
  expect(await page.locator('.campaign-card').count()).toBe(6);
  await page.getByRole('button', { name: '全部 8 个投放' }).click();
  expect(await page.locator('.campaign-card').count()).toBe(8);

  // The answer that stands highest comes last.
  await page.route(/\/v1\/bookings\?/, async (route) => {
    await new Promise((resolve) => void setTimeout(resolve, 1_500));
    await route.continue();
  });
  await page.addInitScript(() => {
    const moved = Object.assign(globalThis, { moved: [] as number[] }).moved;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) moved.push(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const { link } = await client('POST /v1/session-links', {});
  await page.goto(`${world.neighbourhood.cloudUrl}/merchant/book?lang=zh&enter=${link}`);
  await page.getByText('等待付款').waitFor();
  await page.locator('.day-part').first().waitFor();
  const moved = await page.evaluate(() => (globalThis as unknown as { moved: number[] }).moved);
  expect(moved.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.1);
});

it.each(['permits', 'profile', 'reports'])('from %s a finger finds the way back to the account', async (path) => {
  const page = await openPage(path);
  await page.getByRole('link', { name: '返回账号' }).click();
  await title(page, '账号').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
});

it('of holds that ran out the newest is told, and the others are a tap away', async () => {
  const page = await openPage('book');
  // As the cloud tells of them; the clock of the town stays where it is.
  await page.route(/\/v1\/bookings\?/, async (route) => {
    const answer = await route.fetch();
    const { items, ...rest } = (await answer.json()) as { items: { id: string }[] };
    const out = { status: 'expired', holdUntil: world.neighbourhood.clock.now() - 1_000, lateFen: 0 };
    const told = ['a', 'b', 'c'].flatMap((of) =>
      items.slice(0, 1).map((one) => ({ ...one, ...out, id: `${one.id}${of}`, campaignId: of })),
    );
    await route.fulfill({ response: answer, json: { ...rest, items: told } });
  });
  await page.reload();
  const notices = page.locator('.ran-out:visible');
  await notices.first().waitFor();
  expect(await notices.count()).toBe(1);
  await page.getByText('还有 2 个也过时了').click();
  await expect.poll(() => notices.count()).toBe(3);
});
