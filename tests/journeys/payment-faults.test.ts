import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@gatecast/firmware-protocol';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { Payments } from '../harness/sandbox/payments.ts';
import { sound } from '../harness/sandbox/provider-state.ts';
import { createSandbox, type Sandbox } from '../harness/sandbox/sandbox.ts';
import { openStore } from '../harness/sandbox/store.ts';
import { expectUsable } from '../harness/usable.ts';

let browser: Browser;
let dataDir: string;
let sandbox: Sandbox;
let url: string;

beforeAll(async () => {
  browser = await openBrowser();
  dataDir = await mkdtemp(join(tmpdir(), 'gatecast-faults-'));
  const store = openStore(dataDir);
  const payments = new Payments(store, systemClock, { ...sound });
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  store
    .prepare('insert into merchants values (?, ?, ?, ?, ?)')
    .run('m1', 'S1', publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'k'.repeat(32), '邻里鲜果');
  for (const [n, description] of ['赣南脐橙 5 斤装', '丹东草莓 2 斤'].entries())
    payments.prepare({
      mchid: 'm1',
      sp_mchid: null,
      appid: null,
      trade_type: null,
      out_trade_no: `pay_00000000000000000${n}`,
      description,
      amount: { total: 1_990 },
      notify_url: 'http://127.0.0.1:9/notify',
    });
  store.close();
  sandbox = createSandbox({ port: 0, dataDir, smsToken: 'token-for-sms', clock: systemClock, onFault: console.error });
  url = `http://127.0.0.1:${await sandbox.start()}`;
});
afterAll(async () => {
  await browser.close();
  await sandbox.stop();
  await rm(dataDir, { recursive: true });
});

const statesNow = async () => (await fetch(`${url}/sandbox/faults`)).json();

test.each(['zh', 'en'])('the page of faults can be used on a phone and at a desk (%s)', async (language) => {
  const page = await browser.newPage();
  for (const [name, path] of [
    ['payment-faults', 'faults'],
    ['payments', ''],
  ] as const) {
    await page.goto(`${url}/${path}?lang=${language}`);
    await expectUsable(page, `${name}-${language}`);
  }
  await page.close();
});

test('somebody sets a fault with the keyboard alone, plants one, and puts all right', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(`${url}/faults?lang=en`);
  await page.getByLabel('Callbacks').focus();
  await page.keyboard.type('none');
  for (let n = 0; n < 7; n += 1) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save');
  await page.keyboard.press('Enter');
  await page.getByText('Going wrong now').waitFor();
  expect(await statesNow()).toMatchObject({ callbacks: 'never' });
  await page.getByLabel('What happens: 丹东草莓 2 斤').selectOption('wrong-amount');
  await page.getByLabel('Do it: 丹东草莓 2 斤').press('Enter');
  await page.getByText('¥19.91 · Paid').waitFor();
  await page.getByRole('button', { name: 'Put all right' }).press('Enter');
  await page.getByText('All is well').waitFor();
  expect(await statesNow()).toEqual(sound);
  await page.close();
});
