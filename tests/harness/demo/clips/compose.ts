import { frame, layerFiles, movingLayers, type MovingLayer } from './layers.ts';
import type { Scene } from './scenes.ts';
import { toneBed } from './tone-bed.ts';

/** Seconds from the start at which things happen; somebody who waits for a door sees about six. */
const timing = { cameraBack: 1.8, lineIn: 0.15, priceIn: 1, pulse: 4.1 } as const;
const zoom = { close: 1.3, slow: 0.06 } as const;
/** The camera moves by whole pixels, so it moves over a larger picture. */
const cameraScale = 1.5;

/** A layer's filters, and where its top left corner is: expressions of ffmpeg over the time `t`. */
interface Motion {
  readonly filters: string;
  readonly x: string;
  readonly y: string;
}

/** Everything that would differ between two runs stays out. */
const bitExact = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-map_metadata', '-1'];

/**
 * Arguments of ffmpeg that make a scene's clip: H.264 baseline 3.1, 720 × 1280, 25 fps, a key frame every 2 s, no B-frames,
 * quiet AAC-LC, index at the front. One thread a clip, as several are made at a time.
 */
export function composeArguments(scene: Scene, output: string): string[] {
  const { still, moving } = layerFiles(scene);
  const pictures = [still, moving.float, moving.line, moving.price].filter((file) => file !== undefined);
  return [
    ['-hide_banner', '-nostdin', '-loglevel', 'error', '-filter_complex_threads', '1'],
    pictures.flatMap((file) => ['-i', file]),
    ['-f', 'lavfi', '-i', toneBed(scene.tune, scene.beatMs, scene.seconds)],
    ['-filter_complex', filterGraph(scene), '-map', '[picture]', '-map', `${pictures.length}:a`],
    ['-t', String(scene.seconds), '-r', String(frame.perSecond)],
    ['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'baseline', '-level:v', '3.1', '-threads:v', '1'],
    ['-crf', '28', '-maxrate', '900k', '-bufsize', '1800k', '-g', '50', '-sc_threshold', '0', '-bf', '0'],
    ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-ar', '48000'],
    [...bitExact, '-movflags', '+faststart', '-f', 'mp4', '-y', output],
  ].flat();
}

/** The camera over the still picture, then the moving layers in front of it. */
function filterGraph(scene: Scene): string {
  const layers: (readonly [MovingLayer, Motion])[] = [
    ['line', slideIn()],
    ['price', popIn(scene.seconds)],
  ];
  if (scene.risePixels !== undefined) layers.unshift(['float', rise(scene.risePixels, scene.seconds)]);
  const chains = [`[0:v]${camera(scene)}[below0]`];
  for (const [index, [layer, { filters, x, y }]] of layers.entries()) {
    chains.push(`[${index + 1}:v]${heldFor(scene.seconds)},${filters}[${layer}]`);
    chains.push(`[below${index}][${layer}]overlay=x='${x}':y='${y}':format=yuv444[below${index + 1}]`);
  }
  chains.push(`[below${layers.length}]format=yuv420p[picture]`);
  return chains.join(';');
}

/** Starts close to the scene's focus, draws back with a soft stop and then comes nearer again, slowly. */
function camera({ focus, seconds }: Scene): string {
  const frames = seconds * frame.perSecond;
  const back = timing.cameraBack * frame.perSecond;
  const z = `if(lt(on,${back}),1+${zoom.close - 1}*pow(1-on/${back},3),1+${zoom.slow}*(on-${back})/${frames - back})`;
  const size = `${frame.width * cameraScale}:${frame.height * cameraScale}`;
  return (
    `scale=${size}:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv444p,` +
    `zoompan=z='${z}':x='(iw-iw/zoom)*${focus.x}':y='(ih-ih/zoom)*${focus.y}':` +
    `d=${frames}:s=${frame.width}x${frame.height}:fps=${frame.perSecond}`
  );
}

/** One picture as a stream of frames. */
const heldFor = (seconds: number): string =>
  `scale=out_color_matrix=bt709:out_range=tv,format=yuva444p,` +
  `loop=loop=${seconds * frame.perSecond}:size=1:start=0,setpts=N/${frame.perSecond}/TB`;

const fadeIn = (at: number, seconds: number): string => `fade=t=in:st=${at}:d=${seconds}:alpha=1`;

/** 0 before `at`, 1 from `at + seconds`, with a soft stop (cubic ease-out). */
const eased = (at: number, seconds: number, time = 't'): string => `(1-pow(1-clip((${time}-${at})/${seconds},0,1),3))`;

/** The headline comes down. */
function slideIn(): Motion {
  const { x, y } = movingLayers.line;
  const from = -36;
  return { filters: fadeIn(timing.lineIn, 0.4), x: String(x), y: `${y}+${from}*(1-${eased(timing.lineIn, 0.7)})` };
}

/** Steam and lights go up, and come and go. */
function rise(pixels: number, seconds: number): Motion {
  const { x, y } = movingLayers.float;
  return { filters: fadeIn(0, 0.8), x: `${x}+6*sin(2*PI*t/5)`, y: `${y}+${pixels / 2}-${pixels}*t/${seconds}` };
}

/**
 * The price jumps up, a little too far, and once more later. `scale` could not do it in old ffmpegs; `zoompan` only enlarges,
 * so the layer is padded and zoomed to its own size.
 */
function popIn(seconds: number): Motion {
  const { x, y, width, height } = movingLayers.price;
  const { perSecond } = frame;
  const smallest = 0.6;
  const jump = `${smallest}+${1 - smallest}*${eased(timing.priceIn, 0.35, `on/${perSecond}`)}`;
  const overshoot = `0.07*sin(PI*clip((on/${perSecond}-${timing.priceIn + 0.2})/0.4,0,1))`;
  const pulse = `0.05*sin(PI*clip((on/${perSecond}-${timing.pulse})/0.5,0,1))`;
  const canvas = `${Math.round(width / smallest)}:${Math.round(height / smallest)}`;
  return {
    filters:
      `pad=${canvas}:(ow-iw)/2:(oh-ih)/2:color=black@0,` +
      `zoompan=z='(${jump}+${overshoot}+${pulse})/${smallest}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':` +
      `d=1:s=${width}x${height}:fps=${perSecond},${fadeIn(timing.priceIn, 0.2)},trim=duration=${seconds}`,
    x: String(x),
    y: String(y),
  };
}
