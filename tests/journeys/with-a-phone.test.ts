import jsqr from 'jsqr';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { newestCode } from '../harness/texted-code.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  context = await browser.newContext({
    locale: 'zh-CN',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    acceptDownloads: true,
  });
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const h5 = (path: string) => `${world.neighbourhood.cloudUrl}/h5${path}`;
const resident = () => {
  const [first] = world.founded.residents;
  if (!first) throw new Error('nobody lives here');
  return first;
};

/** Does something that is to open the door, and waits until the lock is released. */
async function opens(act: () => Promise<void>): Promise<void> {
  await world.doorIsShut();
  const before = await world.doorState();
  await act();
  await waitUntil('the lock to be released', async () => (await world.doorState()).opens > before.opens);
}

/** Reads the QR code that stands on the page, as the reader at the door does. */
async function scan(): Promise<string> {
  const picture = (await page.locator('.qr-code').first().screenshot()).toString('base64');
  const reader = await browser.newPage();
  const { data, width, height } = await reader.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(image.width + 80, image.height + 80);
    const drawing = canvas.getContext('2d');
    if (!drawing) throw new Error('no canvas');
    drawing.fillStyle = '#fff';
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawing.drawImage(image, 40, 40);
    const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height);
    return { data: [...pixels.data], width: pixels.width, height: pixels.height };
  }, picture);
  await reader.close();
  const text = jsqr.default(Uint8ClampedArray.from(data), width, height)?.data;
  if (text === undefined) throw new Error('there is no code on the page');
  return text;
}

it('a resident signs in with a texted code and opens the door with one press', async () => {
  await page.goto(`${h5('/door')}?lang=zh`);
  await page.getByRole('button', { name: '登录' }).click();
  const { phone } = resident();
  await page.getByLabel('手机号', { exact: true }).fill(phone);
  await page.getByRole('button', { name: '获取验证码' }).click();
  const code = await waitUntil('the texted code', () => newestCode(world.neighbourhood.sandboxUrl, phone));
  await page.getByLabel('短信验证码').fill(code);
  await page.getByRole('dialog').getByRole('button', { name: /^登录/ }).click();
  const button = page.locator('button.open-button');
  await button.waitFor();
  await opens(() => button.click());
  await page.getByText('门开了').first().waitFor();
});

it('the phone makes a key of its own, and its code opens, also when the phone has no network', async () => {
  await page.goto(h5('/door/qr'));
  await page.getByRole('button', { name: '设置二维码' }).click();
  await page.locator('svg.qr-code path').waitFor();
  await page.getByText('正在送到门口终端').waitFor({ state: 'detached', timeout: 60_000 });
  await waitUntil('a code that the door knows', async () => (await scan()).startsWith('GP1:'));
  await opens(async () => world.atDoor('qr', { text: await scan() }));

  await context.setOffline(true);
  try {
    await page.reload();
    await page.locator('svg.qr-code path').waitFor();
    await opens(async () => world.atDoor('qr', { text: await scan() }));
  } finally {
    await context.setOffline(false);
  }
});

it('a visitor’s pass is made with a few taps, and its code and picture open the door', async () => {
  await page.goto(h5('/door/visitors'));
  await page
    .getByRole('link', { name: '请访客进门' })
    .or(page.getByRole('button', { name: '请访客进门' }))
    .first()
    .click();
  await page.getByLabel('给谁').fill('表姐');
  await page.getByRole('button', { name: '生成通行证' }).click();
  const poster = page.getByRole('img', { name: /^访客通行证，密码/ });
  await poster.waitFor();
  const code = ((await poster.getAttribute('alt')) ?? '').replaceAll(/\D/g, '');
  expect(code).toMatch(/^\d{8,10}$/);
  const { width, height } = await poster.evaluate((image: HTMLImageElement) => ({
    width: image.naturalWidth,
    height: image.naturalHeight,
  }));
  expect(Math.min(width, height)).toBeGreaterThan(300);
  await opens(() => world.type(`${code}#`));
  await page.getByText('已用完').waitFor({ timeout: 60_000 });
});

it('shows who looked at the records, and keeps every consent off until it is given', async () => {
  const { items } = await world.manager('GET /v1/communities/:id/residents', {
    params: { id: world.founded.community },
    query: { search: resident().unit },
  });
  await world.manager('GET /v1/residents/:id', { params: { id: items[0]?.id ?? '' } });
  await page.goto(h5('/me'));
  await page.getByRole('link', { name: /谁看过/ }).click();
  await page.getByText('和雅').or(page.getByText('物业')).first().waitFor();
  await page.goto(h5('/me'));
  await page.getByRole('link', { name: /授权/ }).click();
  const switches = page.getByRole('switch');
  await switches.first().waitFor();
  for (const each of await switches.all()) expect(await each.isChecked()).toBe(false);
});

it('who deletes their account is signed out, and their PIN opens nothing any more', async () => {
  const { unit, pin } = resident();
  await opens(() => world.type(`${unit}*${pin}#`));
  await page.goto(h5('/me/data'));
  const erase = page.getByRole('button', { name: '永久删除我的账号' });
  await erase.waitFor();
  expect(await erase.isDisabled()).toBe(true);
  await page.getByLabel('要继续，请输入「删除」').fill('删除');
  await erase.click();
  await page.getByRole('button', { name: '登录' }).first().waitFor();

  const last = async () =>
    (await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } })).items[0];
  await waitUntil('the PIN to be refused', async () => {
    await world.doorIsShut();
    const before = await last();
    await world.type(`${unit}*${pin}#`);
    await waitUntil('the door’s answer', async () => (await last())?.seq !== before?.seq);
    return (await last())?.kind === 'refused';
  });
});
