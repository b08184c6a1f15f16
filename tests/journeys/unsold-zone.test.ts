import { createClient, type Community } from '@gatecast/cloud-api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import { openTown, type OpenTown } from '../harness/town.ts';
import { expectUsable, phoneAndDesk } from '../harness/usable.ts';

interface Town {
  readonly url: string;
  readonly newcomer: string;
  readonly manager: string;
}
type Communities = { readonly items: readonly Community[] };

const timeout = 60_000;
const hillZone = 'Asia/Kathmandu';

let opened: OpenTown<Town>;
let town: Town;
let browser: Browser;

beforeAll(async () => {
  await buildDashboards();
  [opened, browser] = await Promise.all([openTown<Town>('market'), openBrowser()]);
  ({ town } = opened);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await opened?.close();
});

/** Such a community is not taken any more; the one that is here was stored before, as this answer says. */
async function open(
  path: string,
  token: string,
  lang: string,
  stored: (items: readonly Community[]) => readonly Community[],
): Promise<Page> {
  const { link } = await createClient({ base: town.url, token: () => token })('POST /v1/session-links', {});
  const page = await browser.newPage({ bypassCSP: true, reducedMotion: 'reduce', viewport: phoneAndDesk[0] });
  await page.route(/\/v1\/communities(\?|$)/, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as Communities;
    await route.fulfill({ response, json: { ...answer, items: stored(answer.items) } });
  });
  await page.goto(`${town.url}${path}?${new URLSearchParams({ lang, plan: '', enter: link }).toString()}`);
  await page.locator('h1').first().waitFor();
  return page;
}

const onTheHill = (community: Community): Community => ({ ...community, zone: hillZone });

/** With one more, as near as the nearest. */
const withHill = (items: readonly Community[]): readonly Community[] => [
  ...items,
  ...items.slice(0, 1).map((one) => ({ ...onTheHill(one), id: `${one.id.slice(0, -2)}zz`, name: 'Patan' })),
];

it.each([
  { lang: 'zh', why: '时钟与整半点差一刻钟' },
  { lang: 'en', why: 'quarter of an hour off' },
])(
  'a merchant hears why a community cannot be chosen, and is not offered it, in $lang',
  async ({ lang, why }) => {
    const page = await open('/merchant/book', town.newcomer, lang, withHill);
    await page.locator('.notice', { hasText: why }).filter({ hasText: 'Patan' }).waitFor();
    expect(await page.locator('.place-list .chip').count()).toBeGreaterThan(0);
    expect(await page.locator('.chip', { hasText: 'Patan' }).count()).toBe(0);
    await expectUsable(page, `unsold-merchant-${lang}`);
    await page.close();
    const alone = await open('/merchant/book', town.newcomer, lang, (items) => items.map(onTheHill));
    await alone.locator('.notice', { hasText: why }).waitFor();
    expect(await alone.locator('.week-grid').count()).toBe(0);
    await expectUsable(alone, `unsold-merchant-alone-${lang}`);
    await alone.close();
  },
  120_000,
);

it.each([
  { lang: 'zh', why: '卖不出去' },
  { lang: 'en', why: 'sell nothing' },
])(
  'a property manager hears why a community brings no advert income, in $lang',
  async ({ lang, why }) => {
    for (const path of ['community', 'ad-income']) {
      const page = await open(`/property/${path}`, town.manager, lang, (items) => items.map(onTheHill));
      await page.locator('.notice.is-warn', { hasText: why }).filter({ hasText: hillZone }).waitFor({ timeout });
      await expectUsable(page, `unsold-${path}-${lang}`);
      await page.close();
    }
    const other = await open('/property/community', town.manager, lang, (items) => items);
    await other.locator('form').first().waitFor();
    expect(await other.locator('.notice.is-warn').count()).toBe(0);
    await other.close();
  },
  120_000,
);
