import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFfmpeg, type Ffmpeg, type NoFfmpeg } from '@gatecast/cloud-api/find-ffmpeg';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import { finishedClip, makeFinishedClip } from '@gatecast/cloud-api/maker';
import { drawingFile, photosOf } from './photos.ts';
import { scenes, type Scene } from './scenes.ts';

const preparedFolder = fileURLToPath(new URL('./prepared', import.meta.url));
const atOnceMax = 4;

/** A clip of the demo, ready to be uploaded. */
export interface DemoClip {
  /** Absolute path of the MP4 file. */
  readonly file: string;
  readonly title: string;
  readonly segment: Segment;
  /** Key of the store in town.ts whose advert it is; null: the house's own. */
  readonly store: Scene['store'];
  readonly sha256: string;
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
}

export interface MakeClipsOptions {
  /** Where the clips are kept; a clip that is there and whose parts have not changed is taken as it is. */
  readonly dir: string;
  /** An ffmpeg with libx264 and aac; undefined: look for one; null: do without. */
  readonly ffmpegPath?: string | null;
  readonly onProgress: (line: string) => void;
}

/** What a clip was made from, beside it. */
interface Kept {
  readonly madeFrom: string;
  readonly sha256: string;
}

/**
 * The demo's clips, made as a merchant's photos are; without an ffmpeg the repository's prepared ones.
 * Rejects with ffmpeg's own words if it cannot make one.
 */
export async function makeClips({ dir, ffmpegPath, onProgress }: MakeClipsOptions): Promise<DemoClip[]> {
  await mkdir(dir, { recursive: true });
  const ffmpeg = await chosenFfmpeg(ffmpegPath);
  const { path } = ffmpeg;
  if (path === null) {
    onProgress(withoutFfmpeg(ffmpeg));
    return Promise.all(scenes.map((scene) => clipOf(scene, join(preparedFolder, `${scene.name}.mp4`))));
  }
  const { version } = ffmpeg;
  const made = new Map<string, DemoClip>();
  const waiting = [...scenes];
  const work = async (): Promise<void> => {
    for (let scene = waiting.shift(); scene; scene = waiting.shift()) {
      made.set(scene.name, await keptOrMade(scene, { dir, path, version, onProgress }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, availableParallelism()) }, work));
  return scenes.map(({ name }) => made.get(name)).filter((clip) => clip !== undefined);
}

async function chosenFfmpeg(path: string | null | undefined): Promise<Pick<Ffmpeg, 'path' | 'version'> | NoFfmpeg> {
  if (path === undefined) return findFfmpeg(process.env);
  return path === null ? { path, tried: [] } : { path, version: path };
}

const withoutFfmpeg = ({ tried }: NoFfmpeg): string =>
  `  no usable ffmpeg (${tried.map(({ candidate, fault }) => `${candidate}: ${fault}`).join('; ')}), so the prepared clips it is`;

interface Workshop {
  readonly dir: string;
  readonly path: string;
  readonly version: string;
  readonly onProgress: (line: string) => void;
}

async function keptOrMade(scene: Scene, { dir, path, version, onProgress }: Workshop): Promise<DemoClip> {
  const file = join(dir, `${scene.name}.mp4`);
  const madeFrom = await fingerprint(scene, version);
  const kept = await readKept(`${file}.json`);
  if (kept?.madeFrom === madeFrom) {
    const clip = await clipOf(scene, file).catch(missing);
    if (clip?.sha256 === kept.sha256) return clip;
  }
  onProgress(`  clip: ${scene.title}`);
  const unfinished = join(dir, `${scene.name}.${process.pid}.part`);
  const { recipe } = scene;
  await makeFinishedClip(path, {
    recipe,
    photos: await photosOf(scene),
    folder: `${unfinished}.pieces`,
    output: unfinished,
  });
  await rename(unfinished, file);
  const clip = await clipOf(scene, file);
  await writeFile(`${file}.json`, JSON.stringify({ madeFrom, sha256: clip.sha256 } satisfies Kept));
  return clip;
}

/** Of the drawing, the recipe, the maker and the ffmpeg. */
async function fingerprint(scene: Scene, version: string): Promise<string> {
  return createHash('sha256')
    .update(version)
    .update(JSON.stringify([scene, finishedClip]))
    .update(await readFile(drawingFile(scene)))
    .digest('hex');
}

async function readKept(file: string): Promise<Kept | undefined> {
  const text = await readFile(file, 'utf8').catch(missing);
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}

/** For what may not be there yet; every other fault goes on. */
function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

async function clipOf({ title, segment, store }: Scene, file: string): Promise<DemoClip> {
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const { width, height, durationMs } = finishedClip;
  return { file, title, segment, store, sha256, durationMs, width, height };
}
