import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { newUpdateKey, signedRelease, writeUpdateKeys } from '../harness/signed-release.ts';
import { World } from '../harness/world.ts';

/* The operator at the desk: opens a door, gives a release to a terminal, and takes one to a roll-out, with the pages and the real programs behind them. */

const dir = mkdtempSync(join(tmpdir(), 'gatecast-desk-'));
const key = newUpdateKey();
let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const keys = join(dir, 'update-keys.json');
  writeUpdateKeys(keys, key);
  world = await World.open({ house: false, env: { GATECAST_UPDATE_KEYS_FILE: keys } });
  for (const model of ['other-board', `${process.platform}-${process.arch}`]) {
    const body = await signedRelease(key, { version: '1.4.0', model });
    await world.operator('POST /v1/releases', { query: {}, body });
  }
  browser = await openBrowser();
  const { link } = await world.operator('POST /v1/session-links', {});
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce' });
  await page.goto(`${world.neighbourhood.cloudUrl}/operator/?lang=zh&enter=${link}`);
  await page.locator('h1').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  rmSync(dir, { recursive: true });
});

const goTo = (path: string) => page.goto(`${world.neighbourhood.cloudUrl}/operator/${path}`);
const release = (model: string) => page.locator('.release', { hasText: model });
const dialog = () => page.getByRole('dialog');

it('opens a door once it was confirmed, and sees each state with its time', async () => {
  const { opens } = await world.doorState();
  await goTo(`terminals/${world.terminalId}/commands`);
  await page.getByRole('button', { name: '远程开门' }).click();
  await dialog().getByText('请先确认门口是谁').waitFor();
  await dialog().getByRole('button', { name: '远程开门' }).click();
  const row = page.locator('.command-row', { hasText: '远程开门' }).first();
  await row.locator('.command-times li').nth(3).waitFor();
  expect((await world.doorState()).opens).toBe(opens + 1);
});

it('is told before it is given for which terminal a release is not', async () => {
  await goTo('releases');
  await release('other-board').getByRole('button', { name: '下发' }).click();
  await dialog().getByText('整个小区').click();
  await dialog().locator('.ant-select').click();
  await page.locator('.ant-select-item-option').first().click();
  await dialog().locator('.ant-modal-title').click();
  await dialog().getByRole('button', { name: '先看看' }).click();
  await dialog().getByText('型号不符').waitFor();
  expect(await dialog().getByRole('button', { name: '下发给' }).isDisabled()).toBe(true);
});

it('gives a release to a terminal, and reads on the same page why that one did not take it', async () => {
  await goTo('releases');
  const mine = release(`${process.platform}-${process.arch}`);
  await mine.getByRole('button', { name: '下发' }).click();
  await dialog().locator('.ant-select').click();
  await page.locator('.ant-select-item-option').first().click();
  await dialog().locator('.ant-modal-title').click();
  await dialog().getByRole('button', { name: '先看看' }).click();
  await dialog().getByRole('button', { name: '下发给 1 台' }).click();
  await mine.getByRole('button', { name: '查看终端' }).click();
  // It was started without the launcher, which says so by itself.
  await mine.getByText('不能自动更新').waitFor({ timeout: 60_000 });
});

it('takes a release to a roll-out, where it is chosen already', async () => {
  await goTo('releases');
  await release(process.arch).getByRole('button', { name: '下发' }).click();
  await dialog().getByText('分批发布').click();
  await dialog().getByRole('button', { name: '去新建分批发布' }).click();
  await dialog().getByText(`1.4.0 · ${process.platform}-${process.arch}`).waitFor();
});

it('changes when terminals restart for it', async () => {
  await goTo('releases');
  await release(process.arch).getByRole('button', { name: '更改时段' }).click();
  await dialog().getByRole('switch', { name: '只在这段时间重启' }).click();
  await dialog().getByRole('button', { name: '保存' }).click();
  await release(process.arch).getByText('重启：02:00–05:00').waitFor();
});

it('is told at the field why a community cannot be in a zone in which nothing could be sold', async () => {
  await goTo('parties?kind=communities');
  await page.getByRole('button', { name: '新增小区' }).click();
  await dialog().getByLabel('小区名称').fill('加德满都花园');
  await dialog().getByLabel('物业公司').click();
  await page.locator('.ant-select-item-option').first().click();
  const zone = dialog().getByLabel('时区');
  await zone.fill('Asia/Kathmandu');
  await dialog().getByRole('button', { name: '保存' }).click();
  await dialog().locator('.ant-form-item-explain-error', { hasText: '差一刻钟' }).waitFor();
  await expect.poll(() => zone.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
});
