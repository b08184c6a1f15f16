import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { clipOf } from '../../../edge-agent/src/player/player.fixture.ts';

/** A clip's file and its line in the manifest. */
export interface Film {
  readonly bytes: Buffer;
  readonly clip: MediaClip;
  /** The file of its own still, if it has one. */
  readonly still?: Buffer;
}

export interface NumberedFilm {
  /** 1 to 15; burned into every frame. */
  readonly no: number;
  readonly frames: number;
  /** Multiples of 16. */
  readonly width: number;
  readonly height: number;
  /** As the manifest tells it. */
  readonly about?: Partial<MediaClip>;
}

export const framesPerSecond = 25;

/** Across the top of each frame: one white, four of the film's number, ten of the frame's, one that makes the whites even. */
export const marks = 16;
const markPart = 16;
const [black, white] = [16, 235] as const;

/** A bright clip with a moving square, and in every frame its number in black and white, so that whoever looks can say which frame stands there. */
export async function numberedFilm(dir: string, film: NumberedFilm): Promise<Film> {
  const { no, frames, width, height, about } = film;
  const file = join(dir, `film-${no}-${frames}-${width}.mp4`);
  const seconds = frames / framesPerSecond;
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    `${width}x${height}`,
    '-r',
    String(framesPerSecond),
    '-i',
    '-',
  ];
  const tone = ['-f', 'lavfi', '-i', `sine=f=${300 + no * 40}:d=${seconds}`];
  const coding = `-c:v libx264 -preset veryfast -profile:v baseline -pix_fmt yuv420p -g 50 -crf 23 -maxrate 2M -bufsize 4M`;
  const rest = `-c:a aac -b:a 96k -ar 48000 -movflags +faststart -shortest -y`;
  const coder = spawn(ffmpeg.path, ['-v', 'error', ...raw, ...tone, ...`${coding} ${rest}`.split(' '), file], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(coder, 'exit');
  await pipeline(Readable.from(pictures(film), { objectMode: true }), coder.stdin);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  return clipOf(await readFile(file), { durationMs: seconds * 1_000, width, height, ...about });
}

/** The same with a still of one colour, so that whoever looks can say that it is that. */
export async function withStill(dir: string, film: Film, colour: string): Promise<Film> {
  const file = join(dir, `${colour}.jpg`);
  const input = `color=c=${colour}:s=${film.clip.width}x${film.clip.height}`;
  const coder = spawn(ffmpeg.path, ['-v', 'error', '-f', 'lavfi', '-i', input, '-frames:v', '1', '-y', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(coder, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  const still = await readFile(file);
  return { ...film, clip: { ...film.clip, poster: { sha256: sha256Hex(still), bytes: still.length } }, still };
}

function* pictures({ no, frames, width, height }: NumberedFilm): Generator<Buffer> {
  const luma = width * height;
  for (let frame = 0; frame < frames; frame += 1) {
    const picture = Buffer.alloc((luma * 3) / 2, 128);
    picture.fill(90 + no * 8, 0, luma);
    picture.fill(60 + ((no * 67) % 130), luma, luma + luma / 4);
    const side = width / 4;
    const left = (frame * 6) % (width - side);
    for (let y = height / 2; y < height / 2 + side; y += 1)
      picture.fill(200, y * width + left, y * width + left + side);
    const row = Buffer.concat(
      marksOf(no, frame).map((isWhite) => Buffer.alloc(width / marks, isWhite ? white : black)),
    );
    for (let y = 0; y < height / markPart; y += 1) row.copy(picture, y * width);
    yield picture;
  }
}

function marksOf(no: number, frame: number): boolean[] {
  const bits = [true, ...bitsOf(no, 4), ...bitsOf(frame, 10)];
  return [...bits, bits.filter(Boolean).length % 2 === 1];
}

const bitsOf = (value: number, count: number): boolean[] =>
  Array.from({ length: count }, (_, index) => ((value >> (count - 1 - index)) & 1) === 1);
