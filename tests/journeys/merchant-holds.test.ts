import { instant } from '@gatecast/firmware-protocol';
import type { Client } from '@gatecast/cloud-api/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uploadClip } from '../harness/advertising.ts';
import { openBrowser } from '../harness/browser.ts';
import { merchantLogin, signedIn } from '../harness/founding.ts';
import { World } from '../harness/world.ts';

interface Shop {
  readonly client: Client;
  readonly context: BrowserContext;
}

let world: World;
let browser: Browser;
let noodles: Shop;
let fruit: Shop;

beforeAll(async () => {
  [world, browser] = await Promise.all([World.open({ house: false }), openBrowser()]);
  noodles = await openShop('noodles', '午市牛肉面');
  fruit = await openShop('fruit', '草莓上新');
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** A store with a campaign that may be booked, and its owner's phone. */
async function openShop(store: string, campaign: string): Promise<Shop> {
  const client = await signedIn(world.neighbourhood.cloudUrl, merchantLogin(world.founded.merchants, store));
  const film = world.clips.find((clip) => clip.store === store);
  if (!film) throw new Error(`the demo has a clip of ${store}`);
  const clip = await uploadClip(client, film.file, film.title);
  await world.operator('POST /v1/clips/:id/approve', { params: { id: clip.id } });
  await client('POST /v1/campaigns', { body: { name: campaign, clipId: clip.id, dealId: null } });
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };
  return { client, context: await browser.newContext(phone) };
}

async function bookPage({ client, context }: Shop, search: Readonly<Record<string, string>>): Promise<Page> {
  const page = await context.newPage();
  const { link } = await client('POST /v1/session-links', {});
  const query = new URLSearchParams({ lang: 'zh', ...search, enter: link });
  await page.goto(`${world.neighbourhood.cloudUrl}/merchant/book?${query.toString()}`);
  return page;
}

const newest = async ({ client }: Shop) => (await client('GET /v1/bookings', { query: { limit: 1 } })).items[0];

/** Chooses the nth half-hour that can be booked, and as many touches of it. */
async function choose(page: Page, nth: number, touches: number): Promise<void> {
  await page.locator('.week-cell[aria-disabled="false"]').nth(nth).click();
  await page.getByLabel('要多少人次').fill(String(touches));
}

const chosenCells = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('.week-cell[aria-pressed="true"]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-cell')));
const holdButton = (page: Page) => page.locator('.quote-bar .button.is-primary');
const holdable = (page: Page) => page.locator('.quote-bar .button.is-primary:enabled');

/** The live event may be faster than the answer, and only the answer tells this tab which booking comes back as paid. */
const isAnswered = (page: Page): Promise<void> => page.getByRole('button', { name: '再选一些' }).waitFor();

async function runOut(shop: Shop): Promise<void> {
  const held = await newest(shop);
  world.neighbourhood.clock.moveTo(instant((held?.holdUntil ?? 0) + 1_000));
}

const bank = (refuses: boolean) =>
  fetch(`${world.neighbourhood.sandboxUrl}/sandbox/bank`, { method: 'POST', body: JSON.stringify({ refuses }) });

it('a payment that the bank refuses leaves the hold as it is, and is paid on the second try', async () => {
  const page = await bookPage(noodles, { plan: '' });
  await choose(page, 20, 5);
  await holdable(page).click();
  await isAnswered(page);
  await bank(true);
  await page.locator('.held a.is-primary').click();
  await page.locator('form button').click();
  await page.getByText('银行没有通过这笔付款').waitFor();
  await page.getByRole('link', { name: '取消' }).click();
  await page.getByText('还没有收到付款').waitFor();
  expect(await newest(noodles)).toMatchObject({ status: 'held' });
  await bank(false);
  await page.locator('.held a.is-primary').click();
  await page.locator('form button').click();
  await page.getByRole('heading', { name: '订好了' }).waitFor();
  expect(await newest(noodles)).toMatchObject({ status: 'paid' });
  await page.close();
});

