import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Plan } from '@gatecast/firmware-protocol/messages';
import { buildDashboards } from '../../dashboards/build.ts';
import { at, entrance } from '../../edge-agent/src/player/plan.fixture.ts';
import { clipOf, temporaryDir } from '../../edge-agent/src/player/player.fixture.ts';
import { openBrowser } from '../harness/browser.ts';
import { readQrSvg } from '../harness/demo/screen-link.ts';
import { glassOf, watchGlass } from '../harness/screen/glass.ts';
import { numberedFilm, type Film } from '../harness/screen/numbered-film.ts';
import { openScreenGate, type ScreenGate } from '../harness/screen/screen-gate.ts';
import { waitUntil } from '../harness/wait-until.ts';

const size = { width: 352, height: 640 };

let films: { house: Film; night: Film; noodles: Film };
let filmDir: Awaited<ReturnType<typeof temporaryDir>>;
let browser: Browser;
beforeAll(async () => {
  filmDir = await temporaryDir();
  await buildDashboards({ only: ['screen'] });
  const film = (no: number, frames: number, about = {}) => numberedFilm(filmDir.path, { no, frames, ...size, about });
  films = {
    house: await film(1, 50, { title: '欢迎回家' }),
    night: await film(2, 50, { title: '晚安' }),
    noodles: await film(3, 75, { advertiser: '老巷面馆', hasDeal: true }),
  };
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await filmDir?.remove();
});

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let gate: ScreenGate;
let page: Page;

type Notice = Plan['notices'][number];
const notice = (change: Partial<Notice>): Notice => ({
  id: 'note_1',
  level: 'announcement',
  title: '停水通知',
  text: '今晚十点到明早六点停水',
  entrances: null,
  from: at('07:00'),
  to: at('09:00'),
  ...change,
});

interface Shown {
  readonly house?: readonly Film[];
  readonly night?: Film;
  readonly sold?: Film;
}

/** A morning at the gate: the house's clips for families, another one at night, and one that is sold. */
const openGate = (time: string, { house = [films.house], night = films.night, sold = films.noodles }: Shown = {}) =>
  openScreenGate(dir.path, time, {
    house: [...house.map((film) => ({ film, segment: 'families' as const })), { film: night, segment: 'night' }],
    sold: [sold],
  });

/** The property puts up what is to be read from now on. */
const announce = (...notices: readonly Notice[]) =>
  gate.documents.apply('plan', { plan: { ...gate.plan, notices: [...notices] } });

beforeEach(async () => {
  dir = await temporaryDir();
});
afterEach(async () => {
  await page?.close();
  await gate?.player.stop();
  await dir.remove();
});

async function look(url = gate.url, before: (page: Page) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  page = await browser.newPage({ viewport: { width: 720, height: 1280 } });
  await before(page);
  await watchGlass(page);
  await page.goto(url);
}
const data = (name: string) => page.evaluate((key) => document.documentElement.dataset[key], name);
const showing = (clip: Film) =>
  waitUntil('the clip on the screen', async () => (await data('clip')) === clip.clip.sha256);
const nextReady = (clip: Film) =>
  waitUntil('the next clip behind', () =>
    page.evaluate(
      (sha256) =>
        [...document.querySelectorAll<HTMLVideoElement>('video:not(.front)')].some(
          (v) => v.src.includes(sha256) && v.readyState >= 2,
        ),
      clip.clip.sha256,
    ),
  );

