import type { PlayReport } from '@gatecast/firmware-protocol/messages';

/** `atMs` is on the page's own clock (performance.now), `advanced` counts the frames since the last call, `mediaMs` is the place in the clip. */
export type OnFrame = (atMs: number, advanced: number, mediaMs: number) => void;

/** Browsers before 2020 do not tell of the frames that they present: what is counted there proves nothing of the picture. */
const tellsFrames = 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
export const measuredBy: PlayReport['measuredBy'] = tellsFrames ? 'frames' : 'clock';

/**
 * Calls back for each frame that the browser presents of a video, for good. The function returned wakes it: Chromium draws a video that lies behind
 * another only four times a second, but for one second after somebody has asked for its next frame.
 */
export function watchFrames(video: HTMLVideoElement, onFrame: OnFrame): () => void {
  if (!tellsFrames) {
    watchTime(video, onFrame);
    return () => undefined;
  }
  let last = 0;
  const next: VideoFrameRequestCallback = (_now, { presentationTime, presentedFrames, mediaTime }) => {
    const advanced = presentedFrames - last;
    last = presentedFrames;
    onFrame(presentationTime, advanced, mediaTime * 1_000);
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  return () => void video.requestVideoFrameCallback(() => undefined);
}

/** Our clips have 25 frames a second; the clip's own time is rounded. */
const frameMs = 38;

/** The clip's own time moves on with what was decoded and is due. */
function watchTime(video: HTMLVideoElement, onFrame: OnFrame): void {
  let lastMs = -frameMs;
  const look = (now: number) => {
    const mediaMs = video.currentTime * 1_000;
    if (video.readyState >= 2 && !video.paused && Math.abs(mediaMs - lastMs) >= frameMs) {
      lastMs = mediaMs;
      onFrame(now, 1, mediaMs);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
