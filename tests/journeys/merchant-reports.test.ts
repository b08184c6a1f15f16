import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '@gatecast/cloud-api/client';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';

interface Town {
  readonly url: string;
  readonly reader: string;
  readonly newcomer: string;
}

/** A cloud with a merchant whose campaign ran the day before, and one that has just come. */
const townProgram = fileURLToPath(new URL('../../cloud-api/src/market-town.fixture.ts', import.meta.url));
const sizes = [
  { width: 390, height: 844 },
  { width: 1_280, height: 800 },
] as const;
/** For whoever wants to look: a folder for pictures of each page. */
const pictures = process.env['GATECAST_TEST_PICTURES'];
const timeout = 30_000;

let program: ChildProcess;
let town: Town;
let browser: Browser;

beforeAll(async () => {
  await buildDashboards();
  [town, browser] = await Promise.all([openTown(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  program?.kill('SIGTERM');
  if (program?.exitCode === null) await once(program, 'exit');
});

async function openTown(): Promise<Town> {
  program = spawn(process.execPath, [townProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!program.stdout) throw new Error('the town says where it is on its output');
  for await (const line of createInterface({ input: program.stdout })) return JSON.parse(line) as Town;
  throw new Error('the town ended before it was there');
}

async function open(path: string, token: string, lang: string): Promise<Page> {
  const { link } = await createClient({ base: town.url, token: () => token })('POST /v1/session-links', {});
  const page = await browser.newPage({ bypassCSP: true, reducedMotion: 'reduce', viewport: sizes[0] });
  await page.goto(`${town.url}${path}?${new URLSearchParams({ lang, enter: link }).toString()}`);
  await page.locator('h1').first().waitFor();
  return page;
}

async function expectUsable(page: Page, name: string, lang: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${lang}-${size.width}.png`), fullPage: true });
    }
    await expect.poll(() => faults(page), { message: `${name} at ${size.width}`, timeout }).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${name} is not wider than ${size.width}`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(sizes[0]);
}

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run()).violations;
  });
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

it.each(['zh', 'en'])('reports can be read with a screen reader, on a phone and at a desk, in %s', async (lang) => {
  const page = await open('/merchant/reports', town.reader, lang);
  await page.locator('.report-figures').first().waitFor();
  await page.locator('.report-hook[open] .badge.is-warn').waitFor();
  await expectUsable(page, 'reports', lang);
  await page.close();
  const empty = await open('/merchant/reports', town.newcomer, lang);
  await empty.getByText(lang === 'zh' ? '还没有报告' : 'No reports yet').waitFor();
  await expectUsable(empty, 'reports-empty', lang);
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
