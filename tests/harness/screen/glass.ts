import type { Page } from 'playwright-core';

/** What stood on the glass of one decision's turn, read from the picture itself. */
export interface Seen {
  readonly decision: string;
  readonly film: number;
  /** Different frames read in full view, one after the other. */
  readonly frames: number;
  /** Frames that the browser presented before it called the observer, or that had made room for the next when it looked: the numbers are missing in what was read. */
  readonly unread: number;
  /** From the first to the last of each unbroken run, summed. */
  readonly shownMs: number;
  readonly longestRunMs: number;
  /** Of the first, on the wall clock. */
  readonly firstAt: number;
}

export interface Glass {
  readonly seen: readonly Seen[];
  /** From the last new frame of a clip to the first of the next; one frame's time would be perfect. */
  readonly seamsMs: readonly number[];
  /** The longest time without a new frame within a clip. */
  readonly standstillMsMax: number;
  /** The longest time without any picture. The still is one. */
  readonly blackMsMax: number;
  readonly stillMsMax: number;
  /** What lay in front when the first black was seen, to find out why. */
  readonly blackAt: string;
  /** How often the observer looked for black, and the longest time that it did not. */
  readonly looks: number;
  readonly blindMsMax: number;
}

interface Watched extends Window {
  gatecastGlass?: Glass;
}

/**
 * Has the page watched by somebody who trusts none of its words: each frame that the browser presents is read from its pixels, each drawing turn is
 * looked at for black. Call it before the page is opened; it begins with the page and again after each reload.
 */
export async function watchGlass(page: Page): Promise<void> {
  await page.addInitScript(observe);
}

export const glassOf = async (page: Page): Promise<Glass> => {
  const glass = await page.evaluate(() => (window as Watched).gatecastGlass);
  if (!glass) throw new Error('nobody watches this page');
  return glass;
};

