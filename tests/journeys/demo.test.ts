import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../harness/browser.ts';
import type { ReadyDocument } from '../harness/demo/demo.ts';
import { freePort } from '../harness/free-port.ts';
import { waitUntil } from '../harness/wait-until.ts';

const start = fileURLToPath(new URL('../harness/demo/start.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gatecast-demo-'));
const readyFile = join(folder, 'ready.json');
let demo: ChildProcess;
let output = '';
let browser: Browser;
let page: Page;

const readyDocument = () => JSON.parse(readFileSync(readyFile, 'utf8')) as ReadyDocument;
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function startDemo(): Promise<ReadyDocument> {
  const portBase = await freePort(21_000);
  demo = spawn(
    process.execPath,
    [
      start,
      '--data',
      join(folder, 'data'),
      '--port-base',
      String(portBase),
      '--at',
      '18:30',
      '--ready-file',
      readyFile,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  demo.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  demo.stderr?.on('data', (text: Buffer) => (output += text.toString()));
  await waitUntil(
    'the ready file',
    () => {
      if (demo.exitCode !== null) throw new Error(output);
      return existsSync(readyFile);
    },
    { withinMs: 180_000 },
  );
  return readyDocument();
}

async function stopDemo(): Promise<void> {
  const gone = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGTERM');
  await gone;
}

let ready: ReadyDocument;
beforeAll(async () => {
  ready = await startDemo();
  browser = await openBrowser();
  page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 1600, height: 1000 } });
});
afterAll(async () => {
  await browser?.close();
  if (demo?.exitCode === null) await stopDemo();
  rmSync(folder, { recursive: true, force: true });
});

it('says where everything is and runs it as five programs', () => {
  expect(Object.keys(ready).toSorted()).toEqual(
    'community cloud dashboards door home logins mqtt pay pids resident screen sms terminal'.split(' ').toSorted(),
  );
  const pids = Object.values(ready.pids);
  expect(new Set(pids).size).toBe(5);
  expect(pids.every((pid) => pid !== undefined && isAlive(pid))).toBe(true);
  expect(output).toContain(ready.home);
});

it('shows door, screen, phone and trace on one page, and typing for the visitor opens the door', async () => {
  await page.goto(ready.home);
  await page.getByRole('button', { name: '替我输入' }).click();
  await waitUntil('the door to open', async () => {
    const answer = await fetch(`${ready.door}/state`);
    return ((await answer.json()) as { opens: number }).opens > 0;
  });
  const trace = page.frameLocator('#trace');
  await trace.getByText('门开了').first().waitFor({ timeout: 20_000 });
  await page.frameLocator('#screen').locator('html[data-campaign^=camp_]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: '用手机扫码' }).click();
  await page.frameLocator('#phone').getByText('现摘赣南脐橙 5 斤装').first().waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Come home' }).waitFor();
  // Moving the clock to the next morning works, the stores' bookings of that day included.
  await page.getByRole('button', { name: '07:40' }).click();
  await page.getByText('The time is now 07:40').waitFor();
});

it('a program that was killed comes back by itself, and its new pid is told', async () => {
  const { broker = 0 } = ready.pids;
  process.kill(broker, 'SIGKILL');
  await waitUntil(
    'the broker to be back',
    () => {
      const { pids } = readyDocument();
      return pids.broker !== undefined && pids.broker !== broker && isAlive(pids.broker);
    },
    { withinMs: 30_000 },
  );
});

it('keeps its data over a restart, and Ctrl-C leaves nothing running', async () => {
  const pids = Object.values(readyDocument().pids);
  await stopDemo();
  expect(pids.filter((pid) => pid !== undefined && isAlive(pid))).toEqual([]);
  rmSync(readyFile);
  const again = await startDemo();
  expect(again.terminal).toBe(ready.terminal);
  expect(again.resident).toEqual(ready.resident);
});

it('names each fault of its arguments and starts nothing', async () => {
  const wrong = spawn(process.execPath, [start, '--at', '25:00', '--terminals', '9'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  wrong.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise((resolve) => wrong.once('exit', resolve));
  expect(status).toBe(2);
  expect(text).toContain('--at takes');
  expect(text).toContain('--terminals takes');
});