it('a hold that runs out says so, and the same choice is quoted and held again with two taps', async () => {
  const page = await bookPage(noodles, { plan: '' });
  await choose(page, 60, 7);
  const cells = await chosenCells(page);
  await holdable(page).click();
  await page.locator('.held').waitFor();
  await runOut(noodles);
  const notice = page.locator('.ran-out');
  await notice.getByText('没有收到付款').waitFor();
  await notice.getByText('7 次触达').waitFor();
  await notice.getByRole('link', { name: '照原来的选择再报价' }).click();
  await page.locator('.week-grid').waitFor();
  expect(await chosenCells(page)).toEqual(cells);
  expect(await page.getByLabel('要多少人次').inputValue()).toBe('7');
  expect(await notice.count()).toBe(0);
  await holdable(page).click();
  await page.locator('.held').waitFor();
  expect(await newest(noodles)).toMatchObject({ status: 'held', touches: 7 });
  await page.close();
});

it('a hold that runs out while its sheet is open can be held again there', async () => {
  const page = await bookPage(fruit, {});
  await page.locator('.slot:enabled').nth(3).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: /^保留并付款/ }).click();
  await sheet.locator('.held').waitFor();
  await runOut(fruit);
  await sheet.getByRole('button', { name: '照原来的选择再报价' }).click();
  await sheet.getByRole('button', { name: /^保留并付款/ }).click();
  await sheet.locator('.held').waitFor();
  expect(await newest(fruit)).toMatchObject({ status: 'held' });
  await page.close();
});

it('a hold that runs out while the payment page is open is told of there and on the way back, and so is money that came too late', async () => {
  const page = await bookPage(fruit, { plan: '' });
  await choose(page, 40, 9);
  await holdable(page).click();
  await isAnswered(page);
  await page
    .locator('.held', { hasText: '9 次触达' })
    .getByRole('link', { name: /^去付款/ })
    .click();
  await page.locator('form button').waitFor();
  await runOut(fruit);
  await expect.poll(async () => (await newest(fruit))?.status, { timeout: 15_000 }).toBe('expired');
  await expect.poll(async () => (await payment())?.trade_state, { timeout: 15_000 }).toBe('CLOSED');
  await page.locator('form button').click();
  await page.getByText('订单已关闭').waitFor();
  await page.getByRole('link', { name: '返回' }).click();
  await page.locator('.ran-out', { hasText: '没有收到付款' }).waitFor();
  await page.route(/\/v1\/bookings\/[^/]+$/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), lateFen: 700 } });
  });
  await page.reload();
  await page.locator('.ran-out', { hasText: '¥7 到得太晚' }).waitFor();
  await page.close();
});

interface Payment {
  readonly trade_state: string;
}
/** The newest at the provider. */
async function payment(): Promise<Payment | undefined> {
  const answer = await fetch(`${world.neighbourhood.sandboxUrl}/payments.json`);
  return ((await answer.json()) as { items: Payment[] }).items[0];
}

it('of two stores after the same touches the second reads what is left, and taps an offer that is enough', async () => {
  const pages = [await bookPage(noodles, { plan: '' }), await bookPage(fruit, { plan: '' })] as const;
  const [first, second] = pages;
  for (const page of pages) await choose(page, 90, 1);
  const rest = await leftOf(first);
  for (const page of pages) await page.getByLabel('要多少人次').fill(String(rest - 5));
  for (const page of pages) await holdable(page).waitFor();
  await holdButton(first).click();
  await expect.poll(() => newest(noodles)).toMatchObject({ status: 'held', touches: rest - 5 });
  await holdButton(second).click();
  await second.getByText('这个时段已经订满').waitFor();
  await second.getByText(`不够 ${rest - 5}`).waitFor();
  const offers = second.locator('.offers .chip');
  await offers.filter({ hasText: /就要剩下的/ }).waitFor();
  const before = await chosenCells(second);
  await offers.filter({ hasText: '时间放宽' }).click();
  await holdable(second).waitFor();
  expect((await chosenCells(second)).length).toBeGreaterThan(before.length);
  expect(await second.getByText('这个时段已经订满').count()).toBe(0);
  await holdButton(second).click();
  await expect.poll(() => newest(fruit)).toMatchObject({ status: 'held', touches: rest - 5 });
  for (const page of pages) await page.close();
});

/** Asks for more than there is, and reads how much that is. */
async function leftOf(page: Page): Promise<number> {
  await page.getByLabel('要多少人次').fill('1000000');
  const offer = page.locator('.offers .chip').filter({ hasText: '就要剩下的' });
  const text = await offer.locator('span').innerText();
  return Number(/^(\d+) 人次/.exec(text.replaceAll(',', ''))?.[1]);
}
