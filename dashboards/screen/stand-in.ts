import type { ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { agentUrl } from './agent-url.ts';

/** A picture that stands before the videos while none of them moves; nothing of it counts. */
export interface StandIn {
  /** The clip that it is of, by SHA-256; undefined: nothing stands there. */
  readonly clip: string | undefined;
  /** Fetches a clip's own still: where the clip hangs later, its still may hang too. */
  load(decision: ScreenDecision): void;
  /** Shows it, as soon as it is here. */
  showPoster(decision: ScreenDecision): void;
  /** Shows the frame that a video is at. */
  showFrame(decision: ScreenDecision, video: HTMLVideoElement): void;
  hide(): void;
}

/** `shown` is told when a still comes to the front. */
export function createStandIn(canvas: HTMLCanvasElement, shown: (decision: ScreenDecision) => void): StandIn {
  const image = new Image();
  let loaded: string | null = null;
  let wanted: ScreenDecision | undefined;
  let clip: string | undefined;
  const draw = (picture: HTMLImageElement | HTMLVideoElement, width: number, height: number) => {
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    canvas.hidden = false;
    document.documentElement.classList.add('has-picture');
  };
  const drawPoster = () => {
    if (!wanted || wanted.poster !== loaded || !image.complete || image.naturalWidth === 0) return;
    clip = wanted.clip;
    draw(image, image.naturalWidth, image.naturalHeight);
    shown(wanted);
    wanted = undefined;
  };
  image.addEventListener('load', drawPoster);
  const load = ({ poster }: ScreenDecision) => {
    if (poster === null || poster === loaded) return;
    loaded = poster;
    image.src = agentUrl(`clips/${poster}.jpg`);
  };
  return {
    get clip() {
      return clip;
    },
    load,
    showPoster(decision) {
      wanted = decision;
      load(decision);
      drawPoster();
    },
    showFrame(decision, video) {
      clip = decision.clip;
      draw(video, video.videoWidth, video.videoHeight);
    },
    hide() {
      wanted = clip = undefined;
      canvas.hidden = true;
    },
  };
}
