import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { merchantLogin, signedIn, type Login } from '../harness/founding.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const phone = { locale: 'zh-CN', viewport: { width: 390, height: 844 }, isMobile: true } as const;
const newPassword = 'violin-kestrel-9';

async function asked(app: 'operator' | 'property' | 'merchant', login: Login): Promise<Page> {
  const client = await signedIn(world.neighbourhood.cloudUrl, login);
  const { link } = await client('POST /v1/session-links', {});
  const page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
  await page.goto(`${world.neighbourhood.cloudUrl}/${app}/?lang=zh&enter=${link}`);
  await page.getByRole('navigation').first().waitFor();
  return page;
}

async function joined(link: string): Promise<Page> {
  const page = await (await browser.newContext(phone)).newPage();
  await page.goto(link);
  await page.getByLabel('设一个密码').fill(newPassword);
  await page.getByRole('button', { name: '加入' }).click();
  return page;
}

it('a store’s owner invites somebody for the counter, who takes codes and sees orders and nothing else', async () => {
  const owner = await asked('merchant', merchantLogin(world.founded.merchants, 'noodles'));
  await owner.getByRole('link', { name: '账号' }).click();
  await owner.getByRole('button', { name: '邀请店员' }).click();
  await owner.getByLabel('姓名').fill('小白');
  await owner.getByLabel('邮箱（用来登录）').fill('counter@store.example');
  await owner.getByRole('button', { name: '生成邀请链接' }).click();
  const staff = await joined(await owner.locator('.staff-link').innerText());
  await staff.getByText('输入', { exact: false }).first().waitFor();
  const tabs = staff.getByRole('navigation').getByRole('link');
  expect(await tabs.allInnerTexts()).toEqual(['核销', '订单']);
  await tabs.last().click();
  await staff.getByText('还没有订单').waitFor();

  await owner.getByRole('button', { name: '好了' }).click();
  await owner.getByRole('button', { name: '停用' }).click();
  await owner.getByText('已停用').waitFor();
  await staff.reload();
  await staff.getByLabel('密码').waitFor();
});

it('a property invites who leads the group-buys of a community, and they see its deals', async () => {
  const desk = await asked('property', world.founded.property);
  await desk.getByRole('link', { name: '同事与权限' }).click();
  await desk.getByRole('button', { name: '邀请同事' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByText('团长').click();
  await dialog.getByLabel('姓名').fill('马姐');
  await dialog.getByLabel('邮箱（用来登录）').fill('leader@heya.example');
  await dialog.getByLabel('小区').click();
  await desk.locator('.ant-select-item-option').first().click();
  await dialog.getByRole('button', { name: '生成邀请链接' }).click();
  const leader = await joined(await desk.locator('.secret-line').innerText());
  await leader.getByText('你是「', { exact: false }).waitFor();
  await leader.getByRole('link', { name: '打开，转发给邻居' }).first().waitFor();
});

it('the operator makes a supplier and invites its people', async () => {
  const operator = await asked('operator', world.neighbourhood.operatorLogin);
  await operator.goto(`${world.neighbourhood.cloudUrl}/operator/parties?kind=suppliers`);
  await operator.getByRole('button', { name: '新增供应商' }).click();
  await operator.getByLabel('供应商名称').fill('青山粮油');
  await operator.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await operator.getByText('青山粮油').first().waitFor();
  await operator.getByRole('link', { name: '同事与权限' }).click();
  await operator.getByRole('button', { name: '邀请同事' }).click();
  const dialog = operator.getByRole('dialog');
  await dialog.getByText('供应商', { exact: true }).click();
  await dialog.getByLabel('姓名').fill('陈掌柜');
  await dialog.getByLabel('邮箱（用来登录）').fill('grain@supplier.example');
  await dialog.getByLabel('供应商').last().click();
  await operator.locator('.ant-select-item-option').first().click();
  await dialog.getByRole('button', { name: '生成邀请链接' }).click();
  const supplier = await joined(await operator.locator('.secret-line').innerText());
  await supplier.getByText('你代表供应商「青山粮油」').waitFor();
});

it('a manager makes an entrance and a terminal for it, and is shown its claim code once, and another when it got lost', async () => {
  const desk = await asked('property', world.founded.property);
  await desk.getByRole('link', { name: '小区与出入口' }).click();
  await desk.getByRole('button', { name: '新增出入口' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByLabel('名称').fill('地下车库');
  await dialog.getByLabel('在哪里').click();
  await desk.locator('.ant-select-item-option').first().click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await desk.locator('.entrance-rows').getByText('地下车库').waitFor();

  await desk.getByRole('link', { name: '门口终端' }).click();
  await desk.getByRole('button', { name: '装一台新终端' }).click();
  await desk.getByRole('button', { name: '新增终端' }).click();
  await dialog.getByLabel('出入口').click();
  await desk.locator('.ant-select-item-option', { hasText: '地下车库' }).click();
  await dialog.getByLabel('终端名称').fill('GC-2001');
  await dialog.getByRole('button', { name: '创建' }).click();
  const claimCode = await dialog.locator('.claim-code').innerText();
  expect(claimCode.replaceAll(' ', '')).toMatch(/^\w{8,}$/);
  await dialog.getByRole('button', { name: '完成' }).click();

  await desk.getByRole('link', { name: '门口终端' }).click();
  await desk.locator('.terminal-card', { hasText: 'GC-2001' }).getByRole('button', { name: '查看与设置' }).click();
  await desk.getByRole('button', { name: '新的激活码' }).click();
  await dialog.getByRole('button', { name: '新的激活码' }).click();
  await dialog.locator('.claim-code').waitFor();
  expect(await dialog.locator('.claim-code').innerText()).not.toBe(claimCode);
});

it('rolling the pass keys says what it voids, and then a code that worked opens nothing', async () => {
  const hour = 3_600_000;
  const from = Math.floor(world.neighbourhood.clock.now() / hour) * hour;
  const { code } = await world.manager('POST /v1/passes', {
    body: {
      communityId: world.founded.community,
      person: 'visitor',
      label: '远客',
      entranceIds: null,
      from,
      to: from + 4 * hour,
      uses: null,
    },
  });
  expect(code).toMatch(/^\d{9,10}$/);
  const opens = async (): Promise<boolean> => {
    await world.doorIsShut();
    const before = (await world.doorState()).opens;
    const { items } = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
    await world.type(`${code}#`);
    await waitUntil('the answer of the door', async () => {
      const later = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
      return later.items[0]?.seq !== items[0]?.seq;
    });
    return (await world.doorState()).opens > before;
  };
  await waitUntil('the code to open', opens);

  const desk = await asked('property', world.founded.property);
  await desk.getByRole('link', { name: '小区与出入口' }).click();
  await desk.getByRole('button', { name: '更换通行密钥' }).click();
  await desk.getByText('之前发出的二维码通行证全部作废', { exact: false }).waitFor();
  await desk.getByRole('button', { name: '作废并更换' }).click();
  await desk.getByText('现在是第', { exact: false }).waitFor();
  await waitUntil('the code to open nothing', async () => !(await opens()));
});
