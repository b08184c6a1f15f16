import { createClient } from '@gatecast/cloud-api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import { openTown, type OpenTown } from '../harness/town.ts';
import { expectUsable, phoneAndDesk } from '../harness/usable.ts';

interface ResultsTown {
  readonly url: string;
  readonly operator: string;
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

const timeout = 30_000;

async function open(path: string, lang: string): Promise<Page> {
  const client = createClient({ base: town.url, token: () => town.operator });
  const { link } = await client('POST /v1/session-links', {});
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', viewport: phoneAndDesk[1] });
  const page = await context.newPage();
  const query = new URLSearchParams({ lang, enter: link });
  await page.goto(`${town.url}/operator/${path}?${query.toString()}`);
  await page.locator('h1').first().waitFor();
  return page;
}

describe.each([
  { lang: 'zh', see: '看结果：草莓季', communities: '各小区', days: '每天', touches: '触达', scans: '扫码' },
  {
    lang: 'en',
    see: 'Result of 草莓季',
    communities: 'Communities',
    days: 'Day by day',
    touches: 'Touches',
    scans: 'Scans',
  },
])('in $lang', ({ lang, see, communities, days, touches, scans }) => {
  it('an operator goes from the list of campaigns to what one brought, by keyboard too', async () => {
    const page = await open('campaigns', lang);
    await page.getByRole('link', { name: see }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/operator/campaigns/${town.campaignId}/result`));
    const figure = (name: string) =>
      page.locator('.market-facts > div', { hasText: name }).first().locator('dd').first();
    await figure(scans).waitFor();
    expect(await figure(scans).innerText()).toBe('45');

    // The same figures in each table as above it.
    const all = Number((await figure(touches).innerText()).replaceAll(',', ''));
    for (const table of [communities, days]) {
      const cells = await page
        .getByRole('region', { name: table })
        .locator('tbody tr td:nth-of-type(1)')
        .allInnerTexts();
      expect(
        cells.reduce((sum, cell) => sum + Number(cell.replaceAll(',', '')), 0),
        table,
      ).toBe(all);
    }
    expect(await page.locator('.console-nav-item[aria-current=page]').count()).toBe(1);
    await expectUsable(page, `operator-result-${lang}`);
    await page.context().close();
  });
});

it('an operator takes the figures away, opens a line item of them and comes back', async () => {
  const page = await open(`campaigns/${town.campaignId}/result`, 'zh');
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Excel 表格' }).click();
  expect((await started).suggestedFilename()).toMatch(/^results-.*\.xlsx$/);
  await page.locator('a[href*="/line-items/"]').first().click();
  await page.getByRole('link', { name: '看结果：草莓季' }).click();
  await page.locator('.result').waitFor();
  await page.context().close();
});

it('a campaign that has not begun says so, with nothing to take away', async () => {
  const page = await open(`campaigns/${town.emptyId}/result`, 'zh');
  await page.getByText('还没有结果').waitFor();
  expect(await page.getByRole('button', { name: 'Excel 表格' }).count()).toBe(0);
  await expectUsable(page, 'operator-result-empty');
  await page.context().close();
});

it('one that is not there says so', async () => {
  const page = await open('campaigns', 'zh');
  await page.goto(`${town.url}/operator/campaigns/camp_01234567890123456789012345/result`);
  await expect.poll(() => page.locator('.state.is-bad').count(), { timeout }).toBe(1);
  await page.context().close();
});

it('whoever is signed in on many devices reads them on a phone, each beside the button that ends it', async () => {
  const agents = ['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'Linux; Android 14; PGT-AN20'];
  for (const system of agents) {
    const userAgent = `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36`;
    const client = createClient({ base: town.url, token: () => town.operator });
    const { link } = await client('POST /v1/session-links', {});
    await fetch(`${town.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ link }),
    });
  }
  const page = await open('account', 'zh');
  await page.setViewportSize(phoneAndDesk[0]);
  const devices = page.locator('.device-rows > li');
  await expect.poll(() => devices.count(), { timeout }).toBeGreaterThan(agents.length);
  for (const device of await devices.all()) {
    const name = await device.locator('b').boundingBox();
    const end = await device.locator('.button, .badge').first().boundingBox();
    const row = await device.boundingBox();
    if (!name || !end || !row) throw new Error('each has a place on the page');
    expect(end.x + end.width).toBeCloseTo(row.x + row.width, 0);
    expect(end.y, 'beside its name, not below it').toBeLessThan(name.y + name.height);
  }
  await expectUsable(page, 'account-zh');
  await page.context().close();
});