describe('the screen at the gate', () => {
  it('replaces the ambient clip at an opening without black, proves what was seen, and comes back', async () => {
    gate = await openGate('07:40');
    await look();
    await showing(films.house);
    await nextReady(films.noodles);

    const opening = gate.open();
    await showing(films.noodles);
    expect(await data('campaign')).toBe(gate.campaigns[0]);
    expect(await data('state')).toBe('opened');
    await page.getByText('门已开 请进').waitFor();
    expect(await page.locator('.legal').textContent()).toBe('广告 · 老巷面馆');
    const qr = decodeURIComponent((await page.locator('.qr').getAttribute('src')) ?? '');
    expect(readQrSvg(qr)).toMatch(/^https:\/\/gatecast\.example\/q\/[\w-]{35}$/);

    await showing(films.house);
    gate.close();
    expect((await glassOf(page)).blackMsMax).toBe(0);
    const play = await waitUntil('the play', () => gate.plays().find((p) => p.touch === opening.touch));
    expect(play).toMatchObject({
      campaign: gate.campaigns[0],
      clip: films.noodles.clip.sha256,
      billable: true,
      rendered: true,
      viewable: true,
      completed: true,
      endReason: 'finished',
      muted: false,
    });
    expect(play.framesPresented).toBeGreaterThan(40);
    expect(await page.locator('.offer').isHidden()).toBe(true);
  });

  it('counts nothing that was shown after the door had closed', async () => {
    gate = await openGate('07:40');
    await look();
    await showing(films.house);
    await nextReady(films.noodles);
    const opening = gate.open();
    await showing(films.noodles);
    gate.close();
    const play = await waitUntil('the play', () => gate.plays().find((p) => p.touch === opening.touch));
    expect(play).toMatchObject({ rendered: true, viewable: false, completed: false, endReason: 'finished' });
    expect(play.shownMs).toBeLessThan(2_000);
  });

  it('two openings in a row are two plays, the first one replaced', async () => {
    gate = await openGate('07:40');
    await look();
    await showing(films.house);
    const first = gate.open();
    await showing(films.noodles);
    const shown = await data('decision');
    const second = gate.open();
    await waitUntil('the second play', async () => (await data('decision')) !== shown);
    await showing(films.house);
    const reasons = await waitUntil('both plays', () => {
      const found = [first, second].map((o) => gate.plays().find((p) => p.touch === o.touch)?.endReason);
      return found.every(Boolean) && found;
    });
    expect(reasons).toEqual(['replaced', 'finished']);
  });

  it('plays another clip at night, without a sound', async () => {
    gate = await openGate('18:30');
    await look();
    await showing(films.house);
    await waitUntil('sound', () =>
      page.evaluate(() => !document.querySelector<HTMLVideoElement>('video.front')?.muted),
    );
    gate.setTime('22:30');
    await showing(films.night);
    expect(await page.evaluate(() => [...document.querySelectorAll('video')].every((v) => v.muted))).toBe(true);
    expect(await page.locator('.clock').textContent()).toBe('22:30');
  });

  it('shows a still instead of a clip that cannot be played, and says so in the journal', async () => {
    const broken = clipOf(Buffer.from('this is no film'.repeat(300)), { advertiser: '坏片', durationMs: 4_000 });
    gate = await openGate('07:40', { sold: broken });
    await look();
    await showing(films.house);
    const opening = gate.open();
    const play = await waitUntil('the play', () => gate.plays().find((p) => p.touch === opening.touch));
    expect(play).toMatchObject({ endReason: 'error', rendered: false, framesPresented: 0 });
    await showing(films.house);
  });

  it('shows an announcement below the picture, and an emergency in its place, under which nothing counts', async () => {
    gate = await openGate('07:40');
    await look();
    await showing(films.house);
    announce(notice({}));
    await page.getByText('停水通知 · 今晚十点到明早六点停水').waitFor();
    expect(await page.locator('.emergency').isHidden()).toBe(true);

    announce(notice({}), notice({ id: 'note_2', level: 'emergency', title: '二号楼火警', text: '请走南门' }));
    await page.getByRole('alert').getByText('请走南门').waitFor();
    const box = await page.locator('.emergency').boundingBox();
    expect(box).toMatchObject({ width: 720 });
    const opening = gate.open();
    await page.getByText('门已开 请进').waitFor();
    await showing(films.noodles);
    await showing(films.house);
    const play = await waitUntil('the play', () => gate.plays().find((p) => p.touch === opening.touch));
    expect(play).toMatchObject({ rendered: false, viewable: false, completed: false });

    announce();
    await waitUntil('the picture', () => page.locator('.emergency').isHidden());
    expect(await page.locator('.notice').isHidden()).toBe(true);
  });

  it('says that help was called', async () => {
    gate = await openGate('07:40');
    await look();
    await showing(films.house);
    gate.player.listener.help(entrance);
    await page.getByText('已呼叫物业').waitFor();
    expect(await data('state')).toBe('help');
  });

  it('tells dots, a refusal with what to do, and when the agent is gone; then finds it again', async () => {
    gate = await openGate('07:40');
    await look(`${gate.url}&lang=en`);
    await showing(films.house);
    gate.player.listener.typing(entrance, 5);
    await page.getByText('●●●●●').waitFor();
    expect(await data('state')).toBe('typing');
    gate.player.listener.refused(entrance, 'wrong-pin');
    await page.getByText('Check your unit and PIN').waitFor();
    expect(await data('state')).toBe('refused');

    const again = await gate.restart();
    try {
      await waitUntil('the link to be back', async () => (await data('state')) === 'idle', { withinMs: 20_000 });
      await showing(films.house);
    } finally {
      await again.stop();
    }
    await waitUntil('the break to be noticed', async () => (await data('state')) === 'offline');
  });
});
