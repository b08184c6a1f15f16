import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import pino from 'pino';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError, manualClock } from '@gatecast/firmware-protocol';
import type { ScreenDecision, ScreenDoor, ScreenState } from '@gatecast/firmware-protocol/messages';
import { buildDashboards } from '../../dashboards/build.ts';
import { at } from '../../edge-agent/src/player/plan.fixture.ts';
import { temporaryDir } from '../../edge-agent/src/player/player.fixture.ts';
import { qrSvg } from '../../edge-agent/src/player/qr-code.ts';
import { createScreenServer, type ScreenServer } from '../../edge-agent/src/player/screen-server.ts';
import { openBrowser } from '../harness/browser.ts';
import { layoutOf } from '../harness/screen/shown-layout.ts';
import { film, type Film } from '../harness/screen/plain-film.ts';
import { waitUntil } from '../harness/wait-until.ts';

const pageDir = fileURLToPath(new URL('../../dashboards/dist/screen', import.meta.url));
/** Looked at by whoever changes the page; made anew by each run. */
const picturesDir = fileURLToPath(new URL('../.data/screen', import.meta.url));

const token = 'kiosk';
const long = (text: string, length: number): string => text.repeat(length).slice(0, length);

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let browser: Browser;
let bright: Film;
let dark: Film;
let server: ScreenServer;
let port: number;
let now: ScreenState;
const decision = (clip: string, change: Partial<ScreenDecision> = {}): ScreenDecision => ({
  decision: 'dec_00000000000000000001',
  occasion: 'ambient',
  ageMs: 0,
  clip,
  durationMs: 60_000,
  poster: null,
  campaign: null,
  advertiser: null,
  qr: null,
  optedIn: false,
  after: null,
  ...change,
});

const base = (): ScreenState => ({
  community: '梧桐里',
  zone: 'Asia/Shanghai',
  now: at('07:40'),
  muted: true,
  volumePercent: 0,
  feedbackPercent: 40,
  isQuiet: false,
  brightnessPercent: 100,
  officePhone: '0571-8888 6666',
  complaintQr: qrSvg('https://gatecast.example/h5/s/AAAPp2Vh0X9cQ1dYk_4'),
  notices: [],
  ambient: null,
  touch: null,
  nextClip: null,
  enrolment: null,
  page: 'one',
});

beforeAll(async () => {
  dir = await temporaryDir();
  await rm(picturesDir, { recursive: true, force: true });
  await mkdir(picturesDir, { recursive: true });
  await buildDashboards({ only: ['screen'] });
  [bright, dark] = await Promise.all([film(dir.path, 'white'), film(dir.path, 'black')]);
  now = base();
  server = createScreenServer({
    clock: manualClock(at('07:40')),
    log: pino({ level: 'silent' }),
    port: 0,
    frameAncestors: [],
    pageDir,
    mediaDir: dir.path,
    token,
    cached: new Set([bright.sha256, dark.sha256]),
    state: () => now,
    onSite: () => Promise.reject(new DomainError('no-screen', 'nobody stands there')),
    report: async () => {},
    pulse: () => {},
    probes: { takeCapture: () => {}, takeTone: () => {} },
    pagesChanged: () => {},
  });
  port = await server.start();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await dir?.remove();
});

interface Scene {
  readonly name: string;
  readonly state?: () => Partial<ScreenState>;
  readonly door?: ScreenDoor;
  /** `data-state` of the page when it stands as it should. */
  readonly stands?: string;
  /** The step of the drift in which the code for complaints stands there. */
  readonly tellsAbout?: boolean;
  /** What must be read, by somebody who reads Chinese or English. */
  readonly says?: readonly [string, string];
  /** What must not be. */
  readonly hides?: RegExp;
}

const about = /太吵|Too loud/;
const paid = (clip: Film): ScreenDecision =>
  decision(clip.sha256, {
    occasion: 'touch',
    campaign: 'camp_00000000000000000001',
    advertiser: '老巷面馆（梧桐里南门店）有限责任公司',
    qr: qrSvg('https://gatecast.example/q/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'),
  });
const announcement = {
  level: 'announcement',
  title: '停水通知',
  text: long('今晚十点到明早六点二号楼停水，请提前储水。', 60),
} as const;
const emergency = {
  level: 'emergency',
  title: long('二号楼地下车库火警', 40),
  text: long('请走南门，不要乘坐电梯，不要回去拿东西。', 200),
} as const;

