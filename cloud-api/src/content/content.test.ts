import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { approvedClip, merchantAt, shortVideo, upload, type TestMerchant } from '../test-market.ts';
import { claimedTerminal, neighbourhood, signInTerminal, type TestTerminal } from '../test-neighbourhood.ts';
import { mp4File } from './mp4.fixture.ts';

let world: TestApp;
let merchant: TestMerchant;
let terminal: TestTerminal;
let clipId: string;

beforeAll(async () => {
  world = await testApp();
  const here = await neighbourhood(world);
  terminal = await claimedTerminal(world, here);
  merchant = await merchantAt(world, here);
  clipId = await approvedClip(world, merchant.token);
}, 60_000);
afterAll(() => world.close());

const clip = async (id = clipId, token = merchant.token) =>
  (await world.call('GET', `/v1/clips/${id}`, { token })).body;
const fetchBytes = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await world.app.fetch(new Request(`http://gatecast.test${path}`, { headers }));
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

describe('a merchant’s video', () => {
  it('becomes a clip that the screens play, with a poster', async () => {
    expect(await clip()).toMatchObject({
      status: 'approved',
      title: '当季草莓',
      merchantName: '好邻居水果店',
      progressPercent: 100,
      width: 720,
      height: 1280,
      house: null,
    });
  });

  it('and its poster can be loaded with their signed addresses only, for an hour', async () => {
    const { posterUrl, videoUrl, sha256 } = await clip();
    const [poster, video] = [await fetchBytes(posterUrl), await fetchBytes(videoUrl)];
    expect(poster).toMatchObject({ status: 200 });
    expect(poster.headers.get('content-type')).toBe('image/jpeg');
    expect(createHash('sha256').update(video.bytes).digest('hex')).toBe(sha256);
    expect((await fetchBytes(posterUrl.replace('poster.jpg', 'video.mp4'))).status).toBe(403);
    expect((await fetchBytes(posterUrl.replace(/expires=\d/, 'expires=9'))).status).toBe(403);
    world.clock.advance((90 * 60_000) as never);
    expect((await fetchBytes(videoUrl)).status).toBe(403);
  });

  it('has a file and a still for each place and size, each with its own signed addresses', async () => {
    const { files, sha256, durationMs, bytes } = await clip();
    // Short and small as it is, it is one file for both places, and there is nothing for the larger screens.
    const about = { profile: 'B', sha256, durationMs, bytes, width: 720, height: 1280 };
    expect(files).toMatchObject([
      { cut: 'door', ...about },
      { cut: 'lift', ...about },
    ]);
    for (const { videoUrl, posterUrl } of files) {
      expect(
        createHash('sha256')
          .update((await fetchBytes(videoUrl)).bytes)
          .digest('hex'),
      ).toBe(sha256);
      expect((await fetchBytes(posterUrl)).headers.get('content-type')).toBe('image/jpeg');
    }
    const [{ videoUrl }] = files;
    expect((await fetchBytes(videoUrl.replace('/door/', '/lift/'))).status).toBe(403);
    expect((await fetchBytes(videoUrl.replace('/B/', '/A/'))).status).toBe(403);
  });

  it('is stored once under an idempotency key, which another file or title cannot borrow', async () => {
    const key = { 'idempotency-key': 'upload-1' };
    const first = await upload(world, merchant.token, mp4File(), { title: 'One' }, key);
    expect((await upload(world, merchant.token, mp4File(), { title: 'One' }, key)).body.id).toBe(first.body.id);
    const others = [
      await upload(world, merchant.token, mp4File({ durationMs: 9_000 }), { title: 'One' }, key),
      await upload(world, merchant.token, mp4File(), { title: 'Two' }, key),
    ];
    for (const other of others) {
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    }
  });

  it.each([
    ['words', Buffer.from('no video'), 422, 'video-not-mp4'],
    ['half a file', mp4File().subarray(0, 900), 422, 'video-truncated'],
    ['a film', mp4File({ durationMs: 90_000 }), 422, 'video-too-long'],
    ['sound without picture', mp4File({ video: false }), 422, 'video-no-picture'],
  ])('is refused if it is %s, and leaves nothing behind', async (_, bytes, status, code) => {
    const before = (await world.call('GET', '/v1/clips', { token: merchant.token })).body.items.length;
    expect(await upload(world, merchant.token, bytes)).toMatchObject({ status, body: { code } });
    expect((await world.call('GET', '/v1/clips', { token: merchant.token })).body.items).toHaveLength(before);
  });

  it('of unknown length is refused before it is read', async () => {
    const chunked = { 'transfer-encoding': 'chunked' };
    const refused = await upload(world, merchant.token, await shortVideo(), { title: 'x' }, chunked);
    expect(refused).toMatchObject({ status: 411, body: { code: 'length-required' } });
  });

  it('that no converter can read fails with a reason', async () => {
    const { body } = await upload(world, merchant.token, mp4File({ width: 640, height: 360 }));
    await vi.waitFor(
      async () => expect(await clip(body.id)).toMatchObject({ status: 'failed', reason: 'transcode-failed' }),
      10_000,
    );
  });

  it('is for its merchant and the operator alone; house clips are the operator’s', async () => {
    const other = await merchantAt(world, await neighbourhood(world), '隔壁面馆');
    expect(await world.call('GET', `/v1/clips/${clipId}`, { token: other.token })).toMatchObject({ status: 404 });
    expect(await world.call('POST', `/v1/clips/${clipId}/approve`, { token: merchant.token })).toMatchObject({
      status: 403,
    });
    expect(await upload(world, merchant.token, await shortVideo(), { title: 'x', house: 'all' })).toMatchObject({
      status: 403,
    });
  });

  it('cannot be approved twice', async () => {
    const again = await world.call('POST', `/v1/clips/${clipId}/approve`, { token: world.operator });
    expect(again).toMatchObject({ status: 409, body: { code: 'clip-state' } });
  });
});

