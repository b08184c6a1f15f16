import { mkdir, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  halfHourOf,
  instant,
  milliseconds,
  newId,
  systemClock,
  type Clock,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { parseShortLink, playRows, type PlayReport, type ScreenEvents } from '@gatecast/firmware-protocol/messages';
import { cell, entrance, entry, morning, neighbourhoodPlan } from './plan.fixture.ts';
import {
  clipOf,
  cloudWith,
  documentsInMemory,
  gateConfig,
  journalInMemory,
  manifestOf,
  memoryInMemory,
  openingAt,
  playerParts,
  temporaryDir,
} from './player.fixture.ts';
import { createPlayer, type Player } from './player.ts';
import { qrSvg, shortLinkUrl } from './qr-code.ts';

const still = randomBytes(1_000);
const poster = { sha256: sha256Hex(still), bytes: still.length };
const house = clipOf(randomBytes(3_000), { title: '梧桐里欢迎您', poster });
const noodles = clipOf(randomBytes(4_000), { advertiser: '老巷面馆', hasDeal: true, durationMs: 4_000 });
const sold = entry({ clip: noodles.clip.sha256, remaining: 1 });

/** 07:40 when the tests begin, whatever the real hour. */
const began = systemClock.mono();
const clock: Clock = {
  now: () => instant(Math.floor(morning + systemClock.mono() - began)),
  mono: () => systemClock.mono(),
};

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let player: Player;
let kiosk: URL;
let journal: ReturnType<typeof journalInMemory>;
let documents: ReturnType<typeof documentsInMemory>;
/** The latest moment that the terminal ever trusted. */
let provenNow: InstantMs | undefined;
const memory = memoryInMemory();

const todaysPlan = () => ({
  ...neighbourhoodPlan([cell([sold])]),
  house: [{ clip: house.clip.sha256, segment: 'all' as const }],
});

beforeEach(async () => {
  dir = await temporaryDir();
  journal = journalInMemory();
  memory.values.clear();
  await mkdir(join(dir.path, 'page/assets'), { recursive: true });
  await writeFile(join(dir.path, 'page/index.html'), '<!doctype html><title>门播</title>');
  await writeFile(join(dir.path, 'page/assets/screen.js'), '0');
  documents = documentsInMemory({
    config: gateConfig(),
    plan: todaysPlan(),
    media: manifestOf(house.clip, noodles.clip),
  });
  provenNow = undefined;
  player = createPlayer(
    playerParts(dir.path, {
      clock,
      provenNow: () => provenNow,
      journal,
      memory,
      documents,
      fetchMedia: cloudWith([house.bytes, noodles.bytes, still]),
      screen: { port: 0, frameAncestors: ['http://127.0.0.1:9'], pageDir: join(dir.path, 'page') },
    }),
  );
  kiosk = new URL((await player.start()).url);
});
afterEach(async () => {
  await player.stop();
  await dir.remove();
});

const at = (path: string) => new URL(`${path}${kiosk.search}`, kiosk);

/** A request as a hostile page could make it: any Host, any Origin. */
function raw(url: URL, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** A page that listens. */
async function openPage() {
  const stop = new AbortController();
  const response = await fetch(at('/events'), { signal: stop.signal });
  const heard: { event: string; data: unknown }[] = [];
  async function listen() {
    let buffer = '';
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const messages = (buffer + piece).split('\n\n');
      buffer = messages.pop() ?? '';
      for (const message of messages) {
        const event = /^event: (.*)$/m.exec(message)?.[1] ?? '';
        heard.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(message)?.[1] ?? 'null') });
      }
    }
  }
  listen().catch(() => undefined);
  const last = <E extends keyof ScreenEvents>(event: E) =>
    heard.findLast((h) => h.event === event)?.data as ScreenEvents[E] | undefined;
  return { heard, last, close: () => stop.abort(), status: response.status };
}

/** Both clips are there and the page knows which comes next. */
async function readyPage() {
  const page = await openPage();
  await expect.poll(() => page.last('state')?.nextClip).toBe(noodles.clip.sha256);
  return page;
}

