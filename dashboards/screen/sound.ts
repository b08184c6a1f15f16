/** The sound of whatever clip is in front. */
export interface Sound {
  set(isMuted: boolean, volumePercent: number): void;
  /** Gives a playing video its voice, if the hour and the browser allow it; true if it can be heard. */
  giveTo(video: HTMLVideoElement): boolean;
}

export function createSound(): Sound {
  let isMuted = true;
  let volume = 0;
  let isAllowed = true;
  // Somebody touched the page: browsers let it speak from now on.
  addEventListener('pointerdown', () => (isAllowed = true));
  return {
    set(muted, volumePercent) {
      isMuted = muted;
      volume = volumePercent / 100;
    },
    giveTo(video) {
      if (isMuted || !isAllowed) {
        video.muted = true;
        return false;
      }
      video.volume = volume;
      video.muted = false;
      // One that has ended is paused too, and stands there only until the next one moves: played again it would seek to its start, without a picture for a
      // turn of the screen, and it says nothing of what the browser allows.
      if (!video.paused || video.ended) return true;
      // Chrome stops a video that may not speak.
      isAllowed = false;
      video.muted = true;
      video.play().catch(() => undefined);
      return false;
    },
  };
}