describe('a terminal', () => {
  const bearer = () => ({ authorization: `Bearer ${token}` });
  let token: string;
  beforeAll(async () => {
    token = (await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity)).body.token;
  });

  it('fetches an approved clip whole, and takes up a broken download where it ended', async () => {
    const { sha256 } = await clip();
    const path = `/v1/terminals/${terminal.id}/media/${sha256}`;
    const whole = await fetchBytes(path, bearer());
    const rest = await fetchBytes(path, { ...bearer(), range: 'bytes=1000-' });
    expect(createHash('sha256').update(whole.bytes).digest('hex')).toBe(sha256);
    expect(rest.status).toBe(206);
    expect(rest.bytes.equals(whole.bytes.subarray(1_000))).toBe(true);
    expect(rest.headers.get('content-range')).toBe(`bytes 1000-${whole.bytes.length - 1}/${whole.bytes.length}`);
    const beyond = await fetchBytes(path, { ...bearer(), range: 'bytes=99999999-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${whole.bytes.length}`]);
    expect(whole.headers.get('cache-control')).toMatch(/^private/);
  });

  it('may have it from a cache that others fill, by the hash alone, while it is approved', async () => {
    const { sha256 } = await clip();
    const whole = await fetchBytes(`/v1/media/${sha256}`);
    expect(createHash('sha256').update(whole.bytes).digest('hex')).toBe(sha256);
    expect([whole.headers.get('cache-control'), whole.headers.get('etag')]).toEqual([
      'public, max-age=86400, immutable',
      `"${sha256}"`,
    ]);
    const held = await fetchBytes(`/v1/media/${sha256}`, { 'if-none-match': `"${sha256}"` });
    expect([held.status, held.bytes.length]).toEqual([304, 0]);
  });

  it('fetches the clip’s own still beside it, as long as the manifest says it is', async () => {
    const t = world.store.read.t.clipFiles;
    const [file] = await world.store.read.select().from(t).where(eq(t.clipId, clipId));
    for (const path of [`/v1/terminals/${terminal.id}/media/`, '/v1/media/']) {
      const still = await fetchBytes(`${path}${file?.posterSha256}`, bearer());
      expect([still.status, still.headers.get('content-type'), still.bytes.length]).toEqual([
        200,
        'image/jpeg',
        file?.posterBytes,
      ]);
    }
  });

  it('gets nothing that is unknown or not approved, and nobody else gets anything', async () => {
    const { sha256 } = await clip();
    const { id } = (await upload(world, merchant.token, await shortVideo('smptebars'))).body;
    await vi.waitFor(async () => expect(await clip(id)).toMatchObject({ status: 'in-review' }), 10_000);
    const unapproved = (await clip(id)).sha256;
    expect(unapproved).toMatch(/^[0-9a-f]{64}$/);
    const t = world.store.read.t.clipFiles;
    const [file] = await world.store.read.select().from(t).where(eq(t.clipId, id));
    for (const hash of [unapproved, file?.posterSha256, '0'.repeat(64)]) {
      const anywhere = await fetchBytes(`/v1/media/${hash}`);
      expect([anywhere.status, anywhere.headers.get('cache-control')]).toEqual([404, 'no-store']);
      expect((await fetchBytes(`/v1/terminals/${terminal.id}/media/${hash}`, bearer())).status).toBe(404);
    }
    expect((await fetchBytes(`/v1/terminals/${terminal.id}/media/${sha256}`)).status).toBe(401);
  });

  it('gets nothing any more of what was taken down, and a cache that asks whether it may go on is told so', async () => {
    const { sha256 } = await clip();
    const down = { token: world.operator, body: { reason: 'complaint', note: '居民投诉' } };
    expect((await world.call('POST', `/v1/clips/${clipId}/take-down`, down)).status).toBe(200);
    const held = { 'if-none-match': `"${sha256}"` };
    const answers = [
      await fetchBytes(`/v1/media/${sha256}`, held),
      await fetchBytes(`/v1/media/${sha256}`),
      await fetchBytes(`/v1/terminals/${terminal.id}/media/${sha256}`, { ...bearer(), ...held }),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual(
      answers.map(() => [404, 'no-store']),
    );
  });
});

describe('a machine without a converter', () => {
  it('says so and keeps uploads queued, but lets a file pass that is a clip already, at a door too', async () => {
    const bare = await testApp({ env: { FFMPEG_PATH: 'none' } });
    const { token } = await merchantAt(bare, await neighbourhood(bare));
    expect(await bare.call('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true, ffmpeg: false } });
    const raw = (await upload(bare, token, await shortVideo())).body.id;
    const conforming = (await upload(bare, token, mp4File())).body.id;
    const tooLongForADoor = (await upload(bare, token, mp4File({ durationMs: 8_000 }))).body.id;
    const seen = async (id: string) => (await bare.call('GET', `/v1/clips/${id}`, { token })).body;
    await vi.waitFor(async () => {
      expect(await seen(raw)).toMatchObject({ status: 'queued', reason: 'no-ffmpeg' });
      expect(await seen(tooLongForADoor)).toMatchObject({ status: 'queued', reason: 'no-ffmpeg' });
      expect(await seen(conforming)).toMatchObject({ status: 'in-review', posterUrl: null, width: 720, height: 1280 });
    }, 10_000);
    await bare.close();
  });
});
