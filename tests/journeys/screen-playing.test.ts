import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PlayReport } from '@gatecast/firmware-protocol/messages';
import { buildDashboards } from '../../dashboards/build.ts';
import { at } from '../../edge-agent/src/player/plan.fixture.ts';
import { clipOf, temporaryDir } from '../../edge-agent/src/player/player.fixture.ts';
import { openBrowser } from '../harness/browser.ts';
import { accountOf } from '../harness/screen/account.ts';
import { glassOf, watchGlass } from '../harness/screen/glass.ts';
import { numberedFilm, withStill, type Film } from '../harness/screen/numbered-film.ts';
import { openScreenGate, type ScreenGate } from '../harness/screen/screen-gate.ts';
import { openStuckLine } from '../harness/screen/stuck-line.ts';
import { waitUntil } from '../harness/wait-until.ts';

const size = { width: 352, height: 640 };
const firstLoadBytesMax = 10_000;
let films: { house: Film; other: Film; advert: Film };
let filmDir: Awaited<ReturnType<typeof temporaryDir>>;
let browser: Browser;
let pageBytes: number[];
beforeAll(async () => {
  filmDir = await temporaryDir();
  pageBytes = (await buildDashboards({ only: ['screen'] })).map(({ firstLoadBytes }) => firstLoadBytes);
  const film = (no: number, frames: number) => numberedFilm(filmDir.path, { no, frames, ...size });
  films = { house: await film(1, 30), other: await film(2, 35), advert: await film(3, 60) };
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await filmDir?.remove();
});

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let gate: ScreenGate;
let page: Page;
beforeEach(async () => {
  dir = await temporaryDir();
});
afterEach(async () => {
  await page?.close();
  await gate?.player.stop();
  await dir.remove();
});

async function openGate({ house = [films.house], sold = [films.advert] } = {}): Promise<void> {
  gate = await openScreenGate(dir.path, '07:30', {
    house: house.map((film) => ({ film, segment: 'families' as const })),
    sold,
  });
}

/** `before` makes another browser of this one, before the page's own scripts run. */
async function look(before?: () => void, url = gate.url): Promise<void> {
  page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  if (before) await page.addInitScript(before);
  await page.addInitScript(noteStills);
  await watchGlass(page);
  await page.goto(url);
}

interface Still {
  readonly blue: number;
  readonly legal: string;
}
/** Has every still noted that comes before the videos: how blue it is, and what stands beside it. */
function noteStills(): void {
  const stills: Still[] = [];
  Object.assign(window, { stills });
  addEventListener('load', () => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.clip');
    const legal = document.querySelector('.legal');
    if (!canvas || !legal) return;
    new MutationObserver(() => {
      const [, , blue = 0] =
        canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data ?? [];
      if (!canvas.hidden) stills.push({ blue, legal: legal.textContent });
    }).observe(canvas, { attributes: true, attributeFilter: ['hidden'] });
  });
}
const stillsOf = () => page.evaluate(() => (window as unknown as { stills: Still[] }).stills);
const data = (name: string) => page.evaluate((key) => document.documentElement.dataset[key], name);
const blackOf = async () => {
  const { blackMsMax, blackAt } = await glassOf(page);
  return { blackMsMax, blackAt };
};
const isOn = (film: Film) => async () => (await data('clip')) === film.clip.sha256;
const isAmbient = async () => (await data('occasion')) === 'ambient';
const playOf = (touch: string) => waitUntil('the play', () => gate.plays().find((play) => play.touch === touch));

it('the page is no longer than an old screen can take', () => {
  expect(pageBytes).toEqual([expect.any(Number)]);
  expect(Math.max(...pageBytes)).toBeLessThanOrEqual(firstLoadBytesMax);
});

it('clip follows clip without black or a still, and the journal knows each frame', async () => {
  await openGate();
  await look();
  await waitUntil('the house’s clip', isOn(films.house));
  for (let visit = 0; visit < 2; visit += 1) {
    const { length } = (await glassOf(page)).seamsMs;
    await waitUntil('the clip to repeat', async () => (await glassOf(page)).seamsMs.length >= length + 3);
    gate.open();
    await waitUntil('the advert', isOn(films.advert));
    await waitUntil('the house’s clip again', isAmbient);
  }
  const stillMs = (await glassOf(page)).stillMsMax;
  const { glass, truth } = await waitUntil('both plays in the journal', async () => {
    const account = await accountOf(page, gate, [films.advert]);
    return account.truth.plays === 2 ? account : undefined;
  });
  expect(glass.blackMsMax).toBe(0);
  // Only before the first clip.
  expect(glass.stillMsMax).toBe(stillMs);
  expect(glass.seamsMs.length).toBeGreaterThanOrEqual(9);
  expect(truth).toMatchObject({ wrong: [], missing: [] });
  expect(truth.apart).toEqual([]);
  expect(truth.framePercent).toBeGreaterThanOrEqual(99.9);
});

