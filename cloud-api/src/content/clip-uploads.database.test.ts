import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { days, hours, instant, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { refusal } from '../platform/errors.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { tusHands, type TusHands } from '../test-uploads.ts';
import { box, mp4File } from './mp4.fixture.ts';
import { pieceBytes } from './upload-pieces.ts';
import { uploadName } from './upload-name.ts';
import { hasRoom } from './upload-room.ts';

/** A video of about this many bytes, which waits for a converter if it has many. */
const video = (bytes: number) => Buffer.concat([mp4File({ durationMs: 5_000 }), box('free', randomBytes(bytes))]);
const gigabyte = 1024 ** 3;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const blob = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]);

describeStores('uploads', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let merchant: TestMerchant;
  let hands: TusHands;
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    hands = tusHands(world, merchant.token);
  }, 60_000);
  afterAll(() => world.close());

  const begun = async (bytes: number, by = hands): Promise<string> => {
    const answer = await by.begin(bytes);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body.id;
  };
  const judged = async (id: string, by = hands) => {
    await vi.waitFor(async () => expect((await by.look(id, 'GET')).body.state).toMatch(/taken|refused/), 10_000);
    return (await by.look(id, 'GET')).body;
  };
  /** What was put together, as it lies there for the converter. */
  const sourceOf = async (clipId: string) => {
    const path = await world.app.content.blobs.fetch(uploadName(clipId));
    return sha256(readFileSync(path));
  };
  const offsetOf = async (id: string) => (await hands.look(id)).headers.get('upload-offset');
  const whole = async () => {
    const body = blob(video(10));
    const headers = { authorization: `Bearer ${merchant.token}`, 'content-length': String(body.size) };
    const request = new Request('http://gatecast.test/v1/clips?title=X', { method: 'POST', headers, body });
    const answer = await world.app.fetch(request);
    return { status: answer.status, body: await answer.json() };
  };
  const desk = () => world.app.content.blobs.desk('.');

  describe('an upload', () => {
    it('in pieces becomes the clip that it would have been in one', async () => {
      const file = video(3 * pieceBytes);
      const id = await begun(file.length);
      let at = 0;
      for (const size of [1, pieceBytes + 7, 1_000, file.length]) {
        const answer = await hands.send(id, at, blob(file.subarray(at, at + size)));
        at = Math.min(file.length, at + size);
        expect(answer).toMatchObject({ status: 204 });
        expect(answer.headers.get('upload-offset')).toBe(String(at));
      }
      const upload = await judged(id);
      expect(upload).toMatchObject({ state: 'taken', receivedBytes: file.length, fileName: 'IMG_2044.MOV' });
      await vi.waitFor(async () => {
        const clip = (await world.call('GET', `/v1/clips/${upload.clipId}`, { token: merchant.token })).body;
        expect(clip).toMatchObject({ title: '当季草莓', category: 'food', status: 'queued' });
      }, 10_000);
      expect(await sourceOf(upload.clipId)).toBe(sha256(file));
      await vi.waitFor(() => expect(existsSync(`${desk()}/${id}`)).toBe(false), 10_000);
    });

    it('says where it stands, also to a page that was loaded anew', async () => {
      const id = await begun(5_000);
      await hands.send(id, 0, blob(randomBytes(1_234)));
      const head = await hands.look(id);
      expect(head.status).toBe(200);
      expect(head.headers.get('upload-offset')).toBe('1234');
      expect(head.headers.get('upload-length')).toBe('5000');
      expect(head.headers.get('tus-resumable')).toBe('1.0.0');
      expect(head.headers.get('cache-control')).toBe('no-store');
      expect(Date.parse(head.headers.get('upload-expires') ?? '')).toBe(
        world.clock.now() - (world.clock.now() % 1_000) + days(3),
      );
      const list = await world.call('GET', '/v1/clip-uploads', { token: merchant.token });
      const standing = { id, state: 'receiving', receivedBytes: 1_234, bytes: 5_000 };
      expect(list.body.items).toContainEqual(expect.objectContaining(standing));
      await hands.look(id, 'DELETE');
    });

    it('tells a client that goes on with it what it had said of the file, to the letter, also what means nothing here', async () => {
      const about = { title: '当季草莓', filename: 'a b.MOV', category: 'food', modified: '1700000000000' };
      const told = [
        ...Object.entries(about).map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')}`),
        `relativePath ${Buffer.from('相册/a').toString('base64')}`,
        'isFinal',
      ].join(', ');
      const { id, ...shown } = (await hands.begin(100, {}, { 'upload-metadata': told })).body;
      expect(shown).not.toHaveProperty('metadata');
      expect((await hands.look(id)).headers.get('upload-metadata')).toBe(told);
      await hands.look(id, 'DELETE');
    });

    it('can be sent by a client whose network knows GET and POST alone', async () => {
      const id = await begun(100);
      const meant = async (method: string, body?: Blob) => {
        const headers = {
          authorization: `Bearer ${merchant.token}`,
          'tus-resumable': '1.0.0',
          'x-http-method-override': method,
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        };
        const init = { method: 'POST', headers, ...(body ? { body } : {}) };
        return world.app.fetch(new Request(`http://gatecast.test/v1/clip-uploads/${id}`, init));
      };
      expect((await meant('PATCH', blob(randomBytes(40)))).status).toBe(204);
      expect((await meant('HEAD')).headers.get('upload-offset')).toBe('40');
      expect((await meant('DELETE')).status).toBe(204);
      expect((await hands.look(id)).status).toBe(404);
      // Nowhere else.
      const headers = { authorization: `Bearer ${merchant.token}`, 'x-http-method-override': 'DELETE' };
      const elsewhere = new Request('http://gatecast.test/v1/clips', { headers });
      expect((await world.app.fetch(elsewhere)).status).toBe(200);
    });

    it('waits for a store that does not answer, longer than anybody would keep sending, and is taken then', async () => {
      const file = video(1_000);
      const id = await begun(file.length);
      const { blobs } = world.app.content;
      const away = vi.spyOn(blobs, 'get').mockRejectedValue(refusal('storage-unavailable', 'away'));
      try {
        await hands.send(id, 0, blob(file));
        await vi.waitFor(() => expect(away).toHaveBeenCalledTimes(1), 10_000);
        const job = () =>
          its.store.read.select().from(its.store.read.t.jobs).where(eq(its.store.read.t.jobs.id, jobId));
        const jobId = `clip-upload.judge:${id}`;
        await vi.waitFor(async () => expect((await job())[0]?.error).toBe('away'), 10_000);
        await its.store.tx(async (q) => {
          await q
            .update(q.t.jobs)
            .set({ attempts: 50, runAt: instant(0) })
            .where(eq(q.t.jobs.id, jobId));
        });
        await vi.waitFor(
          async () => expect((await job())[0]).toMatchObject({ attempts: 51, state: 'waiting' }),
          10_000,
        );
        await vi.waitFor(async () => expect((await job())[0]?.leasedUntil).toBe(0), 10_000);
        expect((await hands.look(id, 'GET')).body).toMatchObject({ state: 'checking' });
      } finally {
        away.mockRestore();
      }
      world.clock.advance(hours(1));
      expect(await judged(id)).toMatchObject({ state: 'taken' });
    });

    it('keeps what came before its line was cut', async () => {
      const file = video(4 * pieceBytes);
      const id = await begun(file.length);
      const cutAt = pieceBytes + 4_321;
      const cut = new ReadableStream<Uint8Array>({
        start(line) {
          line.enqueue(new Uint8Array(file.subarray(0, cutAt)));
        },
        pull: (line) => line.error(new Error('gone')),
      });
      await hands.send(id, 0, cut, { 'content-length': String(file.length) });
      expect(await offsetOf(id)).toBe(String(cutAt));
      await hands.send(id, cutAt, blob(file.subarray(cutAt)));
      const { clipId } = await judged(id);
      expect(await sourceOf(clipId)).toBe(sha256(file));
    });

    it('that two send at once ends as one of them, whole, and never as a mixture', async () => {
      const [one, other] = [video(2 * pieceBytes), video(2 * pieceBytes)];
      const id = await begun(one.length);
      const answers = await Promise.all([hands.send(id, 0, blob(one)), hands.send(id, 0, blob(other))]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
      const { clipId } = await judged(id);
      expect([sha256(one), sha256(other)]).toContain(await sourceOf(clipId));
    });

    it('that is refused says why, with what belongs to it, and leaves nothing', async () => {
      const file = mp4File({ durationMs: 90_000 });
      const id = await begun(file.length);
      expect(await hands.send(id, 0, blob(file))).toMatchObject({ status: 204 });
      expect(await judged(id)).toMatchObject({
        state: 'refused',
        fault: 'video-too-long',
        faultDetails: { durationMs: 90_000, secondsMax: 60 },
        clipId: null,
      });
      await vi.waitFor(
        () => expect(readdirSync(desk()).filter((name) => name.includes(id.slice(5)))).toEqual([]),
        10_000,
      );
      expect(await hands.send(id, file.length, blob(file))).toMatchObject({ status: 413 });
      expect(await hands.send(id, 0, blob(file))).toMatchObject({ status: 409 });
    });

    it('begun again with the same idempotency key is the same', async () => {
      const key = { 'idempotency-key': randomBytes(8).toString('hex') };
      const first = await hands.begin(100, undefined, key);
      expect((await hands.begin(100, undefined, key)).body.id).toBe(first.body.id);
      expect(await hands.begin(101, undefined, key)).toMatchObject({
        status: 422,
        body: { code: 'idempotency-key-reused' },
      });
      await hands.look(first.body.id, 'DELETE');
    });

    it('can be called off, and is gone with its bytes', async () => {
      const id = await begun(100);
      await hands.send(id, 0, blob(randomBytes(50)));
      expect(await hands.look(id, 'DELETE')).toMatchObject({ status: 204 });
      expect(await hands.look(id)).toMatchObject({ status: 404 });
      await vi.waitFor(() => expect(existsSync(`${desk()}/${id}`)).toBe(false), 10_000);
    });
  });

  describe('a client that is wrong or lies', () => {
    it.each<[string, number | undefined, number, Record<string, string>, number, string]>([
      ['goes on before its place', 5, 10, {}, 409, 'upload-offset'],
      ['goes on behind its place', 30, 10, {}, 409, 'upload-offset'],
      ['does not say where', undefined, 10, {}, 400, 'invalid-request'],
      ['says no number', undefined, 10, { 'upload-offset': '1e3' }, 400, 'invalid-request'],
      ['sends more than it announced', 20, 81, { 'content-length': '81' }, 413, 'upload-overrun'],
      ['sends more than it announced and hides it', 20, 81, {}, 413, 'upload-overrun'],
      ['sends another type', 20, 10, { 'content-type': 'video/mp4' }, 415, 'upload-type'],
      ['speaks another version', 20, 10, { 'tus-resumable': '0.2.2' }, 412, 'upload-version'],
    ])('%s', async (_name, fromByte, bytes, headers, status, code) => {
      const id = await begun(100);
      await hands.send(id, 0, blob(randomBytes(20)));
      expect(await hands.send(id, fromByte, blob(randomBytes(bytes)), headers)).toMatchObject({
        status,
        body: { code },
      });
      expect(await offsetOf(id)).toBe('20');
      await hands.look(id, 'DELETE');
    });

    it.each<[string, number | string, Record<string, string>, number, string]>([
      ['too large', 200 * 1024 * 1024 + 1, {}, 413, 'video-too-large'],
      ['empty', 0, {}, 400, 'invalid-request'],
      ['of no length', '', {}, 400, 'invalid-request'],
      ['of a negative length', '-5', {}, 400, 'invalid-request'],
      ['without a name', 10, { 'upload-metadata': '' }, 400, 'invalid-request'],
      [
        'with metadata that is no base64 of text',
        10,
        { 'upload-metadata': 'title /////w==,filename eA==' },
        400,
        'invalid-request',
      ],
      ['of a client that says no version', 10, { 'tus-resumable': '' }, 412, 'upload-version'],
    ])('begins one that is %s', async (_name, length, headers, status, code) => {
      const answer = await hands.begin(length, undefined, headers);
      expect(answer).toMatchObject({ status, body: { code } });
      if (status === 412) expect(answer.headers.get('tus-version')).toBe('1.0.0');
    });

    it('speaks another version, whatever it asks for: nothing is done', async () => {
      const id = await begun(100);
      const other = { 'tus-resumable': '0.2.2' };
      const asked = await Promise.all([
        hands.look(id, 'HEAD', other),
        hands.look(id, 'DELETE', other),
        hands.send('upld_00000000000000000000', 0, blob(randomBytes(1)), other),
      ]);
      for (const { status, headers } of asked) {
        expect([status, headers.get('tus-version')]).toEqual([412, '1.0.0']);
        expect(headers.get('tus-resumable')).toBe('1.0.0');
      }
      expect(await hands.look(id, 'HEAD', { 'tus-resumable': '' })).toMatchObject({ status: 412 });
      expect(await hands.look(id, 'DELETE')).toMatchObject({ status: 204 });
      const options = await hands.look('', 'OPTIONS', other);
      expect(options.status).toBe(204);
      expect(options.headers.get('tus-extension')).toBe('creation,expiration,termination');
    });

    it('sends over more lines at once than any phone loses, and is told to wait', async () => {
      const id = await begun(100);
      const ends: (() => void)[] = [];
      const held = Array.from({ length: 4 }, () => {
        const line = new ReadableStream<Uint8Array>({ start: (to) => void ends.push(() => to.close()) });
        return hands.send(id, 0, line, { 'content-length': '100' });
      });
      await vi.waitFor(async () =>
        expect(await hands.send(id, 0, blob(randomBytes(0)))).toMatchObject({
          status: 423,
          body: { code: 'upload-busy' },
        }),
      );
      for (const end of ends) end();
      await Promise.all(held);
      expect(await hands.send(id, 0, blob(randomBytes(10)))).toMatchObject({ status: 204 });
      await hands.look(id, 'DELETE');
    });

    it('has at most five unfinished ones, and house clips are not its own to make', async () => {
      const other = await merchantAt(world, here, '隔壁面馆');
      const theirs = tusHands(world, other.token);
      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) ids.push(await begun(10, theirs));
      expect(await theirs.begin(10)).toMatchObject({ status: 429, body: { code: 'too-many-uploads' } });
      await theirs.look(ids[0] ?? '', 'DELETE');
      expect(await theirs.begin(10, { title: 'X', filename: 'x', house: 'all' })).toMatchObject({ status: 403 });
      expect(await theirs.begin(10)).toMatchObject({ status: 201 });
    });

    it('gets nothing of somebody else’s', async () => {
      const id = await begun(100);
      const other = tusHands(world, (await merchantAt(world, here, '对门药店')).token);
      for (const answer of [
        await other.look(id),
        await other.look(id, 'DELETE'),
        await other.send(id, 0, blob(randomBytes(9))),
      ])
        expect(answer.status).toBe(404);
      expect(await offsetOf(id)).toBe('0');
      await hands.look(id, 'DELETE');
    });
  });

  describe('a disk without room', () => {
    it('is one that a file would not fit twice, with a gigabyte to spare', () => {
      expect(hasRoom(1.4 * gigabyte, 0.2 * gigabyte)).toBe(true);
      expect(hasRoom(1.3 * gigabyte, 0.2 * gigabyte)).toBe(false);
    });

    it('takes no upload, in pieces or in one, beside what others have announced', async () => {
      const id = await begun(100);
      const { clipUploads: t } = its.store.read.t;
      const announce = (bytes: number) =>
        its.store.tx(async (q) => void (await q.update(q.t.clipUploads).set({ bytes }).where(eq(t.id, id))));
      await announce(2 ** 50);
      const full = { status: 507, body: { code: 'storage-full' } };
      expect(await hands.begin(100)).toMatchObject(full);
      expect(await whole()).toMatchObject(full);
      await announce(100);
      expect(await whole()).toMatchObject({ status: 201 });
      await hands.look(id, 'DELETE');
    });

    it('that fills up in the middle says so, and the upload goes on when there is room again', async () => {
      const id = await begun(100);
      const noSpace = Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const { blobs } = world.app.content;
      vi.spyOn(blobs, 'put').mockRejectedValueOnce(noSpace);
      const full = { status: 507, body: { code: 'storage-full' } };
      expect(await hands.send(id, 0, blob(randomBytes(50)))).toMatchObject(full);
      expect(await hands.send(id, 0, blob(randomBytes(50)))).toMatchObject({ status: 204 });
      await hands.look(id, 'DELETE');
      vi.spyOn(blobs, 'receive').mockRejectedValueOnce(noSpace);
      expect(await whole()).toMatchObject(full);
    });
  });

  it('What nobody finishes in time is forgotten, with its bytes', async () => {
    const id = await begun(100);
    await hands.send(id, 0, blob(randomBytes(50)));
    // The round of this hour is over, so that it is the upload's time alone that ends now.
    const { jobs: t } = its.store.read.t;
    await vi.waitFor(async () => {
      const [round] = await its.store.read.select().from(t).where(eq(t.id, 'every:clip-upload.expire'));
      expect(round?.runAt).toBeGreaterThan(world.clock.now());
    }, 10_000);
    await its.store.tx(async (q) => {
      await q.update(q.t.clipUploads).set({ expiresAt: world.clock.now() }).where(eq(q.t.clipUploads.id, id));
    });
    expect(await hands.send(id, 50, blob(randomBytes(50)))).toMatchObject({
      status: 410,
      body: { code: 'upload-expired' },
    });
    expect(await hands.look(id)).toMatchObject({ status: 410 });
    const { blobs } = world.app.content;
    const [dead, busy, scan] = [`${newId('clip')}.upload`, `${newId('clip')}.upload`, `${newId('permit')}.scan`];
    const longAgo = new Date(Date.now() - days(2));
    for (const name of [dead, busy, scan]) writeFileSync(blobs.desk(name), 'x');
    for (const name of [dead, scan]) utimesSync(blobs.desk(name), longAgo, longAgo);
    const lost = 'upld_00000000000000000000';
    await blobs.put(`${lost}/0-crash`, randomBytes(10));
    await blobs.put(`${lost}.aa.draft`, randomBytes(10));
    world.clock.advance(hours(1));
    await vi.waitFor(async () => expect((await hands.look(id)).status).toBe(404), 10_000);
    // What a crash had left is found by the same round.
    await vi.waitFor(async () => expect(await blobs.onDesk(lost)).toEqual([]), 10_000);
    await vi.waitFor(() => expect([dead, scan].filter((name) => existsSync(blobs.desk(name)))).toEqual([]), 10_000);
    // Somebody may be sending it at this moment.
    expect(existsSync(blobs.desk(busy))).toBe(true);
    await vi.waitFor(() => expect(existsSync(`${desk()}/${id}`)).toBe(false), 10_000);
  });
});
