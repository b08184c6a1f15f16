import { agentUrl } from './agent-url.ts';
import { watchFrames, type OnFrame } from './presented-frames.ts';

/** One of the two video elements. */
export interface Slot {
  readonly video: HTMLVideoElement;
  /** SHA-256 of the clip that it holds. */
  readonly clip: string | undefined;
  /** Has the clip ready at its first frame, without starting it. */
  prepare(clip: string): void;
  /** Plays what it holds, silent at first: a browser lets a page start without a sound, not with one. */
  play(repeats: boolean): void;
  rest(): void;
  /** What it holds hangs: the next time it is loaded anew. */
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
  watchFrames(video, (...frame) => events.frame(...frame));
  video.addEventListener('ended', () => events.ended());
  video.addEventListener('error', () => {
    if (clip === undefined) return;
    clip = undefined;
    events.failed();
  });
  return {
    video,
    get clip() {
      return clip;
    },
    prepare(wanted) {
      if (clip === wanted) {
        if (video.currentTime > 0) video.currentTime = 0;
        return;
      }
      clip = wanted;
      dropped = 0;
      video.src = agentUrl(`clips/${wanted}.mp4`);
      video.load();
    },
    play(repeats) {
      video.loop = repeats;
      video.muted = true;
      video.play().catch((error: unknown) => {
        // A pause or another clip came first: whoever did that goes on from there.
        if (!(error instanceof DOMException && error.name === 'AbortError')) events.failed();
      });
    },
    rest() {
      video.muted = true;
      video.pause();
    },
    discard() {
      clip = undefined;
      video.pause();
    },
    takeDropped() {
      const all = 'getVideoPlaybackQuality' in video ? video.getVideoPlaybackQuality().droppedVideoFrames : 0;
      const since = all - dropped;
      dropped = all;
      return since;
    },
  };
}
