import type { Recipe } from './recipe.ts';
import { fadeMs, shotsOf, type Shot } from './shots.ts';
import { canvas, lineBox, looks, priceBox } from './templates.ts';
import { scaled } from './pictures.ts';
import { toneBed } from './tone-bed.ts';
import { cutMsMax } from '../cuts.ts';

/** Seconds from the start at which words come; somebody at a door sees six. */
const timing = { lineIn: 0.15, priceIn: 0.9, pulse: 4.1 } as const;
const zoom = 0.1;

/** Names of the pictures that a composition reads, in its folder. */
export const pieceNames = { veil: 'veil.png', line: 'line.png', price: 'price.png' } as const;
export const photoName = (index: number): string => `photo-${index}.jpg`;

/** How a composition is made: for the converter, or quick and small for a look at it. */
export interface Quality {
  /** Of the canvas of 1080 × 1920. */
  readonly scale: number;
  readonly framesPerSecond: number;
  readonly coding: readonly string[];
}

const finalCoding = ['-preset', 'ultrafast', '-profile:v', 'main', '-crf', '18'];
/** What the converter makes the files of the screens from: nearly without loss. */
export const forScreens = (hasPixelsForA: boolean): Quality => ({
  scale: hasPixelsForA ? 1 : 2 / 3,
  framesPerSecond: 25,
  coding: finalCoding,
});
/** A third of the width and half the frames: an eighteenth of the work. */
export const forPreview: Quality = {
  scale: 1 / 3,
  framesPerSecond: 12.5,
  coding: ['-preset', 'ultrafast', '-profile:v', 'baseline', '-crf', '26'],
};

export interface Composition {
  readonly recipe: Pick<Recipe, 'template' | 'sound'>;
  readonly photos: number;
  readonly hasPrice: boolean;
  /** Where the pictures are. */
  readonly folder: string;
  readonly output: string;
  readonly durationMs?: number;
}

/**
 * Arguments of ffmpeg that put the prepared pictures in motion. Only filters that old builds have too. Progress goes to standard output; the same pictures
 * give the same bytes.
 */
export function composeArguments(of: Composition, quality: Quality): string[] {
  const { recipe, hasPrice, folder, output, durationMs = cutMsMax.lift } = of;
  const { tune, beatMs } = looks[recipe.template];
  const photos = Array.from({ length: of.photos }, (_, index) => photoName(index));
  const layers = [pieceNames.veil, pieceNames.line, ...(hasPrice ? [pieceNames.price] : [])];
  const seconds = durationMs / 1_000;
  const picture = (name: string) =>
    [
      ['-protocol_whitelist', 'file,pipe', '-f', name.endsWith('.png') ? 'png_pipe' : 'jpeg_pipe'],
      ['-framerate', String(quality.framesPerSecond), '-i', `${folder}/${name}`],
    ].flat();
  const sound =
    recipe.sound === 'tones'
      ? ['-f', 'lavfi', '-i', toneBed(tune, beatMs, seconds), '-map', `${photos.length + layers.length}:a`]
      : [];
  return [
    [...photos, ...layers].flatMap(picture),
    sound.slice(0, 4),
    ['-filter_complex_threads', '2', '-filter_complex', filterGraph(of, quality), '-map', '[picture]'],
    sound.slice(4),
    ['-t', String(seconds), '-r', String(quality.framesPerSecond), '-c:v', 'libx264', ...quality.coding],
    ['-pix_fmt', 'yuv420p', '-threads:v', '2', '-bf', '0'],
    ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    sound.length > 0 ? ['-c:a', 'aac', '-b:a', '160k', '-ac', '2', '-ar', '48000'] : [],
    ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
    ['-movflags', '+faststart', '-progress', 'pipe:1', '-nostats', '-f', 'mp4', output],
  ].flat();
}