async function codeOf(response: Response): Promise<string> {
  return z.object({ code: z.string() }).parse(await response.json()).code;
}

async function report(decision: string, change: Partial<PlayReport> = {}): Promise<{ status: number; code?: string }> {
  const body: PlayReport = {
    decision,
    spans: [],
    framesDropped: 0,
    muted: true,
    endReason: 'finished',
    measuredBy: 'frames',
    ...change,
  };
  const response = await fetch(at('/plays'), { method: 'POST', body: JSON.stringify(body) });
  return response.status === 204 ? { status: 204 } : { status: response.status, code: await codeOf(response) };
}

const threeSecondsAgo = () => ({
  startedAt: instant(clock.now() - 3_000),
  startedMono: milliseconds(clock.mono() - 3_000),
});

describe('the screen server', () => {
  it('shows its page to the kiosk, under a strict policy', async () => {
    const response = await fetch(kiosk);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'self' http://127.0.0.1:9");
    expect((await fetch(new URL('/assets/screen.js', kiosk))).status).toBe(200);
  });

  it('tells a page without the token nothing', async () => {
    for (const path of ['/', '/events', `/clips/${house.clip.sha256}.mp4`]) {
      const response = await fetch(new URL(`${path}?token=guess`, kiosk));
      expect(response.status).toBe(403);
      expect(await response.text()).not.toMatch(/token/i);
    }
    const post = await fetch(new URL('/plays', kiosk), { method: 'POST', body: '{}' });
    expect(post.status).toBe(403);
  });

  it('refuses another host and another origin', async () => {
    expect(await raw(kiosk, { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await raw(at('/plays'), { origin: 'http://evil.example' }, 'POST')).toMatchObject({ status: 403 });
    expect(await raw(kiosk, { host: kiosk.host, origin: kiosk.origin })).toMatchObject({ status: 200 });
  });

  it('serves clips by range, for good, and only those it has verified', async () => {
    await readyPage();
    const url = at(`/clips/${noodles.clip.sha256}.mp4`);
    const part = await fetch(url, { headers: { range: 'bytes=1000-1999' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(noodles.bytes.subarray(1_000, 2_000));
    expect(part.headers.get('cache-control')).toContain('immutable');
    expect(part.headers.get('content-type')).toBe('video/mp4');
    expect((await fetch(url, { headers: { range: 'bytes=9999-' } })).status).toBe(416);
    const tail = await fetch(url, { headers: { range: 'bytes=-10' } });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(noodles.bytes.subarray(-10));
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(noodles.bytes.length)]);
    expect((await fetch(at(`/clips/${'0'.repeat(64)}.mp4`))).status).toBe(404);
    expect((await fetch(at('/clips/..%2f..%2fetc%2fpasswd.mp4'))).status).toBe(404);
  });

  it('tells of a clip’s still once it is here, and serves it', async () => {
    const page = await readyPage();
    const unknown = at(`/clips/${'0'.repeat(64)}.jpg`);
    expect((await fetch(unknown)).status).toBe(404);
    await expect
      .poll(async () => (await fetch(at(`/clips/${poster.sha256}.jpg`))).headers.get('content-type'))
      .toBe('image/jpeg');
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')).toMatchObject({ clip: noodles.clip.sha256, poster: null });
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')).toMatchObject({ clip: house.clip.sha256, poster: poster.sha256 });
  });

  it('takes only so many pages', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, openPage));
    expect((await openPage()).status).toBe(503);
    pages[0]?.close();
    await expect.poll(async () => (await openPage()).status).toBe(200);
  });

  it('keeps the token when only the agent starts again, and changes it after a boot', async () => {
    const token = kiosk.search;
    await player.stop();
    kiosk = new URL((await player.start()).url);
    expect(kiosk.search).toBe(token);
    await player.stop();
    memory.values.set('player-screen-token', JSON.stringify({ boot: 'an earlier one', token: 'old' }));
    kiosk = new URL((await player.start()).url);
    expect(kiosk.search).not.toBe(token);
  });
});

