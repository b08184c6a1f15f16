import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@gatecast/cloud-api/client';
import { findFfmpeg } from '@gatecast/cloud-api/find-ffmpeg';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import { signedIn } from '../harness/founding.ts';
import { Merchant } from '../harness/people/merchant.ts';
import { Program } from '../harness/program.ts';
import { waitUntil } from '../harness/wait-until.ts';

const entry = fileURLToPath(new URL('../../cloud-api/bin/gatecast-cloud.js', import.meta.url));
const operatorLogin = { email: 'operator@gatecast.test', password: 'correct-horse-battery' };
const login = { email: 'owner@store.test', password: 'long-enough-password' };
const padBytes = 24_000_000;

const dir = mkdtempSync(join(tmpdir(), 'gatecast-upload-'));
const file = (name: string) => join(dir, name);
let cloud: Program;
let url: string;
let browser: Browser;
let merchant: Client;
let page: Page;

beforeAll(async () => {
  const ffmpeg = await findFfmpeg(process.env);
  cloud = new Program({
    name: 'cloud',
    entry,
    logFile: file('cloud.log'),
    env: {
      GATECAST_CLOUD_PORT: '0',
      GATECAST_DATA_DIR: file('data'),
      GATECAST_BROKER_URL: '',
      GATECAST_FIRST_OPERATOR_EMAIL: operatorLogin.email,
      GATECAST_FIRST_OPERATOR_PASSWORD: operatorLogin.password,
      FFMPEG_PATH: behindObstacle(ffmpeg.path ?? 'none'),
    },
  });
  [browser] = await Promise.all([openBrowser(), cloud.start(), makeVideos(), buildDashboards({ only: ['merchant'] })]);
  url = `http://127.0.0.1:${String(cloud.ready['port'])}`;
  await foundStore(await signedIn(url, operatorLogin));
  merchant = await signedIn(url, login);
  ({ page } = await Merchant.signIn(browser, url, login));
  await page.goto(`${url}/merchant/clips`);
});
afterAll(async () => {
  await browser?.close();
  await cloud?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The real one, but for as long as there is a file named `broken`. */
function behindObstacle(ffmpeg: string): string {
  const obstacle = `if [ -e ${file('broken')} ]; then echo "moov atom not found" >&2; exit 1; fi`;
  writeFileSync(file('ffmpeg.sh'), `#!/bin/sh\n${obstacle}\nexec "${ffmpeg}" "$@"\n`, { mode: 0o755 });
  return file('ffmpeg.sh');
}

async function foundStore(operator: Client): Promise<void> {
  const manager = { email: 'manager@property.test', password: 'long-enough-password', name: '经理' };
  const company = await operator('POST /v1/property-companies', { body: { name: '安居物业', manager } });
  const place = {
    name: '枫林苑',
    zone: 'Asia/Shanghai',
    propertyCompanyId: company.id,
    households: 500,
    profile: { families: 1, commuters: 1, elderly: 1 },
  };
  const { id: communityId } = await operator('POST /v1/communities', { body: place });
  const store = { name: '面馆', address: '东门', communityId, hours: '' };
  await operator('POST /v1/merchants', { body: { name: '面馆', owner: { ...login, name: '店主' }, store } });
}

/** One as the screens play it, with enough behind it to take a while on the way; and an iPhone's HDR. */
async function makeVideos(): Promise<void> {
  const ffmpeg = await findFfmpeg({});
  if (ffmpeg.path === null) throw new Error('this journey needs an ffmpeg');
  const picture = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=720x1280:rate=25:duration=2'];
  const coding =
    '-c:v libx264 -preset ultrafast -profile:v baseline -level:v 3.1 -pix_fmt yuv420p -movflags +faststart';
  execFileSync(ffmpeg.path, [...picture, ...coding.split(' '), file('IMG_2044.mp4')]);
  copyFileSync(file('IMG_2044.mp4'), file('short.mp4'));
  const noise = readFileSync(file('IMG_2044.mp4'));
  const media = noise.indexOf('mdat');
  writeFileSync(file('noise.mp4'), noise.fill(0xff, media + 4, media - 4 + noise.readUInt32BE(media - 4)));
  const pad = Buffer.alloc(padBytes);
  pad.writeUInt32BE(padBytes);
  pad.write('free', 4);
  appendFileSync(file('IMG_2044.mp4'), pad);
  const deep = '-c:v libx265 -x265-params log-level=none -preset ultrafast -pix_fmt yuv420p10le -tag:v hvc1 -s 360x640';
  execFileSync(ffmpeg.path, [...picture, ...deep.split(' '), file('IMG_2045.MOV')], { stdio: 'ignore' });
  writeFileSync(file('notes.txt'), 'no video');
}

/** Hash of what the cloud had before it converted it. */
function arrivedAs(clipId: string): unknown {
  const db = new Database(file('data/cloud.sqlite'), { readonly: true });
  try {
    return db.prepare('SELECT source_sha256 FROM clips WHERE id = ?').pluck().get(clipId);
  } finally {
    db.close();
  }
}

const choose = (name: string) =>
  page.getByLabel('选择视频文件').or(page.getByLabel('换一个文件')).setInputFiles(file(name));
const sentPercent = async (): Promise<number> =>
  Number(/(\d+)%/.exec((await page.locator('.upload-card .digits').first().textContent()) ?? '')?.[1] ?? 0);
const slowly = async (bytesPerSecond: number): Promise<void> => {
  const tools = await page.context().newCDPSession(page);
  const speed = { latency: 5, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
  await tools.send('Network.emulateNetworkConditions', { offline: false, ...speed });
};

it('A file that is no video is not sent at all', async () => {
  await choose('notes.txt');
  await page.getByText('请选择 MP4 或手机拍的视频').waitFor();
  expect(await page.getByRole('button', { name: '开始上传' }).count()).toBe(0);
});

it('A video that no screen can show is not sent either, and says what to do about it', async () => {
  await choose('IMG_2045.MOV');
  await page.getByText('关掉“HDR 视频”').waitFor();
  await page.getByRole('button', { name: '开始上传' }).waitFor({ state: 'detached' });
  expect((await merchant('GET /v1/clip-uploads', {})).items).toEqual([]);
});

it('A video that only the cloud finds out is sent back', async () => {
  await choose('noise.mp4');
  await page.getByRole('button', { name: '开始上传' }).click();
  await page.getByText('“noise.mp4”不能用').waitFor();
  await page.getByText('文件里的画面已损坏').waitFor();
  await page.getByRole('button', { name: '知道了' }).click();
  await page.getByText('“noise.mp4”不能用').waitFor({ state: 'detached' });
});

it(
  'A video goes on after a pause, a lost network and a page that was closed, and arrives to the byte',
  { timeout: 90_000 },
  async () => {
    await slowly(4_000_000);
    await choose('IMG_2044.mp4');
    await page.getByLabel('给视频起个名字').fill('手工拉面');
    await page.getByLabel('广告类别').selectOption({ label: '食品餐饮' });
    await page.getByRole('button', { name: '开始上传' }).click();
    await waitUntil('some of it to be sent', async () => (await sentPercent()) > 5 || undefined, { withinMs: 30_000 });

    await page.getByRole('button', { name: '暂停' }).click();
    await page.getByText('已暂停').waitFor();
    await page.getByRole('button', { name: '继续上传' }).click();
    await page.getByText('正在上传').waitFor();

    await page.context().setOffline(true);
    await page.getByText('没有网络').waitFor();
    await page.context().setOffline(false);
    const before = await sentPercent();
    await waitUntil('more of it to be sent', async () => (await sentPercent()) > before || undefined, {
      withinMs: 40_000,
    });

    await page.reload();
    await page.getByText('没传完的视频').waitFor();
    const [left] = (await merchant('GET /v1/clip-uploads', {})).items;
    expect(left?.receivedBytes).toBeGreaterThan(0);
    await choose('IMG_2044.mp4');
    await page.getByRole('button', { name: /^从 \d+% 接着传$/ }).click();
    await page.getByText('上传完成').waitFor({ timeout: 60_000 });

    const clip = await waitUntil(
      'the clip',
      async () => {
        const [newest] = (await merchant('GET /v1/clips', { query: {} })).items;
        return newest?.status === 'in-review' ? newest : undefined;
      },
      { withinMs: 60_000 },
    );
    expect(clip).toMatchObject({ title: '手工拉面', category: 'food' });
    expect(arrivedAs(clip.id)).toBe(
      createHash('sha256')
        .update(readFileSync(file('IMG_2044.mp4')))
        .digest('hex'),
    );
  },
);

it('An upload can be called off, and nothing of it stays', async () => {
  await slowly(2_000_000);
  await choose('IMG_2044.mp4');
  await page.getByRole('button', { name: '开始上传' }).click();
  await waitUntil('some of it to be sent', async () => (await sentPercent()) > 3 || undefined, { withinMs: 30_000 });
  await page.getByRole('button', { name: '取消上传' }).click();
  await page.getByText('选择视频文件').or(page.getByText('换一个文件')).first().waitFor();
  await waitUntil(
    'it to be gone',
    async () => {
      const { items } = await merchant('GET /v1/clip-uploads', {});
      return items.every(({ state }) => state === 'taken') || undefined;
    },
    { withinMs: 10_000 },
  );
});

it('A video that could not be converted is tried again by its button, and deleted by the other one', async () => {
  writeFileSync(file('broken'), '');
  const body = new Blob([readFileSync(file('short.mp4'))]);
  await merchant('POST /v1/clips', { query: { title: '酸菜鱼' }, body });
  await page.goto(`${url}/merchant/clips`);
  const card = page.getByRole('article', { name: '酸菜鱼' });
  await card.getByText('转码失败').waitFor({ timeout: 30_000 });
  await card.getByText('这个视频文件读不出来').waitFor();
  rmSync(file('broken'));
  await card.getByRole('button', { name: '再试一次' }).click();
  await card.getByText('审核中', { exact: true }).waitFor({ timeout: 30_000 });

  await card.getByRole('button', { name: '删除 酸菜鱼' }).click();
  await page.getByText('没有投放过的，文件马上删除').waitFor();
  await page.getByRole('button', { name: '取消', exact: true }).click();
  await card.getByRole('button', { name: '删除 酸菜鱼' }).click();
  await page.getByRole('button', { name: '删除这个视频' }).click();
  await card.waitFor({ state: 'detached' });
  const { items } = await merchant('GET /v1/clips', { query: { status: 'withdrawn' } });
  expect(items).toMatchObject([{ title: '酸菜鱼', lastPlayedAt: null, filesDeletedAt: expect.any(Number) }]);
});