/** The shots over the ground, one fading into the next, then the veil and the words. */
function filterGraph({ recipe, photos, hasPrice, durationMs = cutMsMax.lift }: Composition, quality: Quality): string {
  const { ground, photos: place } = looks[recipe.template];
  const { scale, framesPerSecond: rate } = quality;
  const size = scaled({ x: 0, y: 0, ...canvas }, scale);
  const window = scaled(place, scale);
  const shots = shotsOf(photos).filter(({ fromMs }) => fromMs < durationMs);
  const seconds = durationMs / 1_000;
  const used = new Map<number, number>();
  const chains = [`color=c=${ground}:s=${size.width}x${size.height}:r=${rate}:d=${seconds},format=yuv444p[g0]`];
  for (const photo of new Set(shots.map((shot) => shot.photo))) {
    const times = shots.filter((shot) => shot.photo === photo).length;
    const names = Array.from({ length: times }, (_, time) => `[p${photo}x${time}]`).join('');
    const colours = 'scale=out_color_matrix=bt709:out_range=tv,format=yuva444p';
    chains.push(`[${photo}:v]${colours},split=${times}${names}`);
  }
  for (const [index, shot] of shots.entries()) {
    const time = used.get(shot.photo) ?? 0;
    used.set(shot.photo, time + 1);
    chains.push(`[p${shot.photo}x${time}]${camera(shot, window, rate, index === 0)}[s${index}]`);
    chains.push(
      `[g${index}][s${index}]overlay=x=${window.x}:y=${window.y}:eof_action=pass:format=yuv444[g${index + 1}]`,
    );
  }
  return [...chains, ...words({ hasPrice, shots: shots.length, photos, seconds }, quality)].join(';');
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Slowly nearer, back or aside, over one photo. */
function camera({ fromMs, toMs, move }: Shot, { width, height }: Extent, rate: number, isFirst: boolean): string {
  const frames = Math.round(((toMs - fromMs + fadeMs) / 1_000) * rate);
  const share = `on/${frames}`;
  const z = {
    nearer: `1+${zoom}*${share}`,
    back: `${1 + zoom}-${zoom}*${share}`,
    left: `${1 + zoom}`,
    right: `${1 + zoom}`,
  };
  const across = { nearer: '0.5', back: '0.5', left: `(1-${share})`, right: share }[move];
  const fade = isFirst ? '' : `,fade=t=in:st=0:d=${fadeMs / 1_000}:alpha=1`;
  return (
    `zoompan=z='${z[move]}':x='(iw-iw/zoom)*${across}':y='(ih-ih/zoom)*0.5':d=${frames}:s=${width}x${height}:fps=${rate}` +
    `${fade},setpts=PTS+${fromMs / 1_000}/TB`
  );
}

/** 0 before `at`, 1 from `at + seconds`, with a soft stop (cubic ease-out). */
const eased = (at: number, seconds: number, time = 't'): string => `(1-pow(1-clip((${time}-${at})/${seconds},0,1),3))`;

function words(
  {
    hasPrice,
    shots,
    photos,
    seconds,
  }: { readonly hasPrice: boolean; readonly shots: number; readonly photos: number; readonly seconds: number },
  { scale, framesPerSecond: rate }: Quality,
): string[] {
  const held = (filters = '') =>
    `scale=out_color_matrix=bt709:out_range=tv,format=yuva444p,loop=loop=${Math.ceil(seconds * rate)}:size=1:start=0,setpts=N/${rate}/TB${filters}`;
  const fadeIn = (at: number, length: number) => `,fade=t=in:st=${at}:d=${length}:alpha=1`;
  const line = scaled(lineBox, scale);
  const price = scaled(priceBox, scale);
  const down = `${line.y}-${Math.round(54 * scale)}*(1-${eased(timing.lineIn, 0.7)})`;
  const chains = [
    `[${photos}:v]${held()}[veil]`,
    `[g${shots}][veil]overlay=format=yuv444[w0]`,
    `[${photos + 1}:v]${held(fadeIn(timing.lineIn, 0.4))}[line]`,
    `[w0][line]overlay=x=${line.x}:y='${down}':format=yuv444[w1]`,
  ];
  if (hasPrice) {
    chains.push(`[${photos + 2}:v]${held(`,${jump(price, rate)}${fadeIn(timing.priceIn, 0.2)}`)}[price]`);
    chains.push(`[w1][price]overlay=x=${price.x}:y=${price.y}:format=yuv444[w2]`);
  }
  chains.push(`[w${hasPrice ? 2 : 1}]format=yuv420p[picture]`);
  return chains;
}

/** The price comes up a little too large, and once more later. `zoompan` only enlarges, so the piece is padded and zoomed to its own size. */
function jump({ width, height }: Extent, rate: number): string {
  const smallest = 0.8;
  const rise = `${smallest}+${1 - smallest}*${eased(timing.priceIn, 0.35, `on/${rate}`)}`;
  const pulse = (at: number, size: number, length: number) => `${size}*sin(PI*clip((on/${rate}-${at})/${length},0,1))`;
  const z = `(${rise}+${pulse(timing.priceIn + 0.2, 0.05, 0.4)}+${pulse(timing.pulse, 0.04, 0.5)})/${smallest}`;
  const canvasSize = `${Math.round(width / smallest)}:${Math.round(height / smallest)}`;
  return `pad=${canvasSize}:(ow-iw)/2:(oh-ih)/2:color=black@0,zoompan=z='${z}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=1:s=${width}x${height}:fps=${rate}`;
}