describe('an opening', () => {
  it('makes the page play the clip that was sold, with its QR code', async () => {
    const page = await readyPage();
    expect(page.last('state')?.ambient?.clip).toBe(house.clip.sha256);
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')?.occasion).toBe('touch');
    expect(page.last('decision')).toMatchObject({
      clip: noodles.clip.sha256,
      campaign: sold.campaign,
      advertiser: '老巷面馆',
    });
    // This terminal, the half-hour and the clip, signed with the terminal's own key.
    const link = { terminalNo: 7, halfHour: halfHourOf(clock.now()), campaignNo: sold.campaignNo };
    const url = shortLinkUrl('https://gatecast.example/q/', Buffer.alloc(32, 7), {
      ...link,
      clipPrefix: noodles.clip.sha256.slice(0, 8),
    });
    expect(page.last('decision')?.qr).toBe(qrSvg(url));
    await expect.poll(() => page.last('door')).toEqual({ kind: 'opened', word: null });
  });

  it('tells who opted in that this had a part in what they see, and tells nobody else so', async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock, { pseudonym: 'AAAAAAAAAAAAAAAAAAAAAA' }));
    await expect.poll(() => page.last('decision')).toMatchObject({ campaign: sold.campaign, optedIn: true });
    expect(JSON.stringify(page.last('state'))).not.toContain('AAAAAAAAAAAAAAAAAAAAAA');
    // What was sold is spent: the next one sees the house's own, which nobody's consent chose.
    player.listener.opened(openingAt(clock, { pseudonym: 'BBBBBBBBBBBBBBBBBBBBBB' }));
    await expect.poll(() => page.last('decision')).toMatchObject({ campaign: null, optedIn: false });
  });

  it('of somebody who did not opt in says nothing of consent', async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')).toMatchObject({ campaign: sold.campaign, optedIn: false });
  });

  it('tells who asked for it, and nobody else, that something waits for them', async () => {
    const page = await readyPage();
    const mine = 'W'.repeat(22);
    const waits = { name: mine, kind: 'pick-up', until: instant(clock.now() + 60_000) } as const;
    documents.apply('notices', { notices: { notices: [], personal: [waits] } });
    const words = () => page.heard.flatMap(({ event, data }) => (event === 'door' ? [data] : []));
    // A neighbour, then an opted-in neighbour for whom nothing waits, then the one who is meant.
    for (const noticeName of [null, 'N'.repeat(22), mine]) player.listener.opened(openingAt(clock, { noticeName }));
    await expect.poll(words).toEqual([null, null, 'pick-up'].map((word) => ({ kind: 'opened', word })));
    await expect.poll(() => JSON.stringify([...memory.values])).toContain(mine);
    // Collected, or taken back: the next opening is like anybody's, and nothing of it is kept.
    documents.apply('notices', { notices: { notices: [], personal: [] } });
    player.listener.opened(openingAt(clock, { noticeName: mine }));
    await expect.poll(() => words().length).toBe(4);
    expect(words().at(-1)).toEqual({ kind: 'opened', word: null });
    await expect.poll(() => JSON.stringify([...memory.values])).not.toContain(mine);
    await player.stop();
    expect(JSON.stringify([journal.rows, page.heard])).not.toContain(mine);
  });

  it('is one journalled play, however often it is reported', async () => {
    const page = await readyPage();
    const opening = openingAt(clock, threeSecondsAgo());
    player.listener.opened(opening);
    await expect.poll(() => page.last('decision')?.occasion).toBe('touch');
    const decision = page.last('decision')?.decision ?? '';
    const spans = [{ fromMs: 100, toMs: 2_900, frames: 70 }];
    expect(await report(decision, { spans })).toEqual({ status: 204 });
    expect(await report(decision, { spans })).toEqual({ status: 409, code: 'already-counted' });
    const plays = journal.of('play').filter((row) => row['touch'] === opening.touch);
    expect(plays).toHaveLength(1);
    expect(playRows.play.parse(plays[0])).toMatchObject({
      billable: true,
      entrance,
      campaign: sold.campaign,
      halfHour: halfHourOf(opening.startedAt),
      rendered: true,
      viewable: true,
      completed: false,
      shownMs: 2_800,
      panel: 'unproven',
      milliTouches: 1_000,
    });
  });

  it('is forgotten with whoever opts out, on the disk too', async () => {
    await readyPage();
    const capped = { ...sold, cap: { plays: 1, windowMs: 86_400_000 } };
    documents.apply('plan', { plan: { ...todaysPlan(), cells: [cell([capped])] } });
    player.listener.opened(openingAt(clock, { pseudonym: 'a-neighbour' }));
    const kept = () => JSON.stringify([...memory.values]);
    await expect.poll(kept).toContain('a-neighbour');
    player.listener.optedIn(new Set(['another']));
    await expect.poll(kept).not.toContain('a-neighbour');
    await player.stop();
    expect(JSON.stringify(journal.rows)).not.toContain('a-neighbour');
  });

  it('is forgotten when its time is over, on the disk too, though nobody comes', async () => {
    const capped = { ...sold, cap: { plays: 1, windowMs: 1 } };
    documents.apply('plan', { plan: { ...todaysPlan(), cells: [cell([capped])] } });
    await readyPage();
    player.listener.opened(openingAt(clock, { pseudonym: 'a-neighbour' }));
    await expect.poll(() => JSON.stringify([...memory.values]), { timeout: 5_000 }).toContain('player-sightings');
    await expect.poll(() => memory.values.get('player-sightings'), { timeout: 5_000 }).toBe('[]');
  });

  it('owes the campaign its play again when nobody could see it', async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')?.campaign).toBe(sold.campaign);
    await expect.poll(() => page.last('state')?.nextClip).toBe(house.clip.sha256);
    await report(page.last('decision')?.decision ?? '', { endReason: 'stalled' });
    player.listener.opened(openingAt(clock));
    await expect
      .poll(() =>
        page.heard.filter((h) => h.event === 'decision').map((h) => (h.data as ScreenEvents['decision']).campaign),
      )
      .toEqual([null, sold.campaign, sold.campaign]);
  });

  it('leaves a clip alone that the page could not decode: the next one sees another', async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')?.campaign).toBe(sold.campaign);
    await report(page.last('decision')?.decision ?? '', { endReason: 'error' });
    player.listener.opened(openingAt(clock));
    await expect
      .poll(() => page.last('decision'))
      .toMatchObject({ occasion: 'touch', clip: house.clip.sha256, campaign: null });
  });

  it('is told to a page that comes in the middle of it', async () => {
    await readyPage();
    player.listener.opened(openingAt(clock));
    const late = await openPage();
    await expect.poll(() => late.last('state')?.touch?.clip).toBe(noodles.clip.sha256);
  });

  it('by staff shows a house clip and costs the campaign nothing', async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock, { unbillable: 'staff' }));
    await expect
      .poll(() => page.last('decision'))
      .toMatchObject({ occasion: 'touch', clip: house.clip.sha256, campaign: null, qr: null });
    expect(page.last('state')?.nextClip).toBe(noodles.clip.sha256);
  });

  it('is remembered when the agent starts again: what is owed stays spent', async () => {
    const page = await readyPage();
    const opening = openingAt(clock, threeSecondsAgo());
    player.listener.opened(opening);
    await expect.poll(() => page.last('decision')?.occasion).toBe('touch');
    await report(page.last('decision')?.decision ?? '', { spans: [{ fromMs: 0, toMs: 2_500, frames: 60 }] });
    await player.stop();
    kiosk = new URL((await player.start()).url);
    const again = await openPage();
    await expect.poll(() => again.last('state')?.nextClip).toBe(house.clip.sha256);
  });

  it('whose page never reports is journalled as such when the agent stops', async () => {
    await readyPage();
    const opening = openingAt(clock);
    player.listener.opened(opening);
    await player.stop();
    expect(journal.of('play').filter((row) => row['touch'] === opening.touch)).toMatchObject([
      { endReason: 'screen-gone', rendered: false, framesPresented: 0 },
    ]);
    expect(journal.of('touch')).toMatchObject([{ touch: opening.touch, endedBy: 'timeout' }]);
  });
});

