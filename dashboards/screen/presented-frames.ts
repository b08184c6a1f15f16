/** `atMs` is on the page's own clock (performance.now), `presented` counts the video's frames, `mediaMs` is the place in the clip. */
export type OnFrame = (atMs: number, presented: number, mediaMs: number) => void;

/** Calls back for each frame that the browser presents of a video, for good. */
export function watchFrames(video: HTMLVideoElement, onFrame: OnFrame): void {
  if (!('requestVideoFrameCallback' in HTMLVideoElement.prototype)) {
    watchTime(video, onFrame);
    return;
  }
  const next: VideoFrameRequestCallback = (_now, frame) => {
    onFrame(frame.presentationTime, frame.presentedFrames, frame.mediaTime * 1_000);
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
}

/** For browsers before 2020: the clip's own time moves on with each frame that was decoded and is due. */
function watchTime(video: HTMLVideoElement, onFrame: OnFrame): void {
  let last = -1;
  let count = 0;
  const look = (now: number) => {
    if (video.readyState >= 2 && !video.paused && video.currentTime !== last) {
      last = video.currentTime;
      count += 1;
      onFrame(now, count, last * 1_000);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
