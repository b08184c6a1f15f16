import { createClient } from '@gatecast/cloud-api/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import { openTown, type OpenTown } from '../harness/town.ts';
import { expectUsable } from '../harness/usable.ts';

interface MarketTown {
  readonly url: string;
  readonly operator: string;
  readonly manager: string;
  readonly behindId: string;
  readonly campaignId: string;
  readonly quietManager: string;
  readonly lastUnsold: string;
}

let towns: OpenTown<MarketTown>[] = [];
let town: MarketTown;
let emptyTown: Pick<MarketTown, 'url' | 'operator'>;
let browser: Browser;
/** Whoever was signed in before is nobody here. */
const contexts = new Map<string, BrowserContext>();

beforeAll(async () => {
  await buildDashboards();
  const market = (...flags: readonly string[]) => openTown<MarketTown>('market', ...flags);
  const [whole, empty, opened] = await Promise.all([market(), market('empty'), openBrowser()]);
  towns = [whole, empty];
  [town, emptyTown, browser] = [whole.town, empty.town, opened];
}, 120_000);
afterAll(async () => {
  await browser?.close();
  for (const one of towns) await one.close();
});

const sizes = [
  { width: 390, height: 844 },
  { width: 1_280, height: 900 },
] as const;
async function open(
  path: string,
  token: string,
  lang: string,
  { url }: { readonly url: string } = town,
): Promise<Page> {
  const client = createClient({ base: url, token: () => token });
  const { link } = await client('POST /v1/session-links', {});
  const context = contexts.get(token) ?? (await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce' }));
  contexts.set(token, context);
  const page = await context.newPage();
  await page.setViewportSize(sizes[0]);
  const [place = '', hash] = path.split('#');
  const query = new URLSearchParams({ lang, enter: link });
  await page.goto(`${url}${place}?${query.toString()}${hash === undefined ? '' : `#${hash}`}`);
  await page.locator('h1').first().waitFor();
  return page;
}

interface Look {
  readonly name: string;
  readonly path: () => string;
  /** What there is to see once the page has what it asked for. */
  readonly shows: string;
  readonly manager?: boolean;
  /** What somebody presses there first: it opens a form. */
  readonly presses?: string;
}

const looks: readonly Look[] = [
  { name: 'campaigns', path: () => '/operator/campaigns', shows: '.market-row' },
  { name: 'behind', path: () => '/operator/campaigns#behind', shows: '.badge.is-bad' },
  { name: 'campaign', path: () => `/operator/campaigns/${town.campaignId}`, shows: '.market-row' },
  { name: 'line-item', path: () => `/operator/line-items/${town.behindId}`, shows: '.market-table' },
  { name: 'sell-through', path: () => '/operator/sell-through', shows: '.heat tbody tr' },
  { name: 'yield', path: () => '/operator/yield', shows: '.market-table' },
  { name: 'replans', path: () => '/operator/replans', shows: '.market-table' },
  { name: 'inventory', path: () => '/operator/inventory', shows: '.card' },
  { name: 'holidays', path: () => '/operator/audience/holidays', shows: '.notice.is-warn' },
  { name: 'adverts', path: () => '/property/adverts', shows: '.advert', manager: true },
  {
    name: 'holidays-form',
    path: () => '/operator/audience/holidays',
    shows: '.notice.is-warn',
    presses: 'main section .ant-btn-primary',
  },
  { name: 'alarms', path: () => '/operator/alarms', shows: '.alarm-item' },
  { name: 'accuracy', path: () => '/operator/audience', shows: '.audience-ranked' },
  {
    name: 'price-form',
    path: () => '/operator/inventory',
    shows: '.rate-table',
    presses: '.section-head .ant-btn-primary',
  },
  { name: 'sign-ups', path: () => '/operator/merchant-desk', shows: '.desk-application img' },
  {
    name: 'approval',
    path: () => '/operator/merchant-desk',
    shows: '.desk-application img',
    presses: 'article .ant-btn-primary',
  },
  { name: 'decision', path: () => '/property/owner-decision', shows: '.blackout-row', manager: true },
  {
    name: 'black-out-form',
    path: () => '/property/owner-decision',
    shows: '.blackout-row',
    presses: '.section-head button',
    manager: true,
  },
];

interface EmptyLook extends Omit<Look, 'shows'> {
  /** What there is to read, in Chinese and in English. */
  readonly says: readonly [zh: string, en: string];
}

/** Where there is no community, no decision and no sale. */
const emptyLooks: readonly EmptyLook[] = [
  { name: 'campaigns', path: () => '/operator/campaigns', says: ['还没有广告活动', 'No campaign yet'] },
  {
    name: 'behind',
    path: () => '/operator/campaigns#behind',
    says: ['没有投放会达不到', 'No line item is falling short'],
  },
  {
    name: 'sell-through',
    path: () => '/operator/sell-through',
    says: ['这一周还没有统计', 'This week is not summed yet'],
  },
  { name: 'yield', path: () => '/operator/yield', says: ['没有在卖的小区', 'No community sells anything'] },
  {
    name: 'inventory',
    path: () => '/operator/inventory',
    says: ['还没有价格条目', 'No price lines'],
  },
  { name: 'audience', path: () => '/operator/audience', says: ['还没有可以比较的日子', 'No day to compare yet'] },
  { name: 'accounts', path: () => '/operator/owners-account', says: ['选好以后显示它的账户', 'Its account is shown'] },
  { name: 'disputes', path: () => '/operator/disputes', says: ['没有异议', 'Nothing is disputed'] },
  { name: 'sign-ups', path: () => '/operator/merchant-desk', says: ['没有待审核的商家', 'No store is waiting'] },
  {
    name: 'adverts',
    path: () => '/property/adverts',
    says: ['没有商家的广告', 'No merchant advertises here'],
    manager: true,
  },
];

const timeout = 30_000;

describe.each(['zh', 'en'])('what is sold, in %s', (lang) => {
  it.for(looks)('$name can be used with a keyboard and a screen reader, on a phone and at a desk', async (look) => {
    const page = await open(look.path(), look.manager === true ? town.manager : town.operator, lang);
    await page.locator(look.shows).first().waitFor();
    if (look.presses !== undefined) {
      await page.locator(look.presses).first().click();
      await page.getByRole('dialog').waitFor();
    }
    await expectUsable(page, `${look.name}-${lang}`, lang === 'zh' ? sizes : sizes.slice(0, 1));
    await page.close();
  });

  it.for(emptyLooks)('$name says what would stand there, and how it comes', async ({ name, path, manager, says }) => {
    const page =
      manager === true
        ? await open(path(), town.quietManager, lang)
        : await open(path(), emptyTown.operator, lang, emptyTown);
    await page
      .getByText(says[lang === 'zh' ? 0 : 1])
      .first()
      .waitFor();
    expect(await page.locator('.state.is-bad').count()).toBe(0);
    await expectUsable(page, `empty-${name}-${lang}`, lang === 'zh' ? sizes : sizes.slice(0, 1));
    await page.close();
  });
});

it('an operator finds a line item that falls short, reads why, pauses it with a reason and resumes it', async () => {
  const page = await open('/operator/campaigns#behind', town.operator, 'zh');
  await page.getByText('剩下的时段被别人买了').or(page.getByText('业主没有同意或停售')).first().waitFor();
  const lineItem = page.locator(`a[href$="${town.behindId}"]`);
  await lineItem.click();
  await page.getByRole('button', { name: /^暂停投放/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('画面有争议，等商家换一版');
  await dialog.locator('[type=submit]').click();
  await page.locator('.notice', { hasText: '画面有争议，等商家换一版' }).waitFor();
  await page.locator('.market-history', { hasText: '暂停' }).waitFor();
  await page.close();
});

it('an operator looks a campaign up by its number, and one that is not there says so', async () => {
  const page = await open('/operator/campaigns', town.operator, 'zh');
  await page.getByRole('searchbox').fill('#7');
  await page.locator('.market-row', { hasText: '草莓季第 7 批' }).waitFor();
  await expect.poll(() => page.locator('.market-row').count(), { timeout }).toBe(1);
  await page.getByRole('searchbox').fill('没有这个活动');
  await page.getByText('没有找到').waitFor();
  await page.close();
});

it('an operator opens the week of a community that sells least, and takes the table away', async () => {
  const page = await open('/operator/sell-through', town.operator, 'zh');
  const community = page.locator('.market-button').first();
  const name = await community.locator('b').innerText();
  await community.click();
  await page.getByRole('heading', { level: 2, name }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载表格' }).click();
  expect((await download).suggestedFilename()).toBe('sell-through-2026-11-23.csv');
  await page.close();
});

it('an operator goes from what a community earns to its week, which a colleague can be sent to', async () => {
  const page = await open('/operator/yield', town.operator, 'zh');
  const community = page.locator('.market-button').first();
  const name = await community.locator('b').innerText();
  await community.click();
  await page.getByRole('heading', { level: 2, name }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 2, name }).waitFor();
  // The address has lost the language that the test asked for.
  await page
    .locator('.row', { has: page.getByRole('heading', { level: 2, name }) })
    .getByRole('button')
    .click();
  await page.waitForURL((url) => !url.searchParams.has('community'));
  await page.close();
});

it('an operator records the decision of a community that hundreds of others stand before', async () => {
  const page = await open('/operator/inventory', town.operator, 'zh');
  await page.getByRole('combobox', { name: '看哪里' }).click();
  await page.keyboard.type(town.lastUnsold);
  await page.locator('.ant-select-item-option', { hasText: town.lastUnsold }).click();
  await page.getByText('业主还没有决定，不卖').waitFor();
  await page.getByRole('button', { name: '登记业主的决定' }).first().click();
  await page.getByRole('dialog').waitFor();
  await page.close();
});

it('an operator enters the holidays of the next year line by line, and corrects nothing that cannot be', async () => {
  const page = await open('/operator/audience', town.operator, 'zh');
  await page.locator('.notice', { hasText: '2027 年的放假安排还没登记' }).getByRole('link').click();
  await page.getByRole('button', { name: '登记通知 2027' }).click();
  const dialog = page.getByRole('dialog');
  const rows = dialog.locator('.holiday-row');
  await rows.first().waitFor();
  for (let left = await rows.count(); left > 1; left -= 1) await rows.last().getByRole('button').click();
  await dialog.getByLabel('从哪天').fill('2027-01-01');
  await dialog.getByLabel('到哪天').fill('2027-01-03');
  await dialog.getByRole('button', { name: '加一个上班的周末' }).click();
  await dialog.getByLabel('调休上班').fill('2027-01-08');
  await dialog.getByLabel('依据').fill('国办发明电〔2026〕7号');
  await dialog.locator('[type=submit]').click();
  await dialog.getByText('调休上班的要是周六或周日').waitFor();
  await dialog.getByLabel('调休上班').fill('2027-01-09');
  await dialog.locator('[type=submit]').click();
  await page.getByText('元旦 2027-01-01 至 2027-01-03').waitFor();
  await expect.poll(() => page.locator('.notice.is-warn').count(), { timeout }).toBe(0);
  await page.close();
});

it('an operator who corrects a year finds the days that are known filled in, each holiday from its first day to its last', async () => {
  const page = await open('/operator/audience/holidays', town.operator, 'en');
  await page.getByRole('button', { name: 'Correct 2026' }).click();
  const rows = page.getByRole('dialog').locator('.holiday-row');
  await expect.poll(() => rows.count(), { timeout }).toBe(7);
  const festival = rows.nth(1).locator('input');
  expect(await Promise.all([0, 1, 2].map((n) => festival.nth(n).inputValue()))).toEqual([
    'Spring Festival',
    '2026-02-15',
    '2026-02-23',
  ]);
  expect(await page.getByRole('dialog').getByLabel('Worked weekends').count()).toBe(6);
  for (const row of await rows.all()) {
    const whole = await row
      .locator('input')
      .evaluateAll((all) => all.every((one) => one.scrollWidth <= one.clientWidth));
    expect(whole, 'nothing that is written there is cut off').toBe(true);
  }
  await page.close();
});

it('prices stand within reach below hundreds of communities that sell nothing, which are shown when they are asked for', async () => {
  const page = await open('/operator/inventory', town.operator, 'zh');
  const unsold = page.getByRole('region', { name: '还不能卖的小区' });
  await unsold.getByRole('button', { name: '看更多小区' }).waitFor();
  expect(await unsold.getByRole('listitem').count()).toBe(5);
  await unsold.getByRole('button', { name: '看更多小区' }).click();
  await expect.poll(() => unsold.getByRole('listitem').count(), { timeout }).toBeGreaterThan(40);
  await page.close();
});

it('whoever closes days reads whom it is for, and that the last day does not come before the first', async () => {
  const page = await open('/operator/inventory', town.operator, 'zh');
  await page.getByRole('button', { name: '新增停播日' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('全网所有小区这几天都不卖').waitFor();
  await dialog.getByLabel('从').fill('2026-12-20');
  await dialog.getByLabel('到（含）').fill('2026-12-19');
  await dialog.getByLabel('原因').fill('哀悼日');
  await dialog.locator('[type=submit]').click();
  await dialog.getByText('最后一天不能早于第一天').waitFor();
  await dialog.getByLabel('到（含）').fill('2026-12-20');
  await dialog.locator('[type=submit]').click();
  await page.locator('.blackout-row', { hasText: '哀悼日' }).waitFor();
  await page.close();
});

it('the days of the week stay in sight over the evening of a heat map, on a phone too', async () => {
  const page = await open('/operator/sell-through', town.operator, 'zh');
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.getByRole('rowheader', { name: '20:30' }).scrollIntoViewIfNeeded();
    const day = page.getByRole('columnheader', { name: '周三' });
    await expect.poll(async () => (await day.boundingBox())?.y ?? -1, { timeout }).toBeGreaterThan(50);
    expect((await day.boundingBox())?.y).toBeLessThan(size.height / 2);
  }
  await page.close();
});

it('what is named in English is set apart as English does', async () => {
  const page = await open('/property/owner-decision', town.manager, 'en');
  await page.getByText('Gate, Building door, Lift lobby').first().waitFor();
  await page.close();
});

it('an alarm of a line item that falls short says how much is missing, and leads to it', async () => {
  const page = await open('/operator/alarms', town.operator, 'zh');
  const alarm = page.locator('.alarm-item', { has: page.locator(`a[href$="${town.behindId}"]`) });
  await alarm.getByText(/· 差 [\d,]+/).waitFor();
  await alarm.locator(`a[href$="${town.behindId}"]`).click();
  await page.getByRole('heading', { level: 1, name: '投放详情' }).waitFor();
  await page.close();
});