describe('a clip that may be shown no more', () => {
  const isOff = async (page: Awaited<ReturnType<typeof openPage>>, clip: string) => {
    await expect.poll(() => page.last('withdrawn'), { timeout: 5_000 }).toEqual({ clip });
    const late = await openPage();
    await expect.poll(() => late.last('state')).toBeDefined();
    expect([late.last('state')?.touch, late.last('state')?.nextClip]).toEqual([null, house.clip.sha256]);
  };
  const playing = async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')?.campaign).toBe(sold.campaign);
    return page;
  };

  it('stops in the middle when it leaves the manifest, and is not chosen again', async () => {
    const page = await playing();
    documents.apply('media', { media: manifestOf(house.clip) });
    await isOff(page, noodles.clip.sha256);
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')).toMatchObject({ occasion: 'touch', clip: house.clip.sha256 });
  });

  it('stops in the middle at its last moment, without a word from the cloud', async () => {
    const page = await playing();
    const until = instant(clock.now() + 300);
    documents.apply('media', { media: manifestOf(house.clip, { ...noodles.clip, until }) });
    await isOff(page, noodles.clip.sha256);
  });

  it('does not come back with a clock that was turned back', async () => {
    const page = await playing();
    const until = instant(clock.now() + 60_000);
    documents.apply('media', { media: manifestOf(house.clip, { ...noodles.clip, until }) });
    expect(page.last('withdrawn')).toBeUndefined();
    provenNow = until;
    await isOff(page, noodles.clip.sha256);
  });

  it('does not come back with the version before, which a version that does not work gives way to', async () => {
    const page = await playing();
    const takenDown = [noodles.clip.sha256];
    documents.try('media', { media: { ...manifestOf(house.clip), takenDown } });
    await isOff(page, noodles.clip.sha256);
    documents.revert('media');
    const late = await openPage();
    await expect.poll(() => late.last('state')?.nextClip).toBe(house.clip.sha256);
    await player.stop();
    kiosk = new URL((await player.start()).url);
    const again = await openPage();
    await expect.poll(() => again.last('state')?.nextClip).toBe(house.clip.sha256);
  });

  it('stops in the middle when it is ordered to, without another manifest, and stays away over a restart and in any later one, until it is approved again', async () => {
    const page = await playing();
    const approvedAt = clock.now();
    const order = { clips: [noodles.clip.sha256], at: approvedAt };
    player.stopped.stop(order);
    await isOff(page, noodles.clip.sha256);
    await player.stop();
    kiosk = new URL((await player.start()).url);
    const nextIs = async (clip: string) => {
      const late = await openPage();
      await expect.poll(() => late.last('state')?.nextClip).toBe(clip);
    };
    await nextIs(house.clip.sha256);
    // Made before the order, it arrives after it.
    documents.apply('media', { media: manifestOf(house.clip, { ...noodles.clip, approvedAt, title: '面' }) });
    await nextIs(house.clip.sha256);
    const again = { ...noodles.clip, approvedAt: instant(approvedAt + 1) };
    documents.apply('media', { media: manifestOf(house.clip, again) });
    await nextIs(noodles.clip.sha256);
    player.stopped.stop(order);
    await nextIs(noodles.clip.sha256);
  });

  it('is not shown where it was ordered to stop before the screen was served', async () => {
    await player.stop();
    player.stopped.stop({ clips: [noodles.clip.sha256], at: clock.now() });
    kiosk = new URL((await player.start()).url);
    const page = await openPage();
    await expect.poll(() => page.last('state')?.nextClip).toBe(house.clip.sha256);
  });

  it('leaves the ambient picture too', async () => {
    const page = await readyPage();
    await expect.poll(() => page.last('decision')?.clip).toBe(house.clip.sha256);
    documents.apply('media', { media: manifestOf(noodles.clip) });
    await expect.poll(() => page.last('withdrawn')).toEqual({ clip: house.clip.sha256 });
    const late = await openPage();
    await expect.poll(() => late.last('state')?.ambient).toBeNull();
  });
});

