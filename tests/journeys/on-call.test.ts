import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, minutes } from '@gatecast/firmware-protocol';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * An evening on call: the broker goes away, the console and a webhook say so, somebody takes it, and it ends by itself when the broker is back. And
 * somebody asks why a door stayed shut.
 */

let world: World;
let browser: Browser;
let page: Page;
let receiver: Server;
const received: { readonly signature: string; readonly body: string }[] = [];

beforeAll(async () => {
  receiver = createServer((request, answer) => {
    void text(request).then((body) => {
      received.push({ signature: String(request.headers['gatecast-signature']), body });
      answer.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  world = await World.open({ house: false, env: { GATECAST_WEBHOOK_PRIVATE: '1' } });
  browser = await openBrowser();
  const { link } = await world.operator('POST /v1/session-links', {});
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'zh-CN', bypassCSP: true });
  await page.goto(`${world.neighbourhood.cloudUrl}/operator/alarms/channels?lang=zh&enter=${link}`);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  receiver?.close();
});

const goTo = (path: string) => page.goto(`${world.neighbourhood.cloudUrl}/operator/${path}`);
const minutesLater = (n: number) => {
  const { clock } = world.neighbourhood;
  clock.moveTo(after(clock.now(), minutes(n)));
};
const alarms = async (state: 'open' | 'ended') =>
  (await world.operator('GET /v1/fleet/alarms', { query: { state } })).items;
/** As in `pages.test.ts`, with an alarm to be seen. */
async function seriousFaults(): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run()).violations;
  });
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

let secret = '';

it('a webhook is set up with its secret shown once, and a test arrives', async () => {
  await page.getByText('还没有通知方式').waitFor();
  await page.getByRole('button', { name: '新增通知方式' }).click();
  await page.getByLabel('名称').fill('值班群');
  await page.getByLabel('接口地址').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
  await page.getByRole('button', { name: '创建' }).click();
  secret = await page.locator('.channel-secret').innerText();
  await page.getByRole('button', { name: '完成' }).click();
  await page.getByRole('button', { name: '发一条测试' }).click();
  await page.getByText(/送达/).waitFor();
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ test: true, alarms: [] });
});

it('a broker that goes away is one alarm, on the page and signed at the webhook, with what to do', async () => {
  await world.neighbourhood.broker.stop();
  await goTo('alarms');
  await waitUntil(
    'the alarm',
    async () => {
      minutesLater(1);
      return (await alarms('open')).length > 0;
    },
    { withinMs: 30_000 },
  );
  await page.getByText('消息服务器断开').waitFor();
  expect(await page.locator('.alarm-item').count()).toBe(1);
  expect(await seriousFaults()).toEqual([]);
  await waitUntil('the message', async () => received.length > 1);
  const { signature, body } = received[1] ?? { signature: '', body: '' };
  const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(signature) ?? [];
  expect(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')).toBe(v1);
  const [alarm] = JSON.parse(body).alarms;
  expect(alarm).toMatchObject({ kind: 'broker-down', severity: 'critical', state: 'raised' });
  await page.getByRole('link', { name: '怎么处理' }).click();
  await page.locator('#broker-down').waitFor();
  expect(alarm.runbook).toBe(`${world.neighbourhood.cloudUrl}/operator/runbook#broker-down`);
});

it('somebody takes it, and it ends by itself when the broker is back', async () => {
  await goTo('alarms');
  await page.getByRole('button', { name: '我来处理' }).click();
  await page.getByLabel('备注').fill('正在重启');
  await page.getByRole('dialog').getByRole('button', { name: '我来处理' }).click();
  await page.getByText(/已接手.*正在重启/).waitFor();
  await world.neighbourhood.broker.start();
  // The minutes that pass here may be too many for other watches: theirs have to end too.
  await waitUntil(
    'the end',
    async () => {
      minutesLater(1);
      const [open, ended] = await Promise.all([alarms('open'), alarms('ended')]);
      return open.length === 0 && ended.length > 0;
    },
    { withinMs: 60_000 },
  );
  await page.getByText('一切正常，没有报警').waitFor();
  await waitUntil('word of the end', async () => received.some(({ body }) => body.includes('"ended"')));
});

it('one search tells why a door stayed shut: the rule, the list and the clock', async () => {
  const [resident] = world.founded.residents;
  await world.type(`${resident?.unit}*000001#`);
  const terminal = await world.operator('GET /v1/terminals/:id', { params: { id: world.terminalId } });
  await waitUntil('the refusal to be told', async () => {
    const { items } = await world.manager('GET /v1/access-events', { query: { kind: 'refused' } });
    return items.length > 0;
  });
  await goTo('search');
  const box = page.getByRole('searchbox', { name: '查一查' });
  await box.fill(terminal.name);
  await box.press('Enter');
  await page.locator('.search-subject').first().click();
  await page.getByText('没有开门').waitFor();
  await page.getByText('房号对，密码不对').waitFor();
  await page.getByText(/依据通行名单第 \d+ 版/).waitFor();
});
