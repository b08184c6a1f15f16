import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/** What is done at the desk is so at the door, and said so on the page, within this time. */
const doneWithinMs = 5_000;
/** Facility 120, number 45678, as a reader sends them. */
const cardBits = '10111100010110010011011101';

let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  const { link } = await world.manager('POST /v1/session-links', {});
  await page.goto(`${world.neighbourhood.cloudUrl}/property/?lang=zh&enter=${link}`);
  await page.getByRole('heading', { name: '门口终端' }).first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const goTo = (path: string) => page.goto(`${world.neighbourhood.cloudUrl}/property${path}`);
const residentOf = (index: number) => {
  const found = world.founded.residents[index];
  if (!found) throw new RangeError(`there is no resident ${index}`);
  return found;
};
async function openResident(unit: string): Promise<void> {
  await goTo(`/residents?search=${unit}`);
  await page.locator('.resident-rows a').first().click();
  await page.getByText('开门方式').first().waitFor();
}

it('a list of residents is looked at before it is imported, and can be taken back', async () => {
  const csv = '姓名,手机,楼栋,房号,关系\n苏晴,13900001111,9 号楼,901,业主\n何川,12345,9 号楼,902,业主\n';
  await goTo('/imports');
  const file = { name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('这是试算结果，还没有改动任何住户。').waitFor();
  expect(await page.locator('main').innerText()).toContain('手机');
  const params = { id: world.founded.community };
  const newcomers = () => world.manager('GET /v1/communities/:id/residents', { params, query: { search: '苏晴' } });
  expect((await newcomers()).items).toEqual([]);

  await page.getByRole('button', { name: '跳过 1 行有问题的，导入 1 行' }).click();
  await page.getByText('导入完成。').waitFor();
  expect((await newcomers()).items).toMatchObject([{ unit: '901', building: '9 号楼' }]);

  await page.reload();
  await page.getByRole('button', { name: '撤销这次导入' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click();
  await page.getByText('已撤销').first().waitFor();
  await waitUntil('the newcomer to be gone', async () => (await newcomers()).items.length === 0);
});

it('a card is read at the door, shows its last digits at the desk, and opens', async () => {
  await openResident(residentOf(1).unit);
  await page.getByRole('button', { name: '添加门卡' }).click();
  await page.getByRole('button', { name: '开始读卡' }).click();
  await page.getByText('请把卡贴到这扇门的读卡器上').waitFor();
  await world.atDoor('card', { bits: cardBits });
  await page.getByText('读到了：····5678').waitFor({ timeout: doneWithinMs });
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('5678').first().waitFor();
  await waitUntil('the card to open', async () => {
    await world.doorIsShut();
    const { opens } = await world.doorState();
    await world.atDoor('card', { bits: cardBits });
    return waitUntil('the lock', async () => (await world.doorState()).opens > opens, { withinMs: 1_000 }).catch(
      () => false,
    );
  });
});

it('somebody is moved out with the keyboard alone, and the page proves at which doors', async () => {
  const { unit, pin } = residentOf(2);
  await openResident(unit);
  await page.getByRole('button', { name: '搬出', exact: true }).press('Enter');
  await page.getByRole('dialog').getByText('开门密码立即失效').waitFor();
  await page.getByRole('button', { name: '确认搬出' }).press('Enter');
  await page.getByText('所有门口终端都已确认，不能再开门').waitFor({ timeout: doneWithinMs });
  await world.doorIsShut();
  const { opens } = await world.doorState();
  await world.type(`${unit}*${pin}#`);
  await waitUntil('the refusal', async () => {
    const { items } = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
    return items[0]?.kind === 'refused';
  });
  expect((await world.doorState()).opens).toBe(opens);
});

it('a guard is invited, chooses a password, hears a call for help and answers it', async () => {
  await goTo('/team');
  await page.getByRole('button', { name: '邀请同事' }).click();
  await page.getByLabel('姓名').fill('老郑');
  await page.getByLabel('邮箱（用来登录）').fill('guard@heya.example');
  await page.getByRole('button', { name: '生成邀请链接' }).click();
  const link = await page.locator('.secret-line').innerText();

  const phone = await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 }, isMobile: true });
  const guard = await phone.newPage();
  await guard.goto(link);
  await guard.getByLabel('设一个密码').fill('nightwatch-17');
  await guard.getByRole('button', { name: '加入' }).click();
  await guard.getByText('没有报警，一切正常').waitFor();

  await world.doorIsShut();
  await world.type('0#');
  await guard.getByText('门口有人求助').waitFor({ timeout: doneWithinMs });
  await guard.getByRole('button', { name: '我来处理' }).click();
  await guard.getByRole('button', { name: '已到现场' }).click();
  await guard.getByRole('button', { name: '确认处理' }).click();
  await guard.getByText('没有报警，一切正常').waitFor();
  const { items } = await world.manager('GET /v1/alarms', { query: { state: 'all', kind: 'help' } });
  expect(items).toMatchObject([{ ackedBy: '老郑', note: '已到现场' }]);

  const { opens } = await world.doorState();
  const open = guard.getByRole('button', { name: /^开门/ }).first();
  await open.click();
  await guard.getByRole('button', { name: /^再按一次开门/ }).click();
  await waitUntil('the lock to be released', async () => (await world.doorState()).opens > opens);
});
