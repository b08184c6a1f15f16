import { readFileSync } from 'node:fs';
import { createClient } from '@gatecast/cloud-api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import { openTown, type OpenTown } from '../harness/town.ts';
import { expectUsable, phoneAndDesk } from '../harness/usable.ts';

interface Town {
  readonly url: string;
  readonly reader: string;
  readonly newcomer: string;
}

const timeout = 30_000;

let opened: OpenTown<Town>;
let town: Town;
let browser: Browser;

beforeAll(async () => {
  await buildDashboards();
  [opened, browser] = await Promise.all([openTown<Town>('market'), openBrowser()]);
  ({ town } = opened);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await opened?.close();
});

async function open(path: string, token: string, lang: string): Promise<Page> {
  const { link } = await createClient({ base: town.url, token: () => token })('POST /v1/session-links', {});
  const page = await browser.newPage({ bypassCSP: true, reducedMotion: 'reduce', viewport: phoneAndDesk[0] });
  await page.goto(`${town.url}${path}?${new URLSearchParams({ lang, enter: link }).toString()}`);
  await page.locator('h1').first().waitFor();
  return page;
}

it.each(['zh', 'en'])('reports can be read with a screen reader, on a phone and at a desk, in %s', async (lang) => {
  const page = await open('/merchant/reports', town.reader, lang);
  await page.locator('.report-figures').first().waitFor();
  await page.locator('.report-hook[open] .badge.is-warn').waitFor();
  await expectUsable(page, `reports-${lang}`);
  await page.close();
  const empty = await open('/merchant/reports', town.newcomer, lang);
  await empty.getByText(lang === 'zh' ? '还没有报告' : 'No reports yet').waitFor();
  await expectUsable(empty, `reports-empty-${lang}`);
  await empty.close();
});

it('a merchant finds the way to a new report, and its files say what the page says', async () => {
  const page = await open('/merchant/account', town.reader, 'zh');
  const link = page.getByRole('link', { name: /定期报告/ });
  await link.getByText('新', { exact: true }).waitFor();
  await link.click();
  const day = page.locator('article', { hasText: '日报 · 2026-11-22' });
  await day.getByText('新', { exact: true }).waitFor();
  expect(await day.locator('dd').allInnerTexts()).toEqual(['1,240', '3', '2', '1', '¥248']);
  const fileOf = async (button: string): Promise<Buffer> => {
    const download = page.waitForEvent('download');
    await day.getByRole('button', { name: button }).click();
    return readFileSync(await (await download).path());
  };
  const [, campaign, total] = (await fileOf('下载 CSV')).toString().split('\r\n');
  expect(campaign).toBe('2026-11-22,2026-11-22,午市套餐,1240,0,1240,0,3,2,1,57.60,248.00');
  expect(total).toBe(campaign?.replace('午市套餐', '合计'));
  // An archive, as Excel files are; what is in it another test reads.
  expect((await fileOf('下载 Excel')).subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
  await page.close();
});

it('a merchant switches a report on, gives an address, and sees the secret once', async () => {
  const page = await open('/merchant/reports', town.newcomer, 'zh');
  const monthly = page.getByRole('checkbox', { name: '月报' });
  await monthly.click();
  await expect.poll(() => monthly.isChecked(), { timeout }).toBe(true);
  await page.getByText('自动发到您的系统').click();
  await page.getByLabel('接收地址').fill('https://127.0.0.1/x');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('不能是内网地址', { exact: false }).last().waitFor();
  await page.getByLabel('接收地址').fill('https://hooks.invalid/x');
  await page.getByRole('button', { name: '保存' }).click();
  await expect.poll(() => page.locator('.report-secret code').innerText(), { timeout }).toMatch(/^[\w-]{43}$/);
  await page.getByRole('button', { name: '发一条试试' }).click();
  await page.locator('.report-hook .badge').waitFor();
  await page.reload();
  await expect.poll(() => monthly.isChecked(), { timeout }).toBe(true);
  expect(await page.locator('.report-secret').count()).toBe(0);
  await page.close();
});
