import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { invariant } from '@gatecast/firmware-protocol';
import sharp from 'sharp';
import { startCloud, type CloudProgram } from '../cloud-program.fixture.ts';
import { findFfmpeg } from '../find-ffmpeg.ts';
import { forPreview } from './compose.ts';

const exec = promisify(execFile);
const rounds = 5;
const photoCounts = [3, 6] as const;

/**
 * From the request for a preview, over HTTP to the real program, to its first bytes and to all of them, with three photos and with six; in turns with a plain
 * ffmpeg that codes the same frames with the same settings. Medians of five. A minute.
 */
export async function run(say: (line: string) => void): Promise<Record<string, number>> {
  const ffmpeg = await findFfmpeg({});
  invariant(ffmpeg.path !== null, 'this benchmark needs an ffmpeg');
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bench-'));
  const cloud = await startCloud({ GATECAST_DATA_DIR: join(folder, 'data') });
  try {
    const figures: Record<string, number> = {};
    const photos = await bringPhotos(cloud, Math.max(...photoCounts));
    for (const count of photoCounts) {
      const recipe = recipeOf(photos.slice(0, count));
      const frames = join(folder, `frames-${count}.y4m`);
      await keepFrames(ffmpeg.path, (await preview(cloud, recipe)).bytes, frames);
      const times = { first: [] as number[], whole: [] as number[], plain: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        const { firstMs, wholeMs } = await preview(cloud, recipe);
        times.first.push(firstMs);
        times.whole.push(wholeMs);
        times.plain.push(await codeFrames(ffmpeg.path, frames, join(folder, 'plain.mp4')));
      }
      figures[`firstByteSeconds${count}`] = seconds(middle(times.first));
      figures[`wholeSeconds${count}`] = seconds(middle(times.whole));
      figures[`plainSeconds${count}`] = seconds(middle(times.plain));
      figures[`ratioToPlain${count}`] = Number((middle(times.whole) / middle(times.plain)).toFixed(2));
    }
    for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`);
    return figures;
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const recipeOf = (photos: readonly string[]) => ({
  template: 'feast',
  photos,
  line: '现摘脐橙 坏一赔一',
  secondLine: '今天下单，明早到店自提',
  priceFen: 1990,
  oldPriceFen: 2990,
  storeName: '邻里鲜果',
});

/** As large as the page sends them, and as hard to code as a photo. */
async function bringPhotos(cloud: CloudProgram, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const grain = await sharp(randomBytes(135 * 180 * 3), { raw: { width: 135, height: 180, channels: 3 } })
      .resize(1_500, 2_000, { kernel: 'cubic' })
      .jpeg({ quality: 88 })
      .toBuffer();
    const { id } = (await cloud.call('POST', '/v1/clip-photos', new Blob([new Uint8Array(grain)]))) as { id: string };
    ids.push(id);
  }
  return ids;
}

async function preview(
  cloud: CloudProgram,
  recipe: object,
): Promise<{ readonly firstMs: number; readonly wholeMs: number; readonly bytes: Buffer }> {
  const startedAt = performance.now();
  const answer = await cloud.ask('POST', '/v1/clips/made/preview', recipe);
  invariant(answer.status === 200 && answer.body, 'a preview was made');
  const parts: Uint8Array[] = [];
  let firstMs = 0;
  for await (const part of answer.body) {
    firstMs ||= performance.now() - startedAt;
    parts.push(part);
  }
  return { firstMs, wholeMs: performance.now() - startedAt, bytes: Buffer.concat(parts) };
}

async function keepFrames(ffmpeg: string, clip: Buffer, path: string): Promise<void> {
  const from = `${path}.mp4`;
  writeFileSync(from, clip);
  await exec(ffmpeg, ['-v', 'error', '-y', '-i', from, '-pix_fmt', 'yuv420p', '-f', 'yuv4mpegpipe', path]);
}

async function codeFrames(ffmpeg: string, frames: string, output: string): Promise<number> {
  const startedAt = performance.now();
  const coding = ['-c:v', 'libx264', ...forPreview.coding, '-threads', '2', '-bf', '0', '-an'];
  await exec(ffmpeg, ['-v', 'error', '-nostdin', '-y', '-i', frames, ...coding, output]);
  return performance.now() - startedAt;
}

function middle(values: readonly number[]): number {
  const value = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  invariant(value !== undefined, 'every round was measured');
  return value;
}

const seconds = (ms: number): number => Number((ms / 1_000).toFixed(2));
