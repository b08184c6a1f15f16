import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeClips, type DemoClip } from '../harness/demo/clips/make-clips.ts';

const largestBytes = 1_500_000;

let dir: string;
let clips: DemoClip[];
let said: string[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatecast-clips-'));
  said = [];
  clips = await makeClips({ dir, onProgress: (line) => said.push(line) });
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

/** Names of an MP4 file's outermost boxes, in order. */
async function boxes(file: string): Promise<string[]> {
  const bytes = await readFile(file);
  const names: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
    names.push(bytes.toString('latin1', at + 4, at + 8));
  return names;
}

test('there is a house clip for the morning, the evening, the night and everybody, and one for each store', () => {
  expect(clips.filter(({ store }) => store === null).map(({ segment }) => segment)).toEqual([
    'families',
    'commuters',
    'night',
    'all',
  ]);
  expect(clips.map(({ store }) => store).filter((store) => store !== null)).toEqual(['fruit', 'noodles', 'fruit']);
});

test('each clip is small and can start to play before it is all there', async () => {
  for (const { file } of clips) {
    expect((await stat(file)).size).toBeLessThan(largestBytes);
    const order = await boxes(file);
    expect(order.indexOf('moov')).toBeLessThan(order.indexOf('mdat'));
  }
});

test('a second start takes them as they are', async () => {
  const saidBefore = said.length;
  const again = await makeClips({ dir, onProgress: (line) => said.push(line) });
  expect(again).toEqual(clips);
  expect(said).toHaveLength(saidBefore);
});

test('without an ffmpeg the prepared clips are there, and it is said', async () => {
  const lines: string[] = [];
  const prepared = await makeClips({ dir, ffmpegPath: null, onProgress: (line) => lines.push(line) });
  expect(prepared.map(({ title }) => title)).toEqual(clips.map(({ title }) => title));
  expect(lines.join()).toContain('prepared');
});
