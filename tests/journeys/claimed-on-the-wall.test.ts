import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { readQrSvg } from '../harness/demo/screen-link.ts';
import type { Doorway } from '../harness/neighbourhood.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * A terminal comes out of its box and onto a wall. Nobody types anything on it: its screen shows a code, the property manager scans it with a phone,
 * compares twenty digits and says where it hangs. Real programs, a real browser on both ends; the agent is killed wherever it hurts.
 */

let world: World;
let browser: Browser;
let screen: Page;
let doorway: Doorway;

const patient = { withinMs: 60_000 };
/** What was in force while the power failed again and again has to prove itself for a minute before anything newer is taken. */
const provenPatience = { withinMs: 150_000 };
const folderOf = (name: string): string => join(dirname(world.doorFolder), name);
const show = (id: string) => world.manager('GET /v1/terminals/:id', { params: { id } });

beforeAll(async () => {
  world = await World.open({ house: false });
  browser = await openBrowser();
  doorway = await world.neighbourhood.addDoorway(undefined, '北门');
  screen = await watch(doorway);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** The screen of a door, as it hangs on the wall. */
async function watch(hung: Doorway): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 720, height: 1_280 } });
  await page.goto(hung.screenUrl());
  return page;
}

const state = (page: Page): Promise<string | null> => page.locator('.enrolment').getAttribute('data-state');
const shows = (page: Page, wanted: string) =>
  waitUntil(`the screen to say ${wanted}`, async () => (await state(page)) === wanted, patient);

/** The power is cut, and comes back. */
async function cut({ agent }: Doorway): Promise<void> {
  await agent.kill();
  await agent.start();
  await screen.goto(doorway.screenUrl());
}

/** The manager's phone follows the QR code that hangs there. */
async function scan(page: Page): Promise<Page> {
  const source = (await page.locator('.enrolment-qr').getAttribute('src')) ?? '';
  const url = new URL(readQrSvg(decodeURIComponent(source.slice(source.indexOf(',') + 1))) ?? '');
  const code = (await page.locator('.enrolment-code').innerText()).replace(' ', '');
  expect(url.searchParams.get('code')).toBe(code);
  const { link } = await world.manager('POST /v1/session-links', {});
  url.searchParams.set('enter', link);
  const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
  await phone.goto(url.href);
  return phone;
}

const digitsOn = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).innerText()).replace(/\s+/g, '');

it('is claimed from a phone: code, digits, entrance; and the power may fail at any step', async () => {
  await shows(screen, 'waiting');
  await cut(doorway);
  await shows(screen, 'waiting');

  const phone = await scan(screen);
  await phone.locator('.offer-digits').waitFor();
  await shows(screen, 'compare');
  expect(await digitsOn(screen, '.enrolment-code')).toBe(await digitsOn(phone, '.offer-digits'));
  expect(await digitsOn(screen, '.enrolment-code')).toMatch(/^\d{20}$/);
  await cut(doorway);
  await shows(screen, 'compare');

  await phone.getByLabel('装在哪个出入口').click();
  await phone.getByText('新建出入口').last().click();
  await phone.getByLabel('新出入口的名称').fill('北门');
  await phone.getByLabel('终端名称').fill('GC-2002');
  await phone.getByRole('button', { name: '一致，安装' }).click();
  await phone.locator('.add-terminal-done').waitFor();
  await cut(doorway);

  await waitUntil(
    'the terminal to be in service with its list',
    async () => {
      const { items } = await world.manager('GET /v1/terminals', {});
      const found = items.find(({ name }) => name === 'GC-2002');
      return found?.online && found.entranceName === '北门' && found.documents.access.state === 'applied';
    },
    patient,
  );
  await waitUntil('the screen to be an ordinary one', async () => screen.locator('.enrolment').isHidden(), patient);
  await phone.getByText('终端已上线').waitFor();
  await phone.close();
});

