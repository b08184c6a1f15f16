import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '@gatecast/cloud-api/client';
import { openBrowser } from '../harness/browser.ts';
import { findFfmpeg } from '@gatecast/cloud-api/find-ffmpeg';
import { merchantLogin, signedIn, type Login } from '../harness/founding.ts';
import { Merchant } from '../harness/people/merchant.ts';
import { Operator } from '../harness/people/operator.ts';
import { PropertyManager } from '../harness/people/property-manager.ts';
import { Resident } from '../harness/people/resident.ts';
import { ScreenWatcher } from '../harness/people/screen-watcher.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * One touch, all the way: a resident types a code at the gate, the door opens, the right clip plays, the merchant sees the verified
 * exposure, two neighbours join the group-buy from the QR code and pick up at the store. The tests are its chapters, in order.
 */

let world: World;
let browser: Browser;
let folder: string;
let manager: PropertyManager;
let merchant: Merchant;
let merchantApi: Client;
let screen: ScreenWatcher;
let campaignId: string;
let clipHash: string;
/** Who joined the group second, and the code that opens the counter for them. */
let late: { readonly person: Resident; readonly code: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-journey-'));
  world = await World.open({ at: '10:10' });
  browser = await openBrowser();
  screen = await ScreenWatcher.at(browser, world.doorway.screenUrl());
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const store = (): Login => merchantLogin(world.founded.merchants, 'fruit');

/** A phone's video as merchants have them: wide, thirty frames a second, another profile. */
async function phoneVideo(): Promise<string> {
  const file = join(folder, 'phone.mp4');
  const { path } = await findFfmpeg(process.env);
  if (path === null) throw new Error('the tests need an ffmpeg');
  const made = spawnSync(
    path,
    [
      ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30:duration=5'],
      ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=5'],
      ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-strict', '-2', '-y', file],
    ].flat(),
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  return file;
}

const documents = async () =>
  (await world.manager('GET /v1/terminals/:id', { params: { id: world.terminalId } })).documents;
const planVersion = async () => (await documents()).plan;

it('the property manager changes opening time and quiet hours, and the next opening obeys', async () => {
  manager = await PropertyManager.signIn(browser, world.neighbourhood.cloudUrl, world.founded.property);
  await manager.seesTerminalOnline();
  await manager.changeSettings(world.terminalId, { seconds: 3, quiet: ['22:00', '07:00'] });
  await world.open();
  await world.doorIsShut();
  // OSDP times a pulse in steps of 100 ms.
  expect(Math.round(((await world.doorState()).lastPulseMs ?? 0) / 100)).toBe(30);
});

it('a visitor’s code of two hours opens too, a wrong one opens nothing, and the log tells who, which door, how and when', async () => {
  const code = await manager.issueVisitorCode('张师傅 搬家');
  await world.open(`${code}#`);
  await world.doorIsShut();
  const { opens } = await world.doorState();
  await world.type('1203*111999#');
  const rows = await waitUntil(
    'the refusal to be in the log',
    async () => {
      const log = await manager.readAccessLog();
      return log[0]?.includes('拒绝') ? log : undefined;
    },
    { withinMs: 5_000 },
  );
  expect((await world.doorState()).opens).toBe(opens);
  expect(rows[0]).toContain('密码不对');
  expect(rows[1]).toMatch(/开门[\s\S]*张师傅 搬家[\s\S]*南门[\s\S]*访客码/);
  expect(rows[2]).toMatch(/开门[\s\S]*沈一诺[\s\S]*1203[\s\S]*南门[\s\S]*房号\+密码/);
});

it('the merchant’s video is transcoded, approved, booked for a half-hour and paid, and the plan reaches the terminal by itself', async () => {
  const before = await planVersion();
  merchant = await Merchant.signIn(browser, world.neighbourhood.cloudUrl, store());
  await merchant.upload(await phoneVideo(), '今日脐橙');
  const { items: waiting } = await world.operator('GET /v1/clips', { query: { status: 'in-review' } });
  const [clip] = waiting;
  expect(clip).toMatchObject({ title: '今日脐橙', width: 720, height: 1280 });
  const { cloudUrl, operatorLogin } = world.neighbourhood;
  await (await Operator.signIn(browser, cloudUrl, operatorLogin)).approve('今日脐橙');
  await merchant.seesApproved();
  await merchant.bookAndPay('今日脐橙', '10:30', 10);

  merchantApi = await signedIn(world.neighbourhood.cloudUrl, store());
  const { items } = await merchantApi('GET /v1/bookings', { query: {} });
  expect(items).toMatchObject([{ status: 'paid', touches: 10, at: world.today(10 * 60 + 30) }]);
  campaignId = items[0]?.campaignId ?? '';
  clipHash = clip?.sha256 ?? '';
  await waitUntil('the plan to be in force on the terminal', async () => {
    const plan = await planVersion();
    return plan.state === 'applied' && (plan.applied ?? 0) > (before.applied ?? 0);
  });
  await waitUntil('the clip to be on the terminal', () => world.hasClip(clipHash), { withinMs: 20_000 });
});

it('before the half-hour the clip does not play; in it, the next opening brings it to the screen', async () => {
  await world.open(world.keysOf(2));
  expect(await screen.clipOfOpening()).not.toBe(clipHash);
  await world.doorIsShut();
  await screen.isIdle();

  world.neighbourhood.clock.moveToLocal('10:31', 'Asia/Shanghai');
  await world.open(world.keysOf(3));
  expect(await screen.clipOfOpening()).toBe(clipHash);
  expect(await screen.attribute('campaign')).toBe(campaignId);
  // The same resident again, at once: the screen shows the clip, and it counts for nothing.
  await world.open(world.keysOf(3));
  await world.doorIsShut();
});

it('the QR code on the clip leads two residents to the deal; together they complete the group and get their codes', async () => {
  const { sandboxUrl } = world.neighbourhood;
  const link = await waitUntil('a phone to read the QR code on the screen', () => screen.scan());
  expect(link).toMatch(new RegExp(`^${world.neighbourhood.cloudUrl}/q/[\\w-]{35}$`));
  const [first, second] = await Promise.all(
    world.founded.residents.slice(0, 2).map(({ phone }) => Resident.withPhone(browser, phone, sandboxUrl)),
  );
  if (!first || !second) throw new Error('nobody lives here');
  await first.scan(link);
  await first.orderAndPay();
  await first.page.getByText('付款成功，再等等邻居').waitFor({ timeout: 15_000 });
  await second.scan(link);
  await second.orderAndPay();
  const codes = [await first.pickupCode(), await second.pickupCode()];
  expect(new Set(codes).size).toBe(2);
  expect(codes.every((code) => /^\d{8}$/.test(code))).toBe(true);

  expect(await merchant.verify(codes[0] ?? '')).toContain('可以交货');
  expect(await merchant.verify(codes[0] ?? '')).toContain('已经取过了');
  expect(await merchant.verify('00000000')).toContain('没有这个码');
  late = { person: second, code: codes[1] ?? '' };
});

it('one touch is one verified exposure, not two, and it shows only after the half-hour has closed', async () => {
  await screen.isIdle();
  await waitUntil('the plays to be in the cloud', async () => {
    const { items } = await world.operator('GET /v1/plays', { query: { terminalId: world.terminalId, limit: 50 } });
    return items.some((play) => play.campaignId === campaignId && play.rendered);
  });
  expect(await merchant.readResults(campaignId)).toContain('半小时结束后公布');

  world.neighbourhood.clock.moveToLocal('11:01', 'Asia/Shanghai');
  const [exposure] = await waitUntil(
    'the half-hour to be closed',
    async () => {
      const { items } = await merchantApi('GET /v1/exposures', { query: { campaignId } });
      return items[0]?.state === 'closed' ? items : undefined;
    },
    { withinMs: 30_000 },
  );
  expect(exposure).toMatchObject({ verified: 1, rendered: 1, bookedTouches: 10 });
  expect(await merchant.readResults(campaignId)).toMatch(/实际触达\s*1/);
});

it('who asked for it reads at their own opening that the goods wait, and a neighbour does not; then they are handed over', async () => {
  const applied = async () => {
    const { access, notices } = await documents();
    return { access: access.applied ?? 0, notices: notices.applied ?? 0 };
  };
  const before = await applied();
  const { page } = late.person;
  await page.goto(`${world.neighbourhood.cloudUrl}/h5/me/consents?lang=zh`);
  await page.getByRole('switch', { name: '到货时门口屏幕提醒我自提' }).click();
  await waitUntil(
    'the door and the screen to know',
    async () => {
      const { access, notices } = await applied();
      return access > before.access && notices > before.notices;
    },
    { withinMs: 20_000 },
  );

  const wordFor = async (digits: string) => {
    await screen.sees('[data-state=idle]');
    await world.open(digits);
    await screen.sees('[data-state=opened]');
    return screen.page.locator('.subtitle').innerText();
  };
  expect(await wordFor(world.keysOf(0))).toBe('Door open');
  await world.doorIsShut();
  expect(await wordFor(world.keysOf(1))).toBe('您的团购已到，可到店自提');
  expect(await merchant.verify(late.code)).toContain('可以交货');
});

it('the merchant sees play, visit, order and pick-up as one trace', async () => {
  expect(await merchant.readTrace(campaignId)).toEqual(['播放', '扫码', '下单', '付款', '取货']);
});
