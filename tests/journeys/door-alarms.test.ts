import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * What happens at a door when nobody opens it rightly: a housing that is opened, a supply that fails, a leaf that stands open, a fire during a
 * lockdown, and a stranger's board on the wire. Each stands on the property's page within five seconds.
 */

const shownWithinMs = 5_000;
/** A device is offline after 8 s of silence (OSDP 5.7); a fresh program needs some time too. */
const silentMs = 15_000;
/** From the last key to the lock, in every fault that leaves the wire alive. */
const opensWithinMs = 2_000;

let world: World;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  const { link } = await world.manager('POST /v1/session-links', {});
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${world.neighbourhood.cloudUrl}/property/terminals/${world.terminalId}?lang=zh&enter=${link}`);
  await page.getByText('门关着').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const params = () => ({ id: world.terminalId });
const banner = () => page.getByRole('alert');
const shows = (text: string) => banner().getByText(text).waitFor({ timeout: shownWithinMs });
const shown = (text: string) => page.getByLabel('门的状态').getByText(text).waitFor({ timeout: shownWithinMs });
const isQuiet = () => banner().locator('section').waitFor({ state: 'detached', timeout: shownWithinMs });

it.each([
  ['an opened housing', 'tamper', { active: true }, { active: false }, '设备被拆'],
  ['a failing supply', 'power', { failed: true }, { failed: false }, '电源异常'],
])('%s is raised within five seconds, and is over when it is', async (_name, path, begins, ends, text) => {
  await world.atDoor(path, begins);
  await shows(text);
  await world.atDoor(path, ends);
  await isQuiet();
});

it('a door that stands open for longer than it may is raised, and shutting it ends that', async () => {
  await world.manager('PATCH /v1/terminals/:id/config', { params: params(), body: { heldOpenMs: 5_000 } });
  await waitUntil('the new time to be in force', async () => {
    const { documents } = await world.manager('GET /v1/terminals/:id', { params: params() });
    return documents.config.state === 'applied';
  });
  await world.open();
  await world.atDoor('contact', { open: true });
  const openedAt = performance.now();
  await banner()
    .getByText('长时间未关')
    .waitFor({ timeout: 5_000 + shownWithinMs });
  expect(performance.now() - openedAt).toBeGreaterThan(4_000);
  await shown('门开太久没关');
  await world.atDoor('contact', { open: false });
  await isQuiet();
});

it('a lockdown keeps nobody in, and a fire opens it; afterwards it holds again', async () => {
  await world.manager('PUT /v1/terminals/:id/mode', { params: params(), body: { mode: 'lockdown' } });
  await shown('封锁中');
  await world.doorIsShut();
  await world.atDoor('exit');
  await waitUntil('the exit button to open', async () => (await world.doorState()).lock === 'released');
  await world.doorIsShut();

  await world.atDoor('fire', { active: true });
  await shown('消防放行');
  expect((await world.doorState()).lock).toBe('released');
  // Software cannot override it: not by the same order again, and not by the end of the lockdown.
  await world.manager('PUT /v1/terminals/:id/mode', { params: params(), body: { mode: 'lockdown', minutes: 60 } });
  await waitUntil('the order to be in force', async () => {
    const { documents } = await world.manager('GET /v1/terminals/:id', { params: params() });
    return documents.config.state === 'applied';
  });
  expect((await world.doorState()).lock).toBe('released');
  await world.atDoor('fire', { active: false });
  await world.doorIsShut();

  const { opens } = await world.doorState();
  await world.type(world.keys);
  await waitUntil('the refusal to be in the log', async () => {
    const { items } = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
    return items[0]?.reason === 'lockdown';
  });
  expect((await world.doorState()).opens).toBe(opens);
  await world.manager('PUT /v1/terminals/:id/mode', { params: params(), body: { mode: 'normal' } });
  await waitUntil('normal mode', async () => {
    const { doors } = await world.manager('GET /v1/terminals/:id', { params: params() });
    return doors[0]?.mode === 'normal';
  });
});

it('a stranger’s board in place of ours opens nothing and is raised; when ours is back, so is the door', async () => {
  const keyFile = join(world.doorFolder, 'keys.json');
  const { door } = world.doorway;
  await door.stop();
  renameSync(keyFile, `${keyFile}.away`);
  await door.start();
  // The banner tells the newest of several; all of them stand beside the door.
  const beside = page.getByLabel('门的状态').getByText('读卡器无法验证');
  await beside.waitFor({ timeout: silentMs + shownWithinMs });
  await world.type(world.keys);
  const until = performance.now() + opensWithinMs;
  await waitUntil('the time to pass in which a code opens', () => performance.now() >= until);
  expect(await world.doorState()).toMatchObject({ opens: 0, lock: 'secured' });
  const { items } = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
  expect(items.find(({ kind }) => kind === 'reader')?.reason).toBe('insecure');
  expect(items[0]?.kind).not.toBe('opened');

  await door.stop();
  renameSync(`${keyFile}.away`, keyFile);
  await door.start();
  await banner()
    .locator('section')
    .waitFor({ state: 'detached', timeout: silentMs + shownWithinMs });
  await world.open();
});

// They stand for a while by themselves, so they come last.
it('five wrong codes are raised within five seconds, and so is hardware that is gone, once that is known', async () => {
  for (let guess = 0; guess < 5; guess += 1) await world.type(`4815160${guess}#`);
  await shows('多次输错');
  await world.doorway.door.stop();
  const beside = page.getByLabel('门的状态').getByText('门锁断开');
  await beside.waitFor({ timeout: silentMs + shownWithinMs });
  const { items } = await world.manager('GET /v1/access-events', { query: { terminalId: world.terminalId } });
  expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['wrong-codes', 'door-offline']));
});