it('another machine takes its place, and the old one says so on its screen', async () => {
  const { items } = await world.manager('GET /v1/terminals', {});
  const before = items.find(({ name }) => name === 'GC-2002');
  if (!before) throw new Error('it was claimed');
  const spare = await world.neighbourhood.addDoorway(undefined, '备机');
  const spareScreen = await watch(spare);
  await shows(spareScreen, 'waiting');
  const phone = await scan(spareScreen);
  await phone.locator('.offer-digits').waitFor();
  await phone.getByLabel('装在哪个出入口').click();
  await phone.getByText('北门（已有终端：GC-2002）').last().click();
  const install = phone.getByRole('button', { name: '一致，安装' });
  await shows(spareScreen, 'compare');
  await phone.getByRole('checkbox').check();
  await install.click();
  await phone.locator('.add-terminal-done').waitFor();
  await phone.close();

  await shows(screen, 'out');
  expect(await screen.locator('.enrolment-title').innerText()).toBe('这台终端已被替换');
  await waitUntil(
    'the spare machine to serve the door',
    async () => {
      const { online, documents, status } = await show(before.id);
      return online && status === 'active' && documents.access.state === 'applied';
    },
    patient,
  );
  await waitUntil('its screen to be ordinary', async () => spareScreen.locator('.enrolment').isHidden(), patient);
  await spareScreen.close();
});

it('a copy of its folder on a second machine stops both, and the property hears of it and decides', async () => {
  const { items } = await world.manager('GET /v1/terminals', {});
  const terminal = items.find(({ name }) => name === 'GC-2002');
  if (!terminal) throw new Error('it was claimed');
  const index = world.neighbourhood.doorways.length;
  const spare = world.neighbourhood.doorways[index - 1];
  if (!spare) throw new Error('there is a spare machine');
  // The thief takes the disk of a machine that is switched off; the machine goes on afterwards.
  await spare.agent.stop();
  const copy = folderOf(`agent-${index + 1}`);
  mkdirSync(copy, { recursive: true, mode: 0o700 });
  cpSync(folderOf(`agent-${index}`), copy, { recursive: true });
  await spare.agent.start();
  await waitUntil('the machine to be back', async () => (await show(terminal.id)).online, patient);
  const twin = await world.neighbourhood.addDoorway(undefined, '副本');
  await waitUntil('the alarm', async () => (await show(terminal.id)).cloned !== null, patient);
  const { cloned } = await show(terminal.id);
  expect(cloned?.known.address).toBe('127.0.0.1');
  const twinScreen = await watch(twin);
  await shows(twinScreen, 'out');
  await waitUntil('the genuine one to be cut off too', async () => !(await show(terminal.id)).online, patient);
  await twin.agent.stop();
  await world.manager('POST /v1/terminals/:id/one-machine', { params: { id: terminal.id } });
  expect((await show(terminal.id)).cloned).toBeNull();
  await twinScreen.close();
});

it('has new keys when the property asks for them, whenever the power fails meanwhile', async () => {
  const { items } = await world.manager('GET /v1/terminals', {});
  const terminal = items.find(({ name }) => name === 'GC-2002');
  const spare = world.neighbourhood.doorways.at(-2);
  if (!terminal || !spare) throw new Error('it was claimed');
  const keysOf = () => JSON.parse(readFileSync(join(folderOf(spare.agent.name), 'keys.json'), 'utf8'));
  const before = keysOf().identity.publicKey;
  const params = { id: terminal.id };
  const { keysSince } = await world.manager('POST /v1/terminals/:id/key-rotation', { params });
  const again = async () => {
    await spare.agent.kill();
    await spare.agent.start();
  };
  const isMade = () => keysOf().next !== undefined || keysOf().identity.publicKey !== before;
  const isTold = async () => (await show(terminal.id)).keysAskedAt === null;
  // It hears of it when it signs in.
  await again();
  await waitUntil('the next keys to be on the disk', isMade, { ...patient, everyMs: 2 });
  await again();
  await waitUntil('the cloud to have them', isTold, patient);
  await again();
  await waitUntil('the terminal to have settled them', () => keysOf().next === undefined, patient);
  expect(keysOf().identity.publicKey).not.toBe(before);
  await waitUntil(
    'everything to be sealed to them and in force',
    async () => {
      const { online, documents, keysSince: since } = await show(terminal.id);
      const isApplied = documents.config.state === 'applied' && documents.access.state === 'applied';
      return online && isApplied && since !== keysSince;
    },
    provenPatience,
  );
});
