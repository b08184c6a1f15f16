import { instant, localTime } from '@gatecast/firmware-protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/** What is done at the desk is so at the door, and said so on the page, before anybody would give up. */
const doneWithinMs = 45_000;
/** Facility 120, number 45678, as a reader sends them. */
const cardBits = '10111100010110010011011101';

let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  page = await browser.newPage({
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  // A font that arrives late moves what is being clicked.
  await page.route(/\.woff2$/, (route) => route.abort());
  const { link } = await world.manager('POST /v1/session-links', {});
  await page.goto(`${world.neighbourhood.cloudUrl}/property/?lang=zh&enter=${link}`);
  await page.getByRole('heading', { name: '门口终端' }).first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const goTo = (path: string) => page.goto(`${world.neighbourhood.cloudUrl}/property${path}`);
/** Waits until the dialog has opened: while it grows, what is clicked is not where it was any more. */
const dialogIsOpen = () =>
  page.locator('.ant-modal:not(.ant-zoom-enter, .ant-zoom-appear)').filter({ visible: true }).waitFor();
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
  await page.getByLabel('邮箱（用来登录）').fill('nights@heya.example');
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

it('an emergency that is written at the desk takes the screen at the door, until it is taken down', async () => {
  const screen = await browser.newPage({ locale: 'zh-CN', viewport: { width: 720, height: 1280 } });
  await screen.goto(world.doorway.screenUrl());
  await goTo('/notices');
  await page.getByRole('button', { name: '发通知' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('紧急通知').first().click();
  await dialog.getByLabel('标题').fill('二号楼火警');
  await dialog.getByLabel('内容').fill('请走南门');
  await dialog.getByRole('button', { name: '发紧急通知' }).click();
  await screen.getByText('请走南门').waitFor({ timeout: doneWithinMs });
  await page.getByText('1/1 块屏幕已显示').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: '撤下' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '撤下' }).click();
  await screen.getByText('请走南门').waitFor({ state: 'hidden', timeout: doneWithinMs });
  await screen.close();
});

it('an installation is tried part by part, lights up as it is seen, and is signed', async () => {
  await goTo(`/terminals/${world.terminalId}`);
  await page.getByRole('link', { name: '安装验收' }).click();
  await page.getByRole('button', { name: '开始验收' }).click();
  await page.getByText('0/8 项完成').waitFor();
  await world.doorIsShut();
  await world.type('9999*123456#');
  await world.atDoor('exit');
  const reader = page.locator('.commissioning-item').first();
  await reader.getByText('系统已看到').waitFor({ timeout: doneWithinMs });
  const sign = page.getByRole('button', { name: '签字完成验收' });
  expect(await sign.isDisabled()).toBe(true);
  const items = page.locator('.commissioning-item');
  for (const item of await items.all()) {
    await item.getByRole('button', { name: '没问题' }).click();
    await item.getByText('已确认').waitFor();
  }
  await page.getByLabel('签字人姓名').fill('周管家');
  await sign.click();
  await page.getByText(/周管家 于 .* 签字/).waitFor();
});

it('settings of one door become a template, and what it would change is seen before it does', async () => {
  const params = { id: world.terminalId };
  await goTo('/templates');
  await page.getByRole('button', { name: '从一扇门存模板' }).click();
  await dialogIsOpen();
  await page.getByRole('dialog').getByRole('combobox').click();
  await page.locator('.ant-select-item-option', { hasText: '南门' }).click();
  await page.getByLabel('模板名称').fill('单元门标准');
  await page.getByRole('button', { name: '存成模板' }).click();
  await page.getByRole('heading', { name: '单元门标准' }).waitFor();
  await world.manager('PATCH /v1/terminals/:id/config', { params, body: { openMs: 9_000 } });
  await page.getByRole('button', { name: '套用到其他门' }).click();
  await page.getByLabel('全选').click();
  await page.getByRole('button', { name: '看 1 扇门会改什么' }).click();
  await page.locator('del', { hasText: '9 秒' }).waitFor();
  await page.getByRole('button', { name: '套用到 1 扇门' }).click();
  await page.getByText('已下发').waitFor();
  const { settings } = await world.manager('GET /v1/terminals/:id', { params });
  expect(settings.openMs).toBeLessThan(9_000);
});

it('a cleaner gets a code for the hours that were drawn up, and at no other hour does it open', async () => {
  const now = localTime(instant(world.neighbourhood.clock.now()), 'Asia/Shanghai');
  const tomorrow = (now.weekday % 7) + 1;
  const schedule = await world.manager('POST /v1/communities/:id/access-schedules', {
    params: { id: world.founded.community },
    body: {
      name: '明天白天',
      windows: [{ days: [tomorrow], fromMinute: 480, toMinute: 1_080, entranceIds: null }],
    },
  });
  await goTo('/passes');
  await page.getByRole('button', { name: '发访客码' }).first().click();
  await dialogIsOpen();
  const dialog = page.getByRole('dialog');
  const staff = dialog.getByRole('radio', { name: '员工' });
  await waitUntil('the kind of pass to be chosen', async () => {
    await staff.click(); // a dialog that is still opening may not hear the first one
    return staff.isChecked();
  });
  await dialog.getByLabel('给谁用').fill('保洁 早班');
  await dialog.getByLabel('什么时段能进').click();
  await page.locator('.ant-select-item-option', { hasText: '明天白天' }).click();
  await dialog.getByRole('button', { name: '生成' }).click();
  await dialog.getByText('已送达，可以使用').waitFor();
  const code = ((await dialog.locator('.pass-code').innerText()).match(/\d/g) ?? []).join('');
  expect(code).toMatch(/^\d{8}$/);

  await world.doorIsShut();
  const { opens } = await world.doorState();
  await world.type(`${code}#`);
  const outside = await waitUntil('the refusal', async () => {
    const { items } = await world.manager('GET /v1/access-events', { query: { search: '保洁 早班' } });
    return items[0];
  });
  expect(outside).toMatchObject({ kind: 'refused', reason: 'outside-schedule', via: 'code' });
  expect((await world.doorState()).opens).toBe(opens);
  const listed = await world.manager('GET /v1/passes', {
    query: { communityId: world.founded.community, person: 'staff' },
  });
  expect(listed.items).toMatchObject([{ label: '保洁 早班', scheduleId: schedule.id, to: null }]);
});

it('the log is searched by name and exported as a table', async () => {
  await world.open();
  const { items } = await world.manager('GET /v1/communities/:id/residents', {
    params: { id: world.founded.community },
    query: { search: residentOf(0).unit },
  });
  const name = items[0]?.name ?? '';
  await goTo('/access-log');
  await page.getByLabel('搜姓名、房号或访客').fill(name);
  await page.waitForURL(/search=/);
  await page.locator('.access-row').first().waitFor();
  for (const row of await page.locator('.access-who').allInnerTexts()) expect(row).toContain(name);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出表格' }).click();
  const stream = await (await download).createReadStream();
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  expect(text).toContain(name);
  expect(text).not.toContain(residentOf(0).pin);
});
