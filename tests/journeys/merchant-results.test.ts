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

interface ResultsTown {
  readonly url: string;
  readonly merchant: string;
  readonly campaignId: string;
  readonly emptyId: string;
}

/** A cloud with a merchant whose campaign ran for weeks, with nothing around it. */
const townProgram = fileURLToPath(new URL('../../cloud-api/src/results/results-town.fixture.ts', import.meta.url));

let program: ChildProcess | undefined;
let town: ResultsTown;
let browser: Browser;

beforeAll(async () => {
  await buildDashboards();
  [town, browser] = await Promise.all([openTown(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  if (program?.exitCode !== null) return;
  program.kill('SIGTERM');
  await once(program, 'exit');
});

async function openTown(): Promise<ResultsTown> {
  program = spawn(process.execPath, [townProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!program.stdout) throw new Error('the town says where it is on its output');
  for await (const line of createInterface({ input: program.stdout })) return JSON.parse(line) as ResultsTown;
  throw new Error('the town ended before it was there');
}

const sizes = [
  { width: 390, height: 844 },
  { width: 1_280, height: 800 },
] as const;
/** For whoever wants to look: a folder for pictures of each page. */
const pictures = process.env['GATECAST_TEST_PICTURES'];

async function open(campaignId: string, lang = 'zh'): Promise<Page> {
  const client = createClient({ base: town.url, token: () => town.merchant });
  const { link } = await client('POST /v1/session-links', {});
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', viewport: sizes[0] });
  const page = await context.newPage();
  const query = new URLSearchParams({ lang, enter: link });
  await page.goto(`${town.url}/merchant/results/${campaignId}?${query.toString()}`);
  await page.locator('.funnel-tiles').waitFor();
  return page;
}

async function expectUsable(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.evaluate(axe.source);
    const grave = await page.evaluate(async () => {
      const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
      const { violations } = await inPage.run();
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
    });
    expect(grave, `${name} at ${size.width}`).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${name} is not wider than ${size.width}`).toBeLessThanOrEqual(0);
    if (pictures === undefined) continue;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}-${size.width}.png`), fullPage: true });
  }
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