const scenes: readonly Scene[] = [
  { name: 'no content', says: ['太吵', 'Too loud'], hides: /undefined|null/ },
  { name: 'no content at night', state: () => ({ isQuiet: true, brightnessPercent: 40 }), says: ['07:40', '07:40'] },
  {
    name: 'idle',
    state: () => ({ ambient: decision(bright.sha256) }),
    says: ['求助请按 0 #', 'For help'],
    hides: about,
  },
  {
    name: 'idle, how to object to it, and a long name',
    state: () => ({ ambient: decision(bright.sha256), community: long('东湖国际花园城北区三期', 40) }),
    tellsAbout: true,
    says: ['太吵', 'Too loud'],
  },
  {
    name: 'idle with an announcement',
    state: () => ({ ambient: decision(dark.sha256), notices: [announcement] }),
    says: ['停水通知', '停水通知'],
  },
  {
    name: 'idle at night',
    state: () => ({ ambient: decision(bright.sha256), isQuiet: true, brightnessPercent: 40 }),
    hides: /已|Ad/,
  },
  { name: 'emergency', state: () => ({ ambient: decision(bright.sha256), notices: [emergency, announcement] }) },
  {
    name: 'opened',
    state: () => ({ touch: paid(bright) }),
    door: { kind: 'opened', word: null },
    says: ['广告', '广告'],
    hides: /授权|consent|团购已到|ready to collect/,
  },
  {
    name: 'opened by somebody who opted in',
    state: () => ({ touch: { ...paid(bright), optedIn: true } }),
    door: { kind: 'opened', word: null },
    says: ['已参考您的授权', 'with your consent'],
  },
  {
    name: 'opened by somebody for whom something waits',
    state: () => ({ touch: paid(bright) }),
    door: { kind: 'opened', word: 'pick-up' },
    says: ['您的团购已到，可到店自提', 'Your group-buy is ready to collect'],
    hides: /授权|consent/,
  },
  {
    name: 'opened, a long name and the notice',
    state: () => ({
      touch: { ...paid(bright), optedIn: true, advertiser: long('老巷面馆（梧桐里南门店）有限责任公司', 80) },
    }),
    door: { kind: 'opened', word: null },
    tellsAbout: true,
    hides: about,
  },
  {
    name: 'opened, dark clip, a long name without a gap',
    state: () => ({ touch: { ...paid(dark), advertiser: long('Noodles', 80) } }),
    door: { kind: 'opened', word: null },
    says: ['门已开', 'Door'],
  },
  { name: 'typing', door: { kind: 'typing', dots: 16 }, says: ['输完请按 #', 'press #'], hides: /\d{4}/ },
  { name: 'refused', door: { kind: 'refused', advice: 'check-code' }, says: ['请重试', 'Try again'] },
  { name: 'refused, a code to show again', door: { kind: 'refused', advice: 'show-again' }, stands: 'refused' },
  { name: 'refused for a while', door: { kind: 'refused', advice: 'wait' }, stands: 'wait', says: ['请稍候', 'wait'] },
  {
    name: 'refused, nobody can come in',
    door: { kind: 'refused', advice: 'call-property' },
    stands: 'refused',
    says: ['0571-8888 6666', '0571-8888 6666'],
  },
  { name: 'help', door: { kind: 'help' }, says: ['0571-8888 6666', '0571-8888 6666'] },
  {
    name: 'emergency, and somebody opens',
    state: () => ({ notices: [emergency], touch: paid(bright) }),
    door: { kind: 'opened', word: null },
    says: ['门已开', 'Door open'],
  },
  {
    name: 'to be installed',
    state: () => ({
      community: '',
      complaintQr: null,
      officePhone: null,
      enrolment: { state: 'waiting', code: 'ABCD2345', qr: qrSvg('https://gatecast.example/property/claim') },
    }),
    says: ['ABCD 2345', 'ABCD 2345'],
  },
];

const sizes = [
  // The smallest words that must be read: 1 cm on a 21-inch panel, the captions of codes a little less.
  { width: 720, height: 1_280, textPxMin: 26 },
  { width: 1_080, height: 1_920, textPxMin: 39 },
  // Hung across: all of it stands, smaller.
  { width: 1_280, height: 720, textPxMin: 14 },
] as const;

const dataOf = (page: Page) =>
  page.evaluate(() => Object.fromEntries(Object.entries(document.documentElement.dataset)));

