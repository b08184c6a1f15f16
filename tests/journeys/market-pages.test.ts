import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '@gatecast/cloud-api/client';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';

interface MarketTown {
  readonly url: string;
  readonly operator: string;
  readonly manager: string;
  readonly behindId: string;
  readonly campaignId: string;
}

/** A cloud whose communities sold something, with nothing around it. */
const townProgram = fileURLToPath(new URL('../../cloud-api/src/market-town.fixture.ts', import.meta.url));

let program: ChildProcess | undefined;
let town: MarketTown;
let browser: Browser;
/** Whoever was signed in before is nobody here. */
const contexts = new Map<string, BrowserContext>();

beforeAll(async () => {
  await buildDashboards();
  [town, browser] = await Promise.all([openTown(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  if (program?.exitCode === null) {
    program.kill('SIGTERM');
    await once(program, 'exit');
  }
});

async function openTown(): Promise<MarketTown> {
  program = spawn(process.execPath, [townProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!program.stdout) throw new Error('the town says where it is on its output');
  for await (const line of createInterface({ input: program.stdout })) return JSON.parse(line) as MarketTown;
  throw new Error('the town ended before it was there');
}

const sizes = [
  { width: 390, height: 844 },
  { width: 1_280, height: 900 },
] as const;
/** For whoever wants to look: a folder for pictures of each page. */
const pictures = process.env['GATECAST_TEST_PICTURES'];

async function open(path: string, token: string, lang: string): Promise<Page> {
  const client = createClient({ base: town.url, token: () => token });
  const { link } = await client('POST /v1/session-links', {});
  const context = contexts.get(token) ?? (await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' }));
  contexts.set(token, context);
  const page = await context.newPage();
  await page.setViewportSize(sizes[0]);
  const [place = '', hash] = path.split('#');
  const query = new URLSearchParams({ lang, enter: link });
  await page.goto(`${town.url}${place}?${query.toString()}${hash === undefined ? '' : `#${hash}`}`);
  await page.locator('h1').first().waitFor();
  return page;
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

interface Look {
  readonly name: string;
  readonly path: () => string;
  /** What there is to see once the page has what it asked for. */
  readonly shows: string;
  readonly manager?: boolean;
}

const looks: readonly Look[] = [
  { name: 'campaigns', path: () => '/operator/campaigns', shows: '.market-row' },
  { name: 'behind', path: () => '/operator/campaigns#behind', shows: '.badge.is-bad' },
  { name: 'campaign', path: () => `/operator/campaigns/${town.campaignId}`, shows: '.market-row' },
  { name: 'line-item', path: () => `/operator/line-items/${town.behindId}`, shows: '.market-table' },
  { name: 'sell-through', path: () => '/operator/sell-through', shows: '.heat tbody tr' },
  { name: 'yield', path: () => '/operator/yield', shows: '.market-table' },
  { name: 'replans', path: () => '/operator/replans', shows: '.market-table' },
  { name: 'adverts', path: () => '/property/adverts', shows: '.advert', manager: true },
];

const timeout = 30_000;

describe.each(['zh', 'en'])('what is sold, in %s', (lang) => {
  it.for(looks)('$name can be used with a keyboard and a screen reader, on a phone and at a desk', async (look) => {
    const token = look.manager === true ? town.manager : town.operator;
    const page = await open(look.path(), token, lang);
    await page.locator(look.shows).first().waitFor();
    for (const size of lang === 'zh' ? sizes : sizes.slice(0, 1)) {
      await page.setViewportSize(size);
      await expect.poll(() => faults(page), { message: `${look.name} at ${size.width}`, timeout }).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${look.name} is not wider than ${size.width}`).toBeLessThanOrEqual(0);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${look.name}-${lang}-${size.width}.png`), fullPage: true });
      }
    }
    await page.close();
  });
});

it('an operator finds a line item that falls short, reads why, pauses it with a reason and resumes it', async () => {
  const page = await open('/operator/campaigns#behind', town.operator, 'zh');
  await page.getByText('剩下的时段被别人买了').or(page.getByText('业主没有同意或停售')).first().waitFor();
  const lineItem = page.locator(`a[href$="${town.behindId}"]`);
  await lineItem.click();
  await page.getByRole('button', { name: /^暂停投放/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('画面有争议，等商家换一版');
  await dialog.locator('[type=submit]').click();
  await page.locator('.notice', { hasText: '画面有争议，等商家换一版' }).waitFor();
  await page.locator('.market-history', { hasText: '暂停' }).waitFor();
  await page.close();
});

it('an operator looks a campaign up by its number, and one that is not there says so', async () => {
  const page = await open('/operator/campaigns', town.operator, 'zh');
  await page.getByRole('searchbox').fill('#7');
  await page.locator('.market-row', { hasText: '草莓季第 7 批' }).waitFor();
  await expect.poll(() => page.locator('.market-row').count(), { timeout }).toBe(1);
  await page.getByRole('searchbox').fill('没有这个活动');
  await page.getByText('没有找到').waitFor();
  await page.close();
});

it('an operator opens the week of a community that sells least, and takes the table away', async () => {
  const page = await open('/operator/sell-through', town.operator, 'zh');
  const community = page.locator('.market-button').first();
  const name = await community.locator('b').innerText();
  await community.click();
  await page.getByRole('heading', { level: 2, name }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载表格' }).click();
  expect((await download).suggestedFilename()).toBe('sell-through-2026-11-23.csv');
  await page.close();
});
