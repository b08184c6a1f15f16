import { agentUrl } from './agent-url.ts';
import { watchFrames, type OnFrame } from './presented-frames.ts';

/** One of the two video elements. */
export interface Slot {
  readonly video: HTMLVideoElement;
  /** SHA-256 of the clip that it holds. */
  readonly clip: string | undefined;
  /** Holds a clip whose picture is decoded. */
  readonly isReady: boolean;
  /** Has the clip ready at its first frame, without starting it. */
  prepare(clip: string): void;
  /** Plays what it holds, silent at first: a browser lets a page start without a sound, not with one. */
  play(): void;
  rest(): void;
  /** What it holds hangs, or may not be shown: the next time it is loaded anew. The decoder behind it is given back. */
  discard(): void;
  /** Frames dropped since the last call. */
  takeDropped(): number;
}

export interface SlotEvents {
  frame: OnFrame;
  ended(): void;
  failed(): void;
}

export function createSlot(video: HTMLVideoElement, events: SlotEvents): Slot {
  let clip: string | undefined;
  let dropped = 0;
  const fail = () => {
    // A file that was told to go fails too.
    if (clip === undefined) return;
    clip = undefined;
    events.failed();
  };
  const wake = watchFrames(video, (...frame) => {
    if (clip !== undefined) events.frame(...frame);
  });
  video.addEventListener('ended', () => events.ended());
  video.addEventListener('error', fail);
  return {
    video,
    get clip() {
      return clip;
    },
    get isReady() {
      return clip !== undefined && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    },
    prepare(wanted) {
      // One that has played is loaded anew: from there it starts twice as fast as after a seek.
      if (clip === wanted && video.currentTime === 0) return;
      clip = wanted;
      dropped = 0;
      video.src = agentUrl(`clips/${wanted}.mp4`);
      video.load();
    },
    play() {
      const wanted = clip;
      video.muted = true;
      wake();
      video.play().catch((error: unknown) => {
        // A pause or another clip came first: whoever did that goes on from there.
        if (clip === wanted && !(error instanceof DOMException && error.name === 'AbortError')) fail();
      });
    },
    rest() {
      video.muted = true;
      video.pause();
    },
    discard() {
      clip = undefined;
      video.pause();
      video.removeAttribute('src');
      video.load();
    },
    takeDropped() {
      const all = 'getVideoPlaybackQuality' in video ? video.getVideoPlaybackQuality().droppedVideoFrames : 0;
      const since = all - dropped;
      dropped = all;
      return since;
    },
  };
}