it('a page that goes tells what it showed until then', async () => {
  await openGate();
  await look();
  await waitUntil('the clip to repeat', async () => (await glassOf(page)).seamsMs.length >= 2);
  await page.goto('about:blank');
  const play = await waitUntil('the ambient play', () => gate.plays().find(({ touch }) => touch === null));
  expect(play).toMatchObject({ clip: films.house.clip.sha256, rendered: true, completed: true, endReason: 'replaced' });
});

it('an emergency in the middle of a clip covers it: what is hidden counts for nothing, and the door is told of at once', async () => {
  const long = await numberedFilm(filmDir.path, { no: 4, frames: 200, ...size });
  await openGate({ sold: [long] });
  await look();
  await waitUntil('the house’s clip', isAmbient);
  const opening = gate.open();
  const seenOfIt = async () => (await glassOf(page)).seen.find(({ film }) => film === 4);
  await waitUntil('some of the advert', async () => ((await seenOfIt())?.frames ?? 0) > 5);
  const notice = { id: 'note_1', level: 'emergency' as const, title: '火警', text: '请走南门', entrances: null };
  const notices = [{ ...notice, from: at('07:00'), to: at('09:00') }];
  gate.documents.apply('plan', { plan: { ...gate.plan, notices } });
  await page.getByRole('alert').getByText('请走南门').waitFor();
  const before = await seenOfIt();
  const later = gate.open();
  const play = await playOf(opening.touch);
  expect(play).toMatchObject({ rendered: true, completed: false, endReason: 'replaced' });
  expect(play.framesPresented).toBeGreaterThanOrEqual(before?.frames ?? Infinity);
  expect(play.framesPresented).toBeLessThanOrEqual((before?.frames ?? 0) + (before?.unread ?? 0));
  await page.locator('html[data-state=opened]').waitFor();
  expect(await page.getByRole('alert').isVisible()).toBe(true);
  gate.open();
  expect(await playOf(later.touch)).toMatchObject({ rendered: false, framesPresented: 0 });
});

it('house clips that cannot be played make room for one that can, without black', async () => {
  const noFilm = clipOf(Buffer.from('no film'.repeat(900)), { durationMs: 2_000 });
  const bytes = Buffer.from(films.other.bytes);
  for (let index = Math.floor(bytes.length / 2); index < bytes.length; index += 1) bytes[index] = (index * 7919) % 251;
  const torn = await withStill(filmDir.path, clipOf(bytes, { durationMs: 1_400, ...size }), 'blue');
  await openGate({ house: [noFilm, torn, films.house], sold: [] });
  await look();
  await waitUntil('the one that is whole, again and again', async () => {
    const { seen } = await glassOf(page);
    return (await isOn(films.house)()) && seen.some(({ film, frames }) => film === 1 && frames > 40);
  });
  const failed = gate.plays().filter(({ endReason }) => endReason === 'error');
  expect(failed).not.toEqual([]);
  for (const play of failed.filter(({ clip }) => clip === noFilm.clip.sha256))
    expect(play).toMatchObject({ rendered: false, framesPresented: 0, shownMs: 0 });
  expect((await stillsOf()).some(({ blue }) => blue > 200)).toBe(true);
  expect(await blackOf()).toEqual({ blackMsMax: 0, blackAt: '' });
});

it('a clip of which no more bytes come leaves its own still until the next one moves, and its play is told as it was seen', async () => {
  const film = await numberedFilm(filmDir.path, { no: 5, frames: 250, ...size, about: { advertiser: '老巷面馆' } });
  const sold = await withStill(filmDir.path, film, 'blue');
  await openGate({ sold: [sold] });
  const half = { path: `/clips/${sold.clip.sha256}.mp4`, bytes: Math.floor(sold.bytes.length / 2) };
  const line = await openStuckLine(gate.url, half);
  await look(undefined, line.url);
  await waitUntil('the house’s clip', isAmbient);
  await waitUntil('two decoders to be known of', async () => (await data('videos')) === '2');
  const opening = gate.open();
  const play = await playOf(opening.touch);
  expect(play).toMatchObject({ rendered: true, completed: false, endReason: 'stalled' });
  await waitUntil('the house’s clip again', isAmbient);
  expect(await stillsOf()).toEqual([
    { blue: expect.closeTo(255, -1), legal: expect.stringContaining('广告 · 老巷面馆') },
  ]);
  // The still hung there for nothing: the frames are those that were read from the moving picture.
  const { truth } = await waitUntil('the account', async () => {
    const account = await accountOf(page, gate, [sold]);
    return account.truth.missing.length === 0 ? account : undefined;
  });
  expect(truth).toMatchObject({ plays: 1, wrong: [], apart: [] });
  expect(await blackOf()).toEqual({ blackMsMax: 0, blackAt: '' });
  await page.close();
  await line.stop();
});