describe('an ambient clip', () => {
  it('that its page has given up goes on under another decision, and not at all if it could not be decoded', async () => {
    const page = await readyPage();
    const first = page.last('state')?.ambient?.decision ?? '';
    expect(await report(first, { endReason: 'replaced' })).toEqual({ status: 204 });
    await expect.poll(() => page.last('decision')?.decision).not.toBe(first);
    expect(page.last('decision')).toMatchObject({ occasion: 'ambient', clip: house.clip.sha256 });
    const second = page.last('decision')?.decision ?? '';
    await report(second, { endReason: 'error' });
    const late = await openPage();
    await expect.poll(() => late.last('state')).toMatchObject({ ambient: null });
  });
});

describe('a play report', () => {
  it('is refused for a decision that the agent never made', async () => {
    expect(await report(newId('decision'))).toEqual({ status: 404, code: 'unknown-decision' });
  });

  it('is refused when it cannot be true, and a true one still counts', async () => {
    const page = await readyPage();
    player.listener.opened(openingAt(clock));
    await expect.poll(() => page.last('decision')?.occasion).toBe('touch');
    const decision = page.last('decision')?.decision ?? '';
    const spans = [{ fromMs: 0, toMs: 3_900, frames: 98 }];
    expect(await report(decision, { spans })).toEqual({ status: 422, code: 'impossible-report' });
    expect(await report(decision)).toEqual({ status: 204 });
  });

  it('is refused when it is malformed or too long', async () => {
    const post = (body: string) => fetch(at('/plays'), { method: 'POST', body });
    for (const body of ['', 'no json', '{}', '{"decision":"dec_1"}', '[]']) {
      const response = await post(body);
      expect([response.status, await codeOf(response)]).toEqual([400, 'malformed-report']);
    }
    expect((await post(JSON.stringify({ decision: 'x'.repeat(20_000) }))).status).toBe(413);
    expect(journal.of('play')).toEqual([]);
  });
});

