import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { elapsed, instant, systemClock, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import { playRows, type MediaClip, type Plan } from '@gatecast/firmware-protocol/messages';
import { buildDashboards } from '../../dashboards/build.ts';
import { at, cell, entrance, entry, neighbourhoodPlan } from '../../edge-agent/src/player/plan.fixture.ts';
import {
  clipOf,
  cloudWith,
  documentsInMemory,
  gateConfig,
  journalInMemory,
  memoryInMemory,
  openingAt,
  playerParts,
  temporaryDir,
} from '../../edge-agent/src/player/player.fixture.ts';
import { createPlayer, type Player } from '../../edge-agent/src/player/player.ts';
import { openBrowser } from '../harness/browser.ts';
import { readQrSvg } from '../harness/demo/screen-link.ts';
import { waitUntil } from '../harness/wait-until.ts';

const pageDir = fileURLToPath(new URL('../../dashboards/dist/screen', import.meta.url));

interface Film {
  readonly bytes: Buffer;
  readonly clip: MediaClip;
}

/** A bright clip with a moving picture and a sound, as a terminal gets them. */
async function film(
  dir: string,
  name: string,
  colour: string,
  seconds: number,
  change: Partial<MediaClip>,
): Promise<Film> {
  const file = join(dir, `${name}.mp4`);
  const picture = `color=c=${colour}:s=360x640:r=25:d=${seconds},drawbox=x=mod(t*120\\,300):y=280:w=60:h=80:c=white:t=fill`;
  const encoding = '-c:v libx264 -profile:v baseline -pix_fmt yuv420p -g 50 -c:a aac -movflags +faststart -shortest -y';
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', `sine=f=440:d=${seconds}`];
  await promisify(execFile)(ffmpeg.path, ['-v', 'error', ...inputs, ...encoding.split(' '), file]);
  return clipOf(await readFile(file), { durationMs: seconds * 1_000, width: 360, height: 640, ...change });
}

let films: { house: Film; night: Film; noodles: Film };
let filmDir: Awaited<ReturnType<typeof temporaryDir>>;
let browser: Browser;
beforeAll(async () => {
  filmDir = await temporaryDir();
  await buildDashboards({ only: ['screen'] });
  films = {
    house: await film(filmDir.path, 'house', '0x2e8b57', 5, { title: '欢迎回家' }),
    night: await film(filmDir.path, 'night', '0x6a5acd', 5, { title: '晚安' }),
    noodles: await film(filmDir.path, 'noodles', '0xd2691e', 4, { advertiser: '老巷面馆', hasDeal: true }),
  };
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await filmDir?.remove();
});

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let gate: Awaited<ReturnType<typeof openGate>>;
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

/** A player on a terminal whose wall clock shows what the test says. */
async function openGate(time: string, broken?: Film) {
  let began = systemClock.now();
  let shown: InstantMs = at(time);
  const clock: Clock = {
    now: () => instant(shown + elapsed(began, systemClock.now())),
    mono: () => systemClock.mono(),
  };
  const { house, night, noodles } = films;
  const sold = entry({ clip: (broken ?? noodles).clip.sha256 });
  const plan = {
    ...neighbourhoodPlan([cell([sold])], { notices: [] }),
    house: [
      { clip: house.clip.sha256, segment: 'families' as const },
      { clip: night.clip.sha256, segment: 'night' as const },
    ],
  };
  const all = [house, night, noodles, ...(broken ? [broken] : [])];
  const journal = journalInMemory();
  const documents = documentsInMemory({ config: gateConfig(), plan, media: { clips: all.map((f) => f.clip) } });
  const parts = playerParts(dir.path, {
    clock,
    journal,
    memory: memoryInMemory(),
    documents,
    fetchMedia: cloudWith(all.map((f) => f.bytes)),
    screen: { port: 0, frameAncestors: [], pageDir },
  });
  const player: Player = createPlayer(parts);
  const { url } = await player.start();
  return {
    url,
    player,
    journal,
    sold,
    /** The property puts up what is to be read from now on. */
    announce: (...notices: readonly Notice[]) => documents.apply('plan', { plan: { ...plan, notices: [...notices] } }),
    setTime(to: string) {
      began = systemClock.now();
      shown = at(to);
    },
    /** The same terminal after a restart, at the same address. */
    async restart() {
      await player.stop();
      const port = Number(new URL(url).port);
      const again = createPlayer({ ...parts, screen: { ...parts.screen, port } });
      await again.start();
      return again;
    },
    open() {
      const opening = openingAt(clock);
      player.listener.opened(opening);
      player.listener.contact(entrance, true);
      return opening;
    },
    close: () => player.listener.contact(entrance, false),
    plays: () => journal.of('play').map((row) => playRows.play.parse(row)),
  };
}

beforeEach(async () => {
  dir = await temporaryDir();
});
afterEach(async () => {
  await page?.close();
  await gate?.player.stop();
  await dir.remove();
});

async function look(url = gate.url, size = { width: 720, height: 1280 }): Promise<void> {
  page = await browser.newPage({ viewport: size });
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

/** Looks at the picture in each turn of the browser's drawing, and keeps the longest time that it was dark. */
const watchForBlack = () =>
  page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 4, height: 4 });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    let since = 0;
    const sample = (now: number) => {
      const video = document.querySelector<HTMLVideoElement>('.has-picture video.front');
      if (context && video) context.drawImage(video, 0, 0, 4, 4);
      const pixels = video && video.readyState >= 2 ? context?.getImageData(0, 0, 4, 4).data : undefined;
      const isBright = pixels?.some((value, index) => index % 4 !== 3 && value > 40) ?? false;
      if (isBright) since = 0;
      else {
        since ||= now;
        const { dataset } = document.body;
        dataset['blackMs'] = String(Math.max(Number(dataset['blackMs'] ?? 0), now - since + 16));
      }
      requestAnimationFrame(sample);
    };
    requestAnimationFrame(sample);
  });