/** A page that has just been started. */
async function open(context: BrowserContext, lang: string): Promise<Page> {
  now = base();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/?token=${token}&lang=${lang}`);
  await waitUntil('the page at rest', async () => {
    const { state, turn } = await dataOf(page);
    return state === 'idle' && turn !== undefined;
  });
  return page;
}

let scenesShown = 0;

async function show(page: Page, { state, door, stands, tellsAbout = false }: Scene): Promise<void> {
  scenesShown += 1;
  await page.evaluate((tells) => document.documentElement.classList.toggle('tells-about', tells), tellsAbout);
  const own = (shown: ScreenDecision | null | undefined, kind: string): ScreenDecision | null =>
    shown ? { ...shown, decision: `${shown.decision}-${kind}-${scenesShown}` } : null;
  const wanted = { ...base(), ...state?.() };
  now = { ...wanted, ambient: own(wanted.ambient, 'ambient'), touch: own(wanted.touch, 'touch') };
  // Whatever is on ends at once, so that nothing is waited for.
  for (const { sha256 } of [bright, dark]) server.send('withdrawn', { clip: sha256 });
  server.send('state', now);
  const playing = now.touch ?? now.ambient;
  await waitUntil(
    'what is to be shown',
    async () => ((await dataOf(page))['decision'] ?? '') === (playing?.decision ?? ''),
  );
  if (door) {
    server.send('door', door);
    const becomes = stands ?? door.kind;
    await waitUntil(`the page to be ${becomes}`, async () => (await dataOf(page))['state'] === becomes);
  }
  const { notices, enrolment } = now;
  const isUp = async (title: string) => (await page.locator('body').innerText()).includes(title);
  for (const { title } of notices.slice(0, 1)) await waitUntil('the notice', () => isUp(title));
  if (enrolment) await page.locator('.enrolment-code').getByText('ABCD').waitFor();
}

/** What is wrong with how the page stands now, in sentences; a picture of it is kept. */
async function faultsOf(page: Page, name: string, textPxMin: number, { says, hides }: Scene, lang: string) {
  await page.screenshot({ path: join(picturesDir, `${name.replace(/[^a-z0-9]+/g, '-')}.png`) });
  const { overlaps, onPicture, cutOff, tooSmall, words } = await layoutOf(page, textPxMin - 0.5);
  const said = says?.[lang === 'zh' ? 0 : 1] ?? '';
  return [
    ...overlaps.map((pair) => `overlap: ${pair}`),
    ...onPicture.map((one) => `on the picture or beyond its edge: ${one}`),
    ...cutOff.map((one) => `cut off: ${one}`),
    ...tooSmall.map((one) => `too small: ${one}`),
    ...(textPxMin === 26 ? await contrastFaults(page) : []).map((one) => `contrast: ${one}`),
    ...(words.includes(said) ? [] : [`does not say ${said}, but ${words}`]),
    ...(hides?.test(words) ? [`says ${words}`] : []),
  ].map((fault) => `${name}: ${fault}`);
}

/** What stands on a half-dark ground over a clip, on the worst clip there is: a white one under white words, a black one under black words. */
async function contrastOnAnyClip(page: Page, selector: string): Promise<number> {
  const { ground, ink } = await page.locator(selector).evaluate((element) => {
    const { backgroundColor, color } = getComputedStyle(element);
    return { ground: backgroundColor, ink: color };
  });
  const partsOf = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const lightOf = (channels: readonly number[]): number => {
    // WCAG 2.2, relative luminance.
    const [r = 0, g = 0, b = 0] = channels.map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [alpha = 1] = partsOf(ground).slice(3);
  const words = lightOf(partsOf(ink).slice(0, 3));
  const ratios = [0, 255].map((clip) => {
    const behind = lightOf(
      partsOf(ground)
        .slice(0, 3)
        .map((channel) => channel * alpha + clip * (1 - alpha)),
    );
    return (Math.max(words, behind) + 0.05) / (Math.min(words, behind) + 0.05);
  });
  return Math.min(...ratios);
}

async function contrastFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await inPage.run({ runOnly: ['color-contrast'] });
    return violations.flatMap(({ nodes }) => nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`));
  });
}

const looks = ['zh', 'en'].flatMap((lang) => sizes.map((size) => ({ lang, ...size })));

