import { readFileSync } from 'node:fs';
import { createClient } from '@gatecast/cloud-api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import { openTown, type OpenTown } from '../harness/town.ts';
import { expectUsable, phoneAndDesk } from '../harness/usable.ts';

interface ResultsTown {
  readonly url: string;
  readonly merchant: string;
  readonly campaignId: string;
  readonly emptyId: string;
}

let opened: OpenTown<ResultsTown>;
let town: ResultsTown;
let browser: Browser;

beforeAll(async () => {
  await buildDashboards();
  [opened, browser] = await Promise.all([openTown<ResultsTown>('results'), openBrowser()]);
  ({ town } = opened);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await opened?.close();
});

async function open(campaignId: string, lang = 'zh'): Promise<Page> {
  const client = createClient({ base: town.url, token: () => town.merchant });
  const { link } = await client('POST /v1/session-links', {});
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', viewport: phoneAndDesk[0] });
  const page = await context.newPage();
  const query = new URLSearchParams({ lang, enter: link });
  await page.goto(`${town.url}/merchant/results/${campaignId}?${query.toString()}`);
  await page.locator('.funnel-tiles').waitFor();
  return page;
}

async function download(page: Page, button: string): Promise<Buffer> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFileSync(await (await started).path());
}

const figure = async (page: Page, n: number): Promise<number> =>
  Number((await page.locator('.funnel-tiles > div').nth(n).locator('dd.digits').innerText()).replaceAll(',', ''));

it('a merchant reads what came of weeks, opens a day, and takes away the same figures', async () => {
  const page = await open(town.campaignId);
  await page.getByText('每次扫码').waitFor();
  const [touches, scans] = [await figure(page, 0), await figure(page, 1)];
  expect(scans).toBe(45);

  const [, ...rows] = (await download(page, '表格（CSV）')).toString('utf8').trimEnd().split('\r\n');
  const column = (n: number): number => rows.reduce((sum, row) => sum + Number(row.split(',')[n]), 0);
  expect([Math.floor(column(2)), column(6)]).toEqual([touches, scans]);
  expect((await download(page, 'Excel 表格')).subarray(0, 2).toString()).toBe('PK');

  expect(await page.locator('.exposure-card').count()).toBe(0);
  await page.locator('.result-days .result-day summary').first().click();
  await expect.poll(() => page.locator('.exposure-card').count()).toBe(8);
  await expectUsable(page, 'results-zh');
  await page.context().close();
});

it('reads in English', async () => {
  const page = await open(town.campaignId, 'en');
  await page.getByText('spent so far').waitFor();
  await expectUsable(page, 'results-en');
  await page.context().close();
});

it('a campaign that has not begun says so, with nothing to take away', async () => {
  const page = await open(town.emptyId);
  await page.getByText('还没有订时段').or(page.getByText('结果会出现在这里')).first().waitFor();
  expect(await page.getByRole('button', { name: '表格（CSV）' }).count()).toBe(0);
  await expectUsable(page, 'results-empty');
  await page.context().close();
});
