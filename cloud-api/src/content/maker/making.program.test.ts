import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minutes } from '@gatecast/firmware-protocol';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCloud } from '../cloud-program.fixture.ts';
import { findFfmpeg, type Ffmpeg } from '../find-ffmpeg.ts';
import { probeSandbox } from '../sandbox.ts';
import { transcode } from '../transcode.ts';
import { forPreview } from './compose.ts';
import { makeClip } from './make.ts';
import { glyphs } from './master.ts';
import { recipe as recipeShape } from './recipe.ts';

const found = await findFfmpeg({});
const sandbox = await probeSandbox();
const within = { timeout: 120_000, interval: 50 };

const photo = (background: string) =>
  sharp({ create: { width: 720, height: 960, channels: 3, background } })
    .jpeg()
    .toBuffer();
const colours = ['#c03020', '#20a040', '#2040c0'];
const words = {
  template: 'fresh',
  line: '现摘脐橙',
  secondLine: '当天到店自提',
  storeName: '邻里鲜果',
  priceFen: 1990,
};

describe.skipIf(found.path === null)('making a clip of photos', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-making-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const at = (name: string) => join(dir, name);

  it('gives the same bytes of every file for the same recipe', { timeout: 60_000 }, async () => {
    const converter = { ffmpeg: found as Ffmpeg, sandbox, memoryBytes: 2 * 1024 ** 3 };
    const photos = await Promise.all(colours.map(photo));
    const recipe = recipeShape.parse({ ...words, photos: [] });
    const durationMs = 1_200;
    const { signal } = new AbortController();
    const made = async (name: string) => {
      const folder = at(name);
      mkdirSync(folder);
      const path = join(folder, 'source.mp4');
      const pieces = { folder: join(folder, 'pieces'), output: path };
      await makeClip(converter, glyphs, { recipe, photos, quality: forPreview, durationMs, ...pieces }, signal);
      const source = { path, width: 360, height: 640, durationMs, hasAudio: true, conforms: false };
      const { files } = await transcode(
        converter,
        { source, folder, targetLufs: -23, onProgress: () => undefined },
        signal,
      );
      return [path, ...files.flatMap((file) => [file.path, file.posterPath])].map((one) =>
        createHash('sha256').update(readFileSync(one)).digest('hex'),
      );
    };
    const first = await made('once');
    expect(first.length).toBeGreaterThanOrEqual(3);
    expect(await made('again')).toEqual(first);
  });

  it.skipIf(!sandbox.holds.endsWithParent)(
    'that a power cut ends is done once after it, with a file for each place, and nothing is left over',
    { timeout: 180_000 },
    async () => {
      const [data, clockFile, script] = [at('data'), at('clock'), at('ffmpeg.sh')];
      // Never done, until the second start.
      const stuck = `if [ ! -e ${at('second')} ]; then echo $$ > ${at('pid')}; exec sleep 600; fi`;
      writeFileSync(script, `#!/bin/sh\ncase "$*" in *photo-0.jpg*)\n${stuck}\n;; esac\nexec "${found.path}" "$@"\n`);
      chmodSync(script, 0o755);
      writeFileSync(clockFile, '0');
      const env = { GATECAST_DATA_DIR: data, GATECAST_CLOCK_FILE: clockFile, FFMPEG_PATH: script };
      const desk = () => readdirSync(join(data, 'media', 'desk'), { recursive: true }).map(String);
      const kept = () => readdirSync(join(data, 'media')).filter((name) => /^[0-9a-f]{64}$/.test(name));

      const first = await startCloud(env);
      const photos: string[] = [];
      for (const colour of colours) {
        const body = new Blob([new Uint8Array(await photo(colour))]);
        photos.push((await first.call('POST', '/v1/clip-photos', body)).id);
      }
      const { id, ...clip } = await first.call('POST', '/v1/clips/made', {
        title: '脐橙',
        recipe: { ...words, photos },
      });
      expect(clip).toMatchObject({ status: 'queued', isMade: true, lines: ['现摘脐橙', '当天到店自提', '邻里鲜果'] });
      const pid = await vi.waitFor(() => {
        const noted = Number(readFileSync(at('pid'), 'utf8'));
        expect(noted).toBeGreaterThan(0);
        return noted;
      }, within);
      await first.kill();
      await vi.waitFor(() => expect(existsSync(`/proc/${pid}/exe`)).toBe(false), within);
      expect(desk().some((name) => name.endsWith('photo-0.jpg'))).toBe(true);

      writeFileSync(at('second'), '');
      writeFileSync(clockFile, String(minutes(2)));
      const second = await startCloud(env);
      const done = await vi.waitFor(async () => {
        const now = await second.call('GET', `/v1/clips/${id}`);
        expect(now).toMatchObject({ status: 'in-review', progressPercent: 100 });
        return now;
      }, within);
      // The photos have not the pixels for the larger screens.
      expect(done.files).toMatchObject([
        { cut: 'door', profile: 'B', durationMs: 6_000 },
        { cut: 'lift', profile: 'B', durationMs: 15_000 },
      ]);
      expect((await second.call('GET', '/v1/clips')).items).toHaveLength(1);
      const { items } = await second.call('GET', `/v1/clips/${id}/reviews`);
      expect(items.filter(({ step }: { step: string }) => step === 'checked')).toHaveLength(1);
      await vi.waitFor(() => expect(desk()).toEqual([]), within);
      const named = await second.call('GET', `/v1/clips/${id}/recipe`);
      expect(named.photos.map((one: { id: string }) => one.id)).toEqual(photos);
      // Two videos, their stills, and the photos: nothing of the first try.
      expect(kept().length).toBeLessThanOrEqual(4 + photos.length);
      expect(await second.stop()).toEqual([0, null]);
    },
  );
});