const blackMs = () => page.evaluate(() => Number(document.body.dataset['blackMs'] ?? 0));

describe('the screen at the gate', () => {
  it('replaces the ambient clip at an opening without black, proves what was seen, and comes back', async () => {
    gate = await openGate('07:40');
    await look();
    await showing(films.house);
    await nextReady(films.noodles);
    await watchForBlack();

    const opening = gate.open();
    await showing(films.noodles);
    expect(await data('campaign')).toBe(gate.sold.campaign);
    expect(Number(await data('firstFrameMs'))).toBeLessThan(1_000);
    expect(await data('state')).toBe('opened');
    await page.getByText('门已开 请进').waitFor();
    expect(await page.locator('.legal').textContent()).toBe('广告 · 老巷面馆');
    const qr = decodeURIComponent((await page.locator('.qr').getAttribute('src')) ?? '');
    expect(readQrSvg(qr)).toMatch(/^https:\/\/gatecast\.example\/q\/[\w-]{35}$/);

    await showing(films.house);
    gate.close();
    expect(await blackMs()).toBe(0);
    const play = await waitUntil('the play', () => gate.plays().find((p) => p.touch === opening.touch));
    expect(play).toMatchObject({
      campaign: gate.sold.campaign,
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
    gate = await openGate('07:40', broken);
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
    gate.announce(notice({}));
    await page.getByText('停水通知 · 今晚十点到明早六点停水').waitFor();
    expect(await page.locator('.emergency').isHidden()).toBe(true);

    gate.announce(notice({}), notice({ id: 'note_2', level: 'emergency', title: '二号楼火警', text: '请走南门' }));
    await page.getByRole('alert').getByText('请走南门').waitFor();
    const box = await page.locator('.emergency').boundingBox();
    expect(box).toMatchObject({ width: 720 });
    const opening = gate.open();
    await page.getByText('门已开 请进').waitFor();
    await showing(films.noodles);
    await showing(films.house);
    const play = await waitUntil('the play', () => gate.plays().find((p) => p.touch === opening.touch));
    expect(play).toMatchObject({ rendered: false, viewable: false, completed: false });

    gate.announce();
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