it('somebody who waits for the lift sees one clip after the other', async () => {
  await openGate({ house: [films.house, films.other], sold: [films.advert] });
  await look();
  await waitUntil('the house’s clip', isAmbient);
  const opening = gate.open({ event: 'lift-call', placement: 'lift', tellsArrival: true });
  await waitUntil(
    'three clips for one touch',
    async () => {
      const { seen } = await glassOf(page);
      const told = gate.plays().filter(({ touch }) => touch === opening.touch);
      return told.length >= 2 && seen.some(({ decision }) => told.every((play) => play.decision !== decision));
    },
    { withinMs: 20_000 },
  );
  gate.arrive();
  await waitUntil('the house’s clip', isAmbient, { withinMs: 20_000 });
  const told = gate.plays().filter(({ touch, rendered }) => touch === opening.touch && rendered);
  expect(new Set(told.map(({ decision }) => decision)).size).toBe(told.length);
  expect(await blackOf()).toEqual({ blackMsMax: 0, blackAt: '' });
});

it('a screen that decodes one clip at a time keeps the last frame, then shows the next clip’s still, until that moves', async () => {
  const advert = await withStill(filmDir.path, films.advert, 'blue');
  await openGate({ sold: [advert] });
  await look(() => {
    // Its decoder is taken: the second video fails.
    const found = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'load');
    const load = found?.value as (this: HTMLMediaElement) => void;
    HTMLMediaElement.prototype.load = function (this: HTMLMediaElement) {
      const isTaken = [...document.querySelectorAll('video')].some((one) => one !== this && one.hasAttribute('src'));
      if (!isTaken || !this.hasAttribute('src')) return load.call(this);
      this.removeAttribute('src');
      setTimeout(() => this.dispatchEvent(new Event('error')));
    };
  });
  await waitUntil('it to be known', async () => (await data('videos')) === '1');
  await waitUntil('the house’s clip to repeat', async () => (await glassOf(page)).seamsMs.length >= 2);
  const opening = gate.open();
  await waitUntil('the advert', isOn(films.advert));
  await waitUntil('the house’s clip again', isAmbient);
  expect(await playOf(opening.touch)).toMatchObject({ rendered: true, completed: true, endReason: 'finished' });
  expect((await stillsOf()).some(({ blue }) => blue > 200)).toBe(true);
  expect(await blackOf()).toEqual({ blackMsMax: 0, blackAt: '' });
});

it('an old browser that tells of no frames plays all the same, and says how they were counted', async () => {
  await openGate();
  page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  await page.addInitScript(() => {
    // What came after Chrome 64.
    const gone: readonly (readonly [object, string])[] = [
      [HTMLVideoElement.prototype, 'requestVideoFrameCallback'],
      [HTMLVideoElement.prototype, 'cancelVideoFrameCallback'],
      [Array.prototype, 'at'],
      [Array.prototype, 'flat'],
      [Array.prototype, 'flatMap'],
      [Array.prototype, 'toSorted'],
      [String.prototype, 'replaceAll'],
      [Object, 'fromEntries'],
      [window, 'queueMicrotask'],
      [window, 'structuredClone'],
      [CanvasRenderingContext2D.prototype, 'roundRect'],
      [Element.prototype, 'replaceChildren'],
    ];
    for (const [of, name] of gone) Reflect.deleteProperty(of, name);
  });
  const faults: unknown[] = [];
  page.on('pageerror', (error) => faults.push(error));
  await page.goto(gate.url);
  await waitUntil('the house’s clip', isAmbient);
  const report = page.waitForRequest((request) => request.url().includes('/plays'));
  const opening = gate.open();
  await waitUntil('the advert', isOn(films.advert));
  const { measuredBy, spans } = (await report).postDataJSON() as PlayReport;
  expect([measuredBy, spans.length]).toEqual(['clock', 1]);
  expect(await playOf(opening.touch)).toMatchObject({ rendered: true, endReason: 'finished', panel: 'unproven' });
  expect(faults).toEqual([]);
});
