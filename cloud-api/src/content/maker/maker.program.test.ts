import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../../test-app.ts';
import { merchantAt, type TestMerchant } from '../../test-market.ts';
import { neighbourhood } from '../../test-neighbourhood.ts';
import { readMp4 } from '../mp4.ts';
import { bytesSource } from '../mp4.fixture.ts';
import { takePhoto } from './photo-intake.ts';

let world: TestApp;
let merchant: TestMerchant;
let other: TestMerchant;
const photos: string[] = [];

const picture = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

beforeAll(async () => {
  world = await testApp();
  const here = await neighbourhood(world);
  merchant = await merchantAt(world, here);
  other = await merchantAt(world, here, '隔壁面馆');
  for (const colour of ['#c03020', '#20a040', '#2040c0']) {
    const { body } = await bring(await picture(720, 960, colour).jpeg().toBuffer());
    photos.push(body.id);
  }
}, 60_000);
afterAll(() => world.close());

async function ask(path: string, body: unknown, token = merchant.token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await world.app.fetch(new Request(`http://gatecast.test${path}`, init));
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.includes('json');
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- tests read answers loosely
  return { status: answer.status, bytes, body: isJson ? JSON.parse(bytes.toString()) : undefined };
}

async function bring(bytes: Uint8Array) {
  const headers = { authorization: `Bearer ${merchant.token}` };
  const init = { method: 'POST', headers, body: new Uint8Array(bytes) };
  const answer = await world.app.fetch(new Request('http://gatecast.test/v1/clip-photos', init));
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers loosely
  return { status: answer.status, body: (await answer.json()) as any };
}

const recipe = (change: Record<string, unknown> = {}) => ({
  template: 'fresh',
  photos,
  line: '现摘脐橙',
  secondLine: '当天到店自提',
  priceFen: 1990,
  oldPriceFen: 2990,
  storeName: '邻里鲜果',
  ...change,
});

describe('a photo', () => {
  it('is kept upright and without what its camera wrote into it; brought twice it is the same', async () => {
    const exif = { IFD0: { Copyright: 'secret' }, IFD3: { GPSLatitudeRef: 'N' } };
    const bytes = await picture(1_600, 900, '#888').withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { status, body } = await bring(bytes);
    expect(status).toBe(201);
    expect(body).toMatchObject({ width: 900, height: 1_600 });
    expect((await bring(bytes)).body.id).toBe(body.id);
    expect(bytes.includes('secret')).toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-photo-'));
    try {
      const [from, to] = [join(folder, 'in'), join(folder, 'out')];
      writeFileSync(from, bytes);
      await takePhoto(from, to);
      const kept = await sharp(to).metadata();
      expect(kept).toMatchObject({ format: 'jpeg', width: 900 });
      expect(kept).not.toHaveProperty('exif');
      expect(readFileSync(to).includes('secret')).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be a PNG, a WebP or an AVIF', async () => {
    const image = picture(700, 700, '#abc');
    for (const bytes of [await image.png().toBuffer(), await image.webp().toBuffer(), await image.avif().toBuffer()])
      expect((await bring(bytes)).status).toBe(201);
  });

  it('is refused with its reason', { timeout: 60_000 }, async () => {
    const small = await picture(639, 2_000, '#fff').png().toBuffer();
    const bomb = pngHead(60_000, 60_000);
    const broken = (await picture(800, 800, '#fff').jpeg().toBuffer()).subarray(0, 300);
    const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>');
    expect((await bring(small)).body).toMatchObject({ code: 'photo-too-small' });
    expect((await bring(bomb)).body).toMatchObject({ code: 'photo-too-many-pixels' });
    for (const bytes of [broken, drawing, Buffer.from('GIF89a'), Buffer.alloc(2_000)])
      expect((await bring(bytes)).body).toMatchObject({ code: 'photo-not-a-picture' });
  });
});

describe('a recipe', () => {
  it('is refused before anything is made: unknown photos, another’s photos, words that cannot be drawn', async () => {
    for (const path of ['/v1/clips/made/preview', '/v1/clips/made/sheet']) {
      const unknown = await ask(path, recipe({ photos: [...photos.slice(1), 'f'.repeat(64)] }));
      expect(unknown.body).toMatchObject({ status: 422, code: 'photo-unknown' });
      expect((await ask(path, recipe(), other.token)).body).toMatchObject({ code: 'photo-unknown' });
      expect((await ask(path, recipe({ line: '好吃😀' }))).body).toMatchObject({
        code: 'text-not-drawable',
        characters: ['😀'],
      });
    }
    const made = await ask('/v1/clips/made', { title: 'x', recipe: recipe({ photos: photos.slice(1) }) });
    expect(made.body).toMatchObject({ code: 'photos-too-few' });
  });

  it(
    'is shown as a picture in each template, and moves within 20 s, the same each time',
    { timeout: 90_000 },
    async () => {
      const sheets = new Set<string>();
      for (const template of ['feast', 'fresh', 'service', 'notice']) {
        const { status, bytes } = await ask('/v1/clips/made/sheet', recipe({ template }));
        expect(status).toBe(200);
        expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 360, height: 640 });
        sheets.add(hash(bytes));
      }
      expect(sheets.size).toBe(4);
      const [first, second] = [
        await ask('/v1/clips/made/preview', recipe()),
        await ask('/v1/clips/made/preview', recipe()),
      ];
      expect(first.status).toBe(200);
      expect(hash(first.bytes)).toBe(hash(second.bytes));
      const facts = await readMp4(bytesSource(first.bytes));
      expect(facts).toMatchObject({ video: { codec: 'avc1', width: 360, height: 640 }, audioCodec: 'mp4a' });
      expect(facts.durationMs / 1_000).toBeCloseTo(15, 0);
    },
  );

  it('tells live how far its preview is, to who asked alone', async () => {
    const watch = `watch_${Date.now()}`;
    expect((await ask(`/v1/clips/made/preview?watch=${watch}`, recipe())).status).toBe(200);
    const { events } = world.store.read.t;
    const told = await world.store.read.select().from(events).where(eq(events.subject, watch)).orderBy(events.id);
    const percents = told.map(({ facts }) => Number(facts['percent']));
    expect(percents.length).toBeGreaterThan(0);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.every((percent) => percent >= 10 && percent <= 100)).toBe(true);
    expect(new Set(told.map(({ type, merchantId }) => `${type} ${merchantId}`))).toEqual(
      new Set([`clip-preview ${merchant.id}`]),
    );
    expect((await ask('/v1/clips/made/preview?watch=x', recipe())).body).toMatchObject({ code: 'invalid-request' });
  });
});

/** A PNG of that size without its pixels. */
function pngHead(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const empty = Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', empty),
    chunk('IEND', empty),
  ]);
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