describe('the screen', () => {
  it.each(looks)('shows every state whole and readable in $lang at $width × $height', async (size) => {
    const { lang, textPxMin, ...viewport } = size;
    const context = await browser.newContext({ viewport, bypassCSP: true, reducedMotion: 'reduce' });
    await context.addInitScript(() => {
      // The drift stands still: the scene says which step it is, however long a busy machine takes.
      const every = window.setInterval;
      Object.assign(window, {
        setInterval: (call: () => void, ms: number) => (ms === 45_000 ? 0 : every(call, ms)),
      });
    });
    const page = await open(context, lang);
    const faults: string[] = [];
    const look = async (scene: Scene) => {
      const name = `${scene.name} ${lang} ${viewport.width}`;
      faults.push(...(await faultsOf(page, name, textPxMin, scene, lang)));
    };
    for (const scene of scenes) {
      await show(page, scene);
      await look(scene);
    }
    await show(page, { name: 'idle', state: () => ({ ambient: decision(bright.sha256) }) });
    await server.stop();
    await waitUntil('the break to be noticed', async () => (await dataOf(page))['state'] === 'offline');
    await look({ name: 'out of reach of its agent', says: ['恢复连接', 'Reconnecting'] });
    await context.close();
    await server.start();
    expect(faults).toEqual([]);
  });

  interface Heard extends Window {
    heard: { notes: number[]; words: string[]; volumes: number[] };
  }

  it('marks a paid clip so that it can be read on whatever clip it stands', async () => {
    const context = await browser.newContext({ viewport: { width: 720, height: 1_280 } });
    const page = await open(context, 'zh');
    await show(page, { name: 'paid', state: () => ({ touch: paid(bright) }) });
    expect(await page.locator('.legal').innerText()).toMatch(/^广告 · 老巷面馆/);
    expect(await contrastOnAnyClip(page, '.legal')).toBeGreaterThanOrEqual(4.5);
    await show(page, { name: 'ours', state: () => ({ ambient: decision(bright.sha256), notices: [announcement] }) });
    expect(await page.locator('.legal').isHidden()).toBe(true);
    expect(await contrastOnAnyClip(page, '.notice')).toBeGreaterThanOrEqual(4.5);
    await context.close();
  });

  it('lets right, wrong, wait and help be heard, in notes and words, softly at night', async () => {
    const context = await browser.newContext({ viewport: { width: 720, height: 1_280 } });
    await context.addInitScript(() => {
      const heard: Heard['heard'] = { notes: [], words: [], volumes: [] };
      Object.assign(window, { heard });
      // oxlint-disable-next-line typescript/unbound-method -- given back its oscillator by `apply`
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (...when) {
        heard.notes.push(this.frequency.value);
        start.apply(this, when);
      };
      const voice = { lang: 'zh-CN', localService: true, name: 'of this machine' };
      const speechSynthesis = {
        getVoices: () => [{ lang: 'zh-CN', localService: false }, voice],
        cancel: () => {},
        speak: ({ text, volume }: { text: string; volume: number }) => {
          heard.words.push(text);
          heard.volumes.push(volume);
        },
      };
      Object.defineProperty(window, 'speechSynthesis', { value: speechSynthesis });
      class SpeechSynthesisUtterance {
        readonly text: string;
        constructor(text: string) {
          this.text = text;
        }
      }
      Object.assign(window, { SpeechSynthesisUtterance });
    });
    const page = await open(context, 'zh');
    const heard = () => page.evaluate(() => (window as unknown as Heard).heard);
    const shapes: string[] = [];
    const tell = async (door: ScreenDoor, words: string) => {
      const before = (await heard()).notes.length;
      server.send('door', door);
      await waitUntil(`the words ${words}`, async () => (await heard()).words.at(-1) === words);
      shapes.push((await heard()).notes.slice(before).join(' '));
    };
    await tell({ kind: 'opened', word: null }, '门开了，请进');
    await tell({ kind: 'refused', advice: 'check-code' }, '没有打开，请重试');
    await tell({ kind: 'refused', advice: 'wait' }, '请稍候再试');
    await tell({ kind: 'help' }, '已呼叫物业，请稍等');
    expect(new Set(shapes).size).toBe(4);

    server.send('state', { ...base(), isQuiet: true, feedbackPercent: 12 });
    await waitUntil('the night', () => page.evaluate(() => document.documentElement.classList.contains('is-quiet')));
    await tell({ kind: 'opened', word: null }, '门开了，请进');
    const { volumes } = await heard();
    expect(volumes.at(-1)).toBeGreaterThan(0);
    expect(volumes.at(-1)).toBeLessThan((volumes[0] ?? 0) / 2);
    await context.close();
  });

  it('moves what always stands by a few pixels, and keeps it on the screen', async () => {
    const context = await browser.newContext({ viewport: { width: 720, height: 1_280 } });
    const page = await context.newPage();
    await page.clock.install();
    now = base();
    await page.goto(`http://127.0.0.1:${port}/?token=${token}`);
    const places = new Set<string>();
    for (let step = 0; step < 8; step += 1) {
      await waitUntil('a step', async () => {
        const box = await page.locator('.still-clock').boundingBox();
        const known = places.size;
        if (box) places.add(`${Math.round(box.x)} ${Math.round(box.y)}`);
        return places.size > known;
      });
      await page.clock.runFor(45_000);
    }
    expect(places.size).toBe(8);
    const xs = [...places].map((place) => Number(place.split(' ')[0]));
    expect(Math.max(...xs) - Math.min(...xs)).toBeLessThanOrEqual(20);
    await context.close();
  });
});
