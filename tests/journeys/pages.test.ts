import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import type { Client } from '@gatecast/cloud-api/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { payInSandbox, uploadClip } from '../harness/advertising.ts';
import { openBrowser } from '../harness/browser.ts';
import { merchantLogin, signedIn, type Login } from '../harness/founding.ts';
import { OfferedMachine } from '../harness/offered-machine.ts';
import { residentSignedIn } from '../harness/signed-in.ts';
import { newUpdateKey, signedRelease, writeUpdateKeys } from '../harness/signed-release.ts';
import { World } from '../harness/world.ts';

let world: World;
let browser: Browser;
const dir = mkdtempSync(join(tmpdir(), 'gatecast-pages-'));
const updateKey = newUpdateKey();

beforeAll(async () => {
  const keys = join(dir, 'update-keys.json');
  writeUpdateKeys(keys, updateKey);
  world = await World.open({ house: false, env: { GATECAST_UPDATE_KEYS_FILE: keys } });
  browser = await openBrowser();
  await world.open();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
  rmSync(dir, { recursive: true });
});

interface Look {
  readonly path: string;
  readonly login?: () => Login;
  /** For those who have no password to give. */
  readonly as?: () => Promise<Client>;
  /** What a person does there first. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Stands for the one terminal of this neighbourhood, which is not known yet when the pages are listed. */
const someTerminal = ':terminal';

const operator = (): Login => world.neighbourhood.operatorLogin;
const property = (): Login => world.founded.property;
const guard = (): Login => world.founded.guard;
const merchant = (): Login => merchantLogin(world.founded.merchants, 'noodles');

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
const resident = once(() => residentSignedIn(world.neighbourhood, world.founded.residents[0]?.phone ?? ''));

/** As many as make a list long; nobody has claimed them. */
const manyTerminals = once(async () => {
  const { communityId } = await world.operator('GET /v1/terminals/:id', { params: { id: world.terminalId } });
  for (let n = 1; n <= 60; n += 1) {
    const entrance = { name: `${n} 号楼单元门`, placement: 'unit-door' } as const;
    const params = { id: communityId };
    const { id } = await world.operator('POST /v1/communities/:id/entrances', { params, body: entrance });
    await world.operator('POST /v1/terminals', { body: { communityId, entranceId: id, name: `GC-${1_000 + n}` } });
  }
});

/** One for the terminal here, and one that it cannot run. */
const twoReleases = once(async () => {
  const model = `${process.platform}-${process.arch}`;
  for (const about of [
    { version: '1.4.0', model },
    { version: '1.4.0', model: 'other-board' },
  ])
    await world.operator('POST /v1/releases', {
      query: { notes: '门口更安静', restartFromMinute: 120, restartToMinute: 300 },
      body: await signedRelease(updateKey, about),
    });
});

/** Looks at what giving the release of another model would do. */
async function gives(page: Page): Promise<void> {
  await twoReleases();
  await page.reload();
  await page.locator('.release', { hasText: 'other-board' }).locator('.release-buttons .ant-btn-primary').click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.ant-select').click();
  await page.locator('.ant-select-item-option').first().click();
  // The list stays open for more, and lies over what comes next.
  await dialog.locator('.ant-modal-title').click();
  await dialog.locator('.ant-btn-primary').first().click();
  await dialog.locator('.release-outcome .release-reason').waitFor();
}

const aChannelAndASilence = once(async () => {
  const channel = { kind: 'sms', name: '夜班', leastSeverity: 'critical' } as const;
  await world.operator('POST /v1/fleet/channels', { body: { ...channel, phones: ['13800000000'] } });
  const scope = { kind: null, terminalId: world.terminalId, communityId: null };
  await world.operator('POST /v1/fleet/silences', { body: { ...scope, minutes: 60, reason: '门口在装修' } });
});

/** Two words about the screen here: that it is too loud, and that somebody does not want an advert. */
const twoComplaints = once(async () => {
  const client = await resident();
  const { items } = await client('GET /v1/me/screens', {});
  const [screen] = items;
  if (!screen) throw new Error('the neighbourhood has a screen');
  const params = { token: screen.token };
  const { clips } = await client('GET /v1/screens/:token', { params });
  await client('POST /v1/screens/:token/complaints', { params, body: { about: 'too-loud', words: '晚上太吵' } });
  const clip = clips[0]?.sha256 ?? null;
  await client('POST /v1/screens/:token/complaints', { params, body: { about: 'ad', clip } });
});

async function withComplaints(page: Page): Promise<void> {
  await twoComplaints();
  await page.reload();
  await page.locator('.complaint').first().waitFor();
}

/** One that waits for the reviewers with something to look at, and one that plays; and a permit. */
const twoClips = once(async () => {
  const [film, other] = world.clips.filter(({ store }) => store === null);
  if (!film || !other) throw new Error('the demo has two clips of the house');
  await uploadClip(world.operator, film.file, '全城最佳早餐', 'all');
  const { id } = await uploadClip(world.operator, other.file, other.title, 'all');
  await world.operator('POST /v1/clips/:id/approve', { params: { id } });
  const shop = await signedIn(world.neighbourhood.cloudUrl, merchant());
  const year = 365 * 86_400_000;
  const span = { validFrom: Date.now() - year, validTo: Date.now() + year };
  const body = new Blob(['%PDF-1.7'], { type: 'application/pdf' });
  await shop('POST /v1/permits', { query: { category: 'alcohol', number: 'JY13101060012345', ...span }, body });
});

/** One that nobody has looked at. */
const aStoreSignedUp = once(async () => {
  const owner = { email: 'tofu@store.example', password: 'violin kestrel forty' };
  const store = {
    name: '老街豆腐坊',
    address: '枫林路 30 号',
    hours: '06:00–18:00',
    communityId: world.founded.community,
  };
  const body = { name: '老街豆腐坊', owner: { ...owner, name: '店主' }, store };
  await world.operator('POST /v1/merchant-sign-ups', { body });
  return signedIn(world.neighbourhood.cloudUrl, owner);
});

/** A clip of photos, as its merchant made it. */
const madeClip = once(async () => {
  const shop = await signedIn(world.neighbourhood.cloudUrl, merchant());
  const photos = await Promise.all(
    [40, 120, 200].map(async (r) => {
      const colour = { r, g: 120, b: 90 };
      const jpeg = await sharp({ create: { width: 720, height: 720, channels: 3, background: colour } })
        .jpeg()
        .toBuffer();
      return (await shop('POST /v1/clip-photos', { body: new Blob([new Uint8Array(jpeg)]) })).id;
    }),
  );
  const recipe = { template: 'feast', photos, line: '现煮牛肉面', priceFen: 1_800 } as const;
  return (await shop('POST /v1/clips/made', { body: { title: '牛肉面', category: 'food', recipe } })).id;
});

/** Another store, which has paid for three days of touches. */
const shopThatBought = (): Login => merchantLogin(world.founded.merchants, aFilm().store);
const aFilm = () => {
  const film = world.clips.find(({ store }) => store !== null && store !== 'noodles');
  if (!film || film.store === null) throw new Error('the demo has a clip of another store');
  return { ...film, store: film.store };
};
const threeDaysBought = once(async () => {
  const { file, title } = aFilm();
  const shop = await signedIn(world.neighbourhood.cloudUrl, shopThatBought());
  const clip = await uploadClip(shop, file, title);
  await world.operator('POST /v1/clips/:id/approve', { params: { id: clip.id } });
  const campaign = await shop('POST /v1/campaigns', { body: { name: title, clipId: clip.id, dealId: null } });
  const day = (ahead: number) =>
    new Date(world.neighbourhood.clock.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const span = { communityIds: [world.founded.community], firstDay: day(2), lastDay: day(4) };
  const body = { campaignId: campaign.id, ...span, touches: 60 };
  const { payUrl } = await shop('POST /v1/bookings', { body });
  await payInSandbox(payUrl ?? '');
});

/** The one that was made, in the merchant's list. */
const withMadeClip = async (page: Page): Promise<Locator> => {
  await madeClip();
  await page.reload();
  const card = page.locator('.clip-card', { hasText: '牛肉面' });
  await card.waitFor();
  return card;
};

/** What there is to see once there are clips and permits. */
const withClips = (thing: string) => async (page: Page) => {
  await twoClips();
  await page.reload();
  await page.locator(thing).first().waitFor();
};

/** The page's main button opens a form. */
async function asksForMore(page: Page): Promise<void> {
  await page.locator('main .ant-btn-primary').first().click();
  await page.getByRole('dialog').waitFor();
}

async function firstResident(page: Page): Promise<void> {
  await page.locator('.resident-row').first().click();
  await page.locator('.resident-head').waitFor();
}

/** The days of the community that the box at the top finds first. */
async function oneAudience(page: Page): Promise<void> {
  await page.locator('.choose-community').click();
  await page.locator('.ant-select-item-option').first().click();
  await page.locator('.audience-day').first().waitFor();
}

const looks: readonly Look[] = [
  { path: '/property/' },
  ...['', 'alarms', 'notices', 'residents', 'passes', 'units', 'imports', 'access-log', 'audit'].map((page) => ({
    path: `/property/${page}`,
    login: property,
  })),
  ...['community', 'schedules', 'templates', 'rollouts', 'team', 'account', 'api-keys', 'join'].map((page) => ({
    path: `/property/${page}`,
    login: property,
  })),
  ...['residents', 'passes', 'units', 'schedules', 'notices', 'templates', 'rollouts', 'team', 'api-keys'].map(
    (page) => ({
      path: `/property/${page}?new`,
      login: property,
      prepare: asksForMore,
    }),
  ),
  { path: '/property/screens', login: property },
  { path: '/property/screen-rules', login: property },
  { path: '/property/complaints?none', login: property },
  { path: '/property/complaints', login: property, prepare: withComplaints },
  { path: '/operator/screens', login: operator },
  { path: '/operator/audience', login: operator },
  { path: '/operator/audience?one', login: operator, prepare: oneAudience },
  {
    path: '/operator/audience?table',
    login: operator,
    prepare: async (page) => {
      await oneAudience(page);
      await page.locator('.audience-choices .ant-segmented-item').last().click();
      await page.locator('.audience-grid table').first().waitFor();
    },
  },
  { path: '/operator/objections', login: operator, prepare: withComplaints },
  { path: '/h5/s/no-such-screen' },
  { path: '/h5/me/screens', as: resident },
  {
    path: '/h5/me/screens?say',
    as: resident,
    async prepare(page) {
      await page.locator('.own-screens a').first().click();
      await page.locator('.screen-form').waitFor();
    },
  },
  { path: '/property/residents?one', login: property, prepare: firstResident },
  {
    path: '/property/residents?moving-out',
    login: property,
    prepare: async (page) => {
      await firstResident(page);
      await page.locator('.page-head .ant-btn-dangerous').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    path: '/property/community?rolling',
    login: property,
    prepare: async (page) => {
      await page.locator('main .ant-btn-dangerous').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    path: '/property/schedules?holidays',
    login: property,
    prepare: async (page) => {
      await page.locator('.ant-segmented-item').last().click();
      await page.locator('.year-picture').waitFor();
    },
  },
  {
    path: `/property/terminals/${someTerminal}`,
    login: property,
    prepare: (page) => page.locator('details.wiring > summary').click(),
  },
  { path: '/property/terminals/add', login: property },
  {
    path: '/property/terminals/add?no-such-code',
    login: property,
    prepare: async (page) => {
      await page.getByRole('textbox').fill('0000 0000');
      await page.locator('main .ant-btn-primary').click();
      await page.locator('.notice').first().waitFor();
    },
  },
  {
    path: '/property/terminals/add?found',
    login: property,
    prepare: async (page) => {
      const machine = new OfferedMachine(world.neighbourhood.cloudUrl);
      await page.getByRole('textbox').fill(await machine.code());
      await page.locator('main .ant-btn-primary').click();
      await page.locator('.offer-digits').waitFor();
      await machine.showDigits();
    },
  },
  {
    path: `/property/terminals/${someTerminal}/commissioning`,
    login: property,
    prepare: async (page) => {
      // It begins once, whichever of the looks comes first.
      const items = page.locator('.commissioning-item');
      const begin = page.locator('.state .ant-btn-primary');
      await items.or(begin).first().waitFor();
      if ((await items.count()) === 0) await begin.click();
      await items.first().waitFor();
    },
  },
  {
    path: `/property/terminals/${someTerminal}?lockdown`,
    login: property,
    prepare: async (page) => {
      await page.locator('.mode-buttons button').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    path: `/operator/terminals/${someTerminal}/commands`,
    login: operator,
    prepare: (page) => page.locator('.order-buttons').waitFor(),
  },
  {
    path: `/property/terminals/${someTerminal}?restarting`,
    login: property,
    prepare: async (page) => {
      await page.locator('.order-buttons .ant-btn-dangerous').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    path: `/property/terminals/${someTerminal}?log`,
    login: property,
    prepare: async (page) => {
      await page.locator('.order-buttons button').nth(1).click();
      await page.locator('.log-lines, .log-tools').first().waitFor();
    },
  },
  ...[
    '',
    'releases',
    'rollouts',
    'review',
    'library',
    'permits',
    'trace',
    'parties',
    'ledger',
    'team',
    'account',
    'audit',
    'api-keys',
    'join',
  ].map((page) => ({
    path: `/operator/${page}`,
    login: operator,
  })),
  ...['search', 'alarms', 'alarms/channels', 'vitals', 'runbook', `terminals/${someTerminal}`].map((page) => ({
    path: `/operator/${page}`,
    login: operator,
  })),
  {
    path: '/operator/?much',
    login: operator,
    prepare: async (page) => {
      await manyTerminals();
      await page.reload();
      await page.locator('.fleet-count').first().waitFor();
      await page.locator('.fleet-count[aria-pressed]').last().click();
      await page.locator('.fleet-rows').first().waitFor();
    },
  },
  {
    path: '/operator/search?story',
    login: operator,
    prepare: async (page) => {
      await page.getByRole('searchbox').fill(world.terminalId);
      await page.keyboard.press('Enter');
      await page.locator('.search-subject').first().click();
      await page.locator('.story > li').first().waitFor();
    },
  },
  { path: '/operator/alarms/channels?new', login: operator, prepare: asksForMore },
  {
    path: '/operator/alarms/channels?some',
    login: operator,
    prepare: async (page) => {
      await aChannelAndASilence();
      await page.reload();
      await page.locator('.channel-item').first().waitFor();
    },
  },
  {
    path: '/operator/alarms?silenced',
    login: operator,
    prepare: async (page) => {
      await aChannelAndASilence();
      await page.reload();
      await page.locator('.alarm-side li').first().waitFor();
    },
  },
  { path: '/operator/rollouts?new', login: operator, prepare: asksForMore },
  { path: '/operator/releases?new', login: operator, prepare: asksForMore },
  {
    path: '/operator/releases?some',
    login: operator,
    prepare: async (page) => {
      await twoReleases();
      await page.reload();
      await page.locator('.release').first().waitFor();
    },
  },
  {
    path: '/operator/releases?times',
    login: operator,
    prepare: async (page) => {
      await twoReleases();
      await page.reload();
      await page.locator('.release-terms .ant-btn').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { path: '/operator/releases?giving', login: operator, prepare: gives },
  { path: '/operator/review?some', login: operator, prepare: withClips('.review-desk video') },
  {
    path: '/operator/review?rejecting',
    login: operator,
    prepare: async (page) => {
      await withClips('.review-desk video')(page);
      await page.keyboard.press('r');
      await page.getByRole('dialog').locator('.reject-reasons').waitFor();
    },
  },
  {
    path: '/operator/library?details',
    login: operator,
    prepare: async (page) => {
      await withClips('.library-row')(page);
      await page.locator('.library-buttons button').first().click();
      await page.getByRole('dialog').locator('.review-steps').waitFor();
    },
  },
  {
    path: '/operator/library?uploading',
    login: operator,
    prepare: async (page) => {
      await page.getByRole('button', { name: /上传自有视频|Upload a house clip/ }).click();
      await page.locator('.file-picker').waitFor();
    },
  },
  { path: '/operator/library?some', login: operator, prepare: withClips('.library-row') },
  { path: '/operator/permits?some', login: operator, prepare: withClips('.permit-row') },
  {
    path: '/operator/library?taking-down',
    login: operator,
    prepare: async (page) => {
      await withClips('.library-row .ant-btn-dangerous')(page);
      await page.locator('.library-row .ant-btn-dangerous').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { path: '/property/owner-decision', login: property },
  { path: '/property/ad-income', login: property },
  { path: '/h5/me/income', as: resident },
  { path: '/operator/disputes', login: operator },
  { path: '/operator/owners-account', login: operator },
  { path: '/property/owner-decision?recording', login: property, prepare: asksForMore },
  { path: '/operator/inventory', login: operator },
  {
    path: '/operator/inventory?one',
    login: operator,
    prepare: async (page) => {
      await page.locator('.choose-community').click();
      await page.locator('.ant-select-item-option').last().click();
      await page.locator('.inventory-state').waitFor();
    },
  },
  {
    path: '/operator/inventory?pricing',
    login: operator,
    prepare: async (page) => {
      await page.locator('.section-head .ant-btn-primary').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { path: '/operator/merchant-desk?none', login: operator },
  {
    path: '/operator/merchant-desk',
    login: operator,
    prepare: async (page) => {
      await aStoreSignedUp();
      await page.reload();
      await page.locator('.desk-application').first().waitFor();
    },
  },
  { path: '/merchant/sign-up' },
  { path: '/merchant/profile', login: merchant },
  { path: '/merchant/profile?new', as: aStoreSignedUp },
  {
    path: '/operator/library?deleting',
    login: operator,
    prepare: async (page) => {
      await withClips('.library-row')(page);
      await page
        .getByRole('button', { name: /^(删除|Delete) / })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { path: '/merchant/permits?some', login: merchant, prepare: withClips('.permit-card') },
  {
    path: '/merchant/clips?deleting',
    login: merchant,
    prepare: async (page) => {
      const card = await withMadeClip(page);
      await card.getByRole('button', { name: /^(删除|Delete) / }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    path: '/merchant/clips?again',
    login: merchant,
    prepare: async (page) => {
      const card = await withMadeClip(page);
      await card.getByRole('link', { name: /牛肉面/ }).click();
      await page.locator('.maker-columns img').nth(2).waitFor();
    },
  },
  {
    path: '/merchant/book?bought',
    login: shopThatBought,
    prepare: async (page) => {
      await threeDaysBought();
      await page.reload();
      await page.locator('article progress').waitFor();
      await page.locator('article details').click();
    },
  },
  {
    path: '/merchant/book?cancelling',
    login: shopThatBought,
    prepare: async (page) => {
      await threeDaysBought();
      await page.reload();
      await page.getByRole('button', { name: /^(取消投放|Cancel it)$/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    path: '/merchant/book?moving',
    login: shopThatBought,
    prepare: async (page) => {
      await threeDaysBought();
      await page.reload();
      await page.getByRole('button', { name: /^(改时间地点|Move it)$/ }).click();
      await page.getByRole('dialog').locator('.place-list').waitFor();
    },
  },
  {
    path: '/merchant/book?week',
    login: shopThatBought,
    prepare: async (page) => {
      await threeDaysBought();
      await page.reload();
      await page.getByRole('button', { name: /^(按预算或整周选|By budget or by week)$/ }).click();
      await page.locator('.week-cell[aria-disabled="false"]').nth(30).click();
      await page.getByLabel(/^(要多少人次|How many touches)$/).fill('9999999');
      await page.locator('.offers').waitFor();
    },
  },
  {
    path: '/merchant/book?ran-out',
    login: shopThatBought,
    prepare: async (page) => {
      await threeDaysBought();
      // As the cloud tells of it; the clock of the town stays where it is.
      await page.route(/\/v1\/bookings\?/, async (route) => {
        const answer = await route.fetch();
        const { items, ...rest } = (await answer.json()) as { items: object[] };
        const out = { status: 'expired', holdUntil: world.neighbourhood.clock.now() - 1_000 };
        await route.fulfill({ response: answer, json: { ...rest, items: items.map((one) => ({ ...one, ...out })) } });
      });
      await page.reload();
      await page.locator('.ran-out').waitFor();
    },
  },
  ...['', 'clips', 'clips/make', 'book', 'deals', 'verify', 'orders', 'account', 'permits', 'join'].map((page) => ({
    path: `/merchant/${page}`,
    login: merchant,
  })),
  ...['/h5/', '/h5/orders', '/h5/me', '/h5/door', '/guard/'].map((path) => ({ path })),
  ...['door', 'door/qr', 'door/visitors', 'door/visitors/new', 'me'].map((page) => ({
    path: `/h5/${page}?own`,
    as: resident,
  })),
  ...['ways-in', 'records', 'views', 'consents', 'sessions', 'data'].map((page) => ({
    path: `/h5/me/${page}`,
    as: resident,
  })),
  {
    path: '/h5/door/visitors/new?made',
    as: resident,
    prepare: async (page) => {
      await page.locator('form input').first().fill('表姐');
      await page.locator('form [type=submit]').click();
      await page.locator('img.poster').waitFor();
    },
  },
  ...['', 'visitors', 'account'].map((page) => ({ path: `/guard/${page}?watch`, login: guard })),
];

const sizes = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;

/** On a machine that is busy with something else one look of axe at a full page may take this long. */
const timeout = 60_000;

async function serious(page: Page): Promise<string[]> {
  // Half a megabyte, once for a page.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return (await inPage.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 300)}`,
    );
}

const clients = new Map<string, Promise<Client>>();

async function enterAs(login: Login): Promise<string> {
  const client = clients.get(login.email) ?? signedIn(world.neighbourhood.cloudUrl, login);
  clients.set(login.email, client);
  return (await (await client)('POST /v1/session-links', {})).link;
}

/** What the browser fetched for one page of a person it need not fetch for the next; a context lets axe in through the content security policy. */
const contexts = new Map<string, Promise<BrowserContext>>();

function contextOf(who: string, lang: string): Promise<BrowserContext> {
  const key = `${lang} ${who}`;
  const context = contexts.get(key) ?? browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' });
  contexts.set(key, context);
  return context;
}

/** Opens a page signed in by a one-time link. */
async function openPage({ path, login, as, prepare }: Look, lang: string): Promise<Page> {
  const { cloudUrl } = world.neighbourhood;
  const who = login?.().email ?? (as ? 'resident' : 'nobody');
  const page = await (await contextOf(who, lang)).newPage();
  await page.setViewportSize(sizes[0]);
  const search = new URLSearchParams({ lang });
  if (login) search.set('enter', await enterAs(login()));
  if (as) search.set('enter', (await (await as())('POST /v1/session-links', {})).link);
  const [place = ''] = path.replace(someTerminal, world.terminalId).split('?');
  await page.goto(`${cloudUrl}${place}?${search.toString()}`);
  await page.locator('h1, h2').first().waitFor();
  await prepare?.(page);
  await nothingIsAwaited(page);
  return page;
}

/** Live pages are never idle on the network: what counts is that nothing is being waited for any more. */
const nothingIsAwaited = (page: Page): Promise<void> =>
  page.locator('.spinner, .bones, .ant-spin-spinning').first().waitFor({ state: 'detached' });

describe.each(['zh', 'en'])('in %s', (lang) => {
  // Most of the time a page waits: three of them share the cores.
  it.concurrent.for(looks)(
    '$path has no serious fault for those who use a keyboard or a screen reader',
    async (look, { expect: expected }) => {
      const page = await openPage(look, lang);
      for (const size of lang === 'zh' ? sizes : sizes.slice(0, 1)) {
        await page.setViewportSize(size);
        await nothingIsAwaited(page);
        // A fault that goes by itself is a colour that was still fading in.
        await expected.poll(() => serious(page), { message: `${look.path} at ${size.width}`, timeout }).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expected(overflow, `${look.path} is not wider than a screen of ${size.width}`).toBeLessThanOrEqual(0);
      }
      await page.close();
    },
  );
});

it('an entry of the menu can be read under the pointer too', async () => {
  const page = await openPage({ path: '/property/', login: property }, 'zh');
  await page.setViewportSize(sizes[1]);
  const entries = page.locator('nav .console-nav-item:visible:not([aria-current])');
  await entries.first().waitFor();
  for (const entry of [entries.first(), entries.last()]) {
    await entry.hover();
    await expect.poll(() => serious(page), { message: await entry.innerText(), timeout }).toEqual([]);
  }
  await page.close();
});

it('a reviewer decides by keyboard alone and hears of it, and so does a colleague who had the same clip open', async () => {
  const look: Look = { path: '/operator/review', login: operator, prepare: withClips('.review-desk video') };
  const [own, colleague] = [await openPage(look, 'zh'), await openPage(look, 'zh')];
  const told = [own.getByText('「全城最佳早餐」已驳回'), colleague.getByText('「全城最佳早餐」已由同事处理')];
  await own.keyboard.press('r');
  const dialog = own.getByRole('dialog');
  // What the checks found is why; nobody has to choose it.
  await dialog.getByRole('radio', { name: '绝对化用语', checked: true }).waitFor();
  const submit = dialog.locator('[type=submit]');
  await expect
    .poll(async () => {
      await own.keyboard.press('Tab');
      return submit.evaluate((button) => button === document.activeElement);
    })
    .toBe(true);
  const heard = Promise.all(told.map((one) => one.waitFor()));
  await own.keyboard.press('Enter');
  await heard;
  for (const page of [own, colleague]) await page.close();
});

it('the door’s and the screen’s own pages have no serious fault either', async () => {
  for (const url of [world.doorway.doorUrl, world.doorway.screenUrl(), `${world.neighbourhood.sandboxUrl}/sms`]) {
    const context = await browser.newContext({ viewport: sizes[0], bypassCSP: true });
    const page = await context.newPage();
    await page.goto(url);
    await page.locator('body').waitFor();
    expect(await serious(page), url).toEqual([]);
    await context.close();
  }
});

it('a phone on a stairwell’s network loads little', async () => {
  const built = await buildDashboards();
  const kilobytes = Object.fromEntries(built.map(({ name, firstLoadBytes }) => [name, firstLoadBytes / 1_000]));
  expect(kilobytes['merchant']).toBeLessThanOrEqual(40);
  expect(kilobytes['resident']).toBeLessThanOrEqual(40);
  expect(kilobytes['screen']).toBeLessThanOrEqual(10);
});