describe('what the property is told of the screen', () => {
  it('is that nobody shows anything, then that nothing moves, then what plays, then that an emergency is on', async () => {
    expect(player.standing()).toMatchObject({ state: 'absent' });
    await readyPage();
    expect(player.standing()).toMatchObject({ state: 'dark', clip: house.clip.sha256, muted: false });
    await fetch(at('/pulse'), { method: 'POST', body: JSON.stringify({ sinceFrameMs: 0 }) });
    expect(player.standing()).toMatchObject({ state: 'playing', clip: house.clip.sha256 });
    player.listener.opened(openingAt(clock));
    expect(player.standing()).toMatchObject({ state: 'playing', clip: noodles.clip.sha256 });
    const emergency = { id: 'note_1', level: 'emergency', title: '火警', text: '', entrances: null } as const;
    const notices = [{ ...emergency, from: clock.now(), to: instant(clock.now() + 60_000) }];
    documents.apply('notices', { notices: { notices, personal: [] } });
    expect(player.standing()?.state).toBe('emergency');
    await player.stop();
    expect(player.standing()).toBeUndefined();
  });
});

describe('the keypad on the screen', () => {
  it('is dots, and a refusal that helps nobody to guess', async () => {
    const page = await readyPage();
    player.listener.typing(entrance, 40);
    await expect.poll(() => page.last('door')).toEqual({ kind: 'typing', dots: 16 });
    for (const reason of ['wrong-pin', 'unknown-unit', 'unknown-code'] as const)
      player.listener.refused(entrance, reason);
    await expect
      .poll(() =>
        page.heard
          .filter((h) => h.event === 'door')
          .slice(-3)
          .map((h) => h.data),
      )
      .toEqual(Array.from({ length: 3 }, () => ({ kind: 'refused', advice: 'check-code' })));
  });

  it('does not hold up the door before the player runs or after it stopped', async () => {
    await player.stop();
    player.listener.opened(openingAt(clock));
    player.listener.typing(entrance, 1);
    expect(journal.of('touch')).toEqual([]);
  });
});

it('signs the link behind the QR code with the terminal’s key', () => {
  const link = { terminalNo: 7, halfHour: halfHourOf(clock.now()), campaignNo: 3, clipPrefix: 'abcdef01' };
  const url = shortLinkUrl('https://gatecast.example/q/', Buffer.alloc(32, 7), link);
  expect(parseShortLink(url.slice('https://gatecast.example/q/'.length))?.link).toEqual(link);
});