/** Runs in the page: it can use nothing from outside. */
function observe(): void {
  const side = 32;
  const framesPerSecond = 25;
  const breakMs = 250;
  const darkMax = 40;
  interface Run extends Omit<Seen, 'frames' | 'unread' | 'shownMs' | 'longestRunMs'> {
    frames: number;
    unread: number;
    shownMs: number;
    longestRunMs: number;
    runFromMs: number;
    lastMs: number;
  }
  const seen = new Map<string, Run>();
  const seamsMs: number[] = [];
  const glass = { seamsMs, standstillMsMax: 0, blackMsMax: 0, blackAt: '', stillMsMax: 0, looks: 0, blindMsMax: 0 };
  Object.defineProperty(window, 'gatecastGlass', { get: () => ({ ...glass, seen: [...seen.values()] }) });

  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser draws nothing');
  context.imageSmoothingEnabled = false;
  const look = (source: CanvasImageSource) => {
    // What a source does not paint is not what the one before it left.
    context.clearRect(0, 0, side, side);
    context.drawImage(source, 0, 0, side, side);
    return context.getImageData(0, 0, side, side).data;
  };
  const brightness = (pixels: Uint8ClampedArray, x: number, y: number) => pixels[(y * side + x) * 4 + 1] ?? 0;

  /** Which frame of which film; undefined: none of ours, or not to be read. */
  const read = (pixels: Uint8ClampedArray) => {
    const bits = Array.from({ length: 16 }, (_, index) => (brightness(pixels, index * 2 + 1, 0) > 125 ? 1 : 0));
    if (bits[0] !== 1 || bits.reduce<number>((sum, bit) => sum + bit, 0) % 2 !== 0) return undefined;
    const numberOf = (from: number, to: number) => bits.slice(from, to).reduce<number>((sum, bit) => sum * 2 + bit, 0);
    return { film: numberOf(1, 5), frame: numberOf(5, 15) };
  };

  /** What lies in front in the middle of the picture. */
  const inFront = () => {
    const stage = document.querySelector('.stage')?.getBoundingClientRect();
    return stage ? document.elementFromPoint(stage.x + stage.width / 2, stage.y + stage.height / 2) : null;
  };

  interface Read {
    readonly video: HTMLVideoElement;
    readonly film: number;
    readonly frame: number;
    readonly atMs: number;
    readonly presentedFrames: number;
  }
  let last: Read | undefined;
  const onFrame = (video: HTMLVideoElement, metadata: VideoFrameCallbackMetadata): void => {
    if (!video.classList.contains('front') || video.paused) return;
    const isAdvised = /^(refused|wait)$/.test(document.documentElement.dataset['state'] ?? '');
    if (inFront() !== video || document.hidden || isAdvised) {
      last = undefined;
      return;
    }
    const what = read(look(video));
    const decision = document.documentElement.dataset['decision'] ?? '';
    if (!what || decision === '') return;
    const { presentationTime: atMs, presentedFrames, mediaTime } = metadata;
    const before = last;
    const isSameFilm = before !== undefined && before.video === video && before.film === what.film;
    const isSame = isSameFilm && before.frame === what.frame;
    const follows = isSameFilm && what.frame > before.frame;
    last = { video, ...what, presentedFrames, atMs: isSame ? before.atMs : atMs };
    if (before && !follows && !isSame) seamsMs.push(atMs - before.atMs);
    if (follows) glass.standstillMsMax = Math.max(glass.standstillMsMax, atMs - before.atMs);
    // The frame that the browser calls for may have gone when the picture is drawn, and it calls once for all since the last call.
    const isLateBy = Math.max(0, what.frame - Math.round(mediaTime * framesPerSecond));
    const uncalled = follows ? Math.max(0, presentedFrames - before.presentedFrames - 1) : 0;
    const missing = follows ? what.frame - before.frame - 1 : what.frame;
    const unread = isSame ? 0 : Math.min(missing, uncalled + isLateBy);
    const run = seen.get(decision);
    if (!run) {
      const firstAt = performance.timeOrigin + atMs;
      const begun = { decision, film: what.film, frames: 1, unread, shownMs: 0, longestRunMs: 0, firstAt };
      seen.set(decision, { ...begun, runFromMs: atMs, lastMs: atMs });
      return;
    }
    if (!isSame) run.frames += 1;
    run.unread += unread;
    if (before && atMs - run.lastMs <= breakMs) run.shownMs += atMs - run.lastMs;
    else run.runFromMs = atMs;
    run.lastMs = atMs;
    run.longestRunMs = Math.max(run.longestRunMs, run.lastMs - run.runFromMs);
  };

  const listen = (video: HTMLVideoElement): void => {
    const next: VideoFrameRequestCallback = (_now, metadata) => {
      video.requestVideoFrameCallback(next);
      onFrame(video, metadata);
    };
    video.requestVideoFrameCallback(next);
  };

  const describe = (front: Element | null): string => {
    if (!(front instanceof HTMLVideoElement)) return front?.className ?? 'nothing';
    const { readyState, currentTime, duration, paused, error } = front;
    return `readyState ${readyState}, ${currentTime} of ${duration} s, paused ${paused}, error ${error?.code}`;
  };

  let blackSince = 0;
  let stillSince = 0;
  let lookedMs = 0;
  const turn = (now: number): void => {
    requestAnimationFrame(turn);
    glass.looks += 1;
    if (lookedMs > 0) glass.blindMsMax = Math.max(glass.blindMsMax, now - lookedMs);
    lookedMs = now;
    const front = inFront();
    // A clip in front without a current frame is held to be black though the browser may keep the last one: a page that lets it come so far has let a clip
    // be sought in or loaded anew before everybody's eyes.
    const isClip = front instanceof HTMLVideoElement || front instanceof HTMLCanvasElement;
    const pixels = isClip && !(front instanceof HTMLVideoElement && front.readyState < 2) ? look(front) : undefined;
    const isBright = pixels?.some((value, index) => index % 4 !== 3 && value > darkMax) ?? !isClip;
    const isStill = isBright && front?.closest('.still') !== null;
    blackSince = isBright ? 0 : blackSince || now;
    stillSince = isStill ? stillSince || now : 0;
    if (blackSince > 0) glass.blackAt ||= describe(front);
    if (blackSince > 0) glass.blackMsMax = Math.max(glass.blackMsMax, now - blackSince + 1_000 / 60);
    if (stillSince > 0) glass.stillMsMax = Math.max(glass.stillMsMax, now - stillSince);
  };
  addEventListener('load', () => {
    // After the page's own scripts, so that what they did with a frame is done when it is read.
    for (const video of document.querySelectorAll<HTMLVideoElement>('video.clip')) listen(video);
    requestAnimationFrame(turn);
  });
}
