import type { PlayReport, ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { createPlay, type Play } from './play.ts';
import { createSlot, type Slot } from './slot.ts';
import type { Sound } from './sound.ts';

/** So long before its end a clip hands over: three frames. */
const handOverMs = 120;
/** No frame for so long, and a clip hangs. */
const stallMs = 3_000;
const watchEveryMs = 500;
/** After a fault of the ambient clip. */
const retryMs = 5_000;

type EndReason = PlayReport['endReason'];

/**
 * Two videos, one in front of the other. The one behind holds what is likely next at its first frame; it comes to the front when it has
 * presented a frame, so there is always a picture. Behind both lies a still.
 */
export class Stage {
  private readonly slots: readonly [Slot, Slot];
  private front: 0 | 1 = 0;
  private ambient: Play | undefined;
  private touch: Play | undefined;
  /** In front. */
  private playing: Play | undefined;
  /** Behind, until it has a picture. */
  private starting: Play | undefined;
  private startingSinceMs = 0;
  private lastFrameMs = 0;
  /** When the last frame of a clip stood on the screen, on the page's own clock; null before the first. */
  presentedAtMs: number | null = null;
  private nextClip: string | null = null;
  private isCovered = false;
  private readonly sound: Sound;
  private readonly onAir: (decision: ScreenDecision | null) => void;

  /** `onAir` is told of each clip that comes to the front; null: the still. */
  constructor(
    videos: readonly [HTMLVideoElement, HTMLVideoElement],
    sound: Sound,
    onAir: (decision: ScreenDecision | null) => void,
  ) {
    this.sound = sound;
    this.onAir = onAir;
    this.slots = [this.slotOf(videos[0], 0), this.slotOf(videos[1], 1)];
  }

  start(): void {
    setInterval(() => this.watch(), watchEveryMs);
  }

  /** A clip for somebody at the door replaces whatever plays. */
  show(decision: ScreenDecision): void {
    if (this.touch?.decision.decision === decision.decision) return;
    const before = this.touch;
    this.touch = createPlay(decision);
    this.end(before, 'replaced');
    this.begin(this.touch);
  }

  /** What plays while nobody is there; null: the still. */
  setAmbient(decision: ScreenDecision | null): void {
    const before = this.ambient;
    if (before?.decision.decision === decision?.decision) return;
    this.ambient = decision ? createPlay(decision) : undefined;
    this.end(before, 'replaced');
    if (this.touch) this.prepareBack();
    else if (!this.ambient) this.showStill();
    else if (before && before === this.playing && before.decision.clip === this.ambient.decision.clip) {
      // The same clip goes on, in a new half-hour.
      this.playing = this.ambient;
      this.onAir(this.ambient.decision);
    } else this.begin(this.ambient);
  }

  /** A clip that may be shown no more stops in the middle, and is not kept ready. */
  withdraw(clip: string): void {
    if (this.nextClip === clip) this.nextClip = null;
    if (this.touch?.decision.clip === clip) this.leaveTouch('replaced');
    if (this.ambient?.decision.clip === clip) this.setAmbient(null);
    for (const slot of this.slots) if (slot.clip === clip) slot.discard();
  }

  /** What the next opening is likely to get. */
  setNext(clip: string | null): void {
    this.nextClip = clip;
    this.prepareBack();
  }

  /** Something hides the picture: meanwhile nothing counts. */
  setCovered(isCovered: boolean): void {
    this.isCovered = isCovered;
    if (isCovered) this.playing?.interrupt();
  }

  /** The hour or the property changed the sound. */
  refreshSound(): void {
    if (this.playing) this.sound.giveTo(this.slots[this.front].video);
  }

  private slotOf(video: HTMLVideoElement, index: 0 | 1): Slot {
    return createSlot(video, {
      frame: (atMs, presented, mediaMs) => this.onFrame(index, atMs, presented, mediaMs),
      ended: () => {
        if (index === this.front && this.playing === this.touch) this.leaveTouch('finished');
      },
      failed: () => this.fail(index === this.front ? this.playing : this.starting, 'error'),
    });
  }

  private get back(): Slot {
    return this.slots[this.front === 0 ? 1 : 0];
  }

  private onFrame(index: 0 | 1, atMs: number, presented: number, mediaMs: number): void {
    const { video } = this.slots[index];
    if (index !== this.front) {
      if (!this.starting || video.paused) return;
      this.swap(index);
    }
    const { playing } = this;
    if (!playing || video.paused) return;
    this.lastFrameMs = performance.now();
    this.presentedAtMs = this.lastFrameMs;
    if (!this.isCovered && !document.hidden) playing.frame(atMs, presented);
    if (!video.muted) playing.heard();
    if (playing === this.touch && playing.decision.durationMs - mediaMs <= handOverMs) this.leaveTouch('finished');
  }

  /** The clip behind has a picture: it comes to the front. */
  private swap(index: 0 | 1): void {
    const before = this.slots[this.front];
    this.playing?.interrupt();
    this.playing?.dropped(before.takeDropped());
    this.front = index;
    this.playing = this.starting;
    this.starting = undefined;
    this.slots[index].takeDropped();
    this.slots.forEach((slot, at) => slot.video.classList.toggle('front', at === index));
    document.documentElement.classList.add('has-picture');
    before.rest();
    this.onAir(this.playing?.decision ?? null);
    this.refreshSound();
    this.prepareBack();
  }

  private begin(play: Play): void {
    this.starting = play;
    this.startingSinceMs = performance.now();
    const slot = this.back;
    if (slot.clip !== play.decision.clip) slot.prepare(play.decision.clip);
    slot.play(play.decision.occasion === 'ambient');
  }

  private prepareBack(): void {
    if (this.starting) return;
    if (!this.touch) {
      if (this.nextClip !== null) this.back.prepare(this.nextClip);
      return;
    }
    // The ambient clip goes on where it was left: nobody minds, and a seek would cost a frame.
    const clip = this.ambient?.decision.clip;
    if (clip !== undefined && this.back.clip !== clip) this.back.prepare(clip);
  }

  private end(play: Play | undefined, reason: EndReason): void {
    if (play && play === this.playing) play.dropped(this.slots[this.front].takeDropped());
    play?.end(reason);
  }

  /** The touch's clip is over or broken: back to the ambient one. */
  private leaveTouch(reason: EndReason): void {
    const over = this.touch;
    if (!over) return;
    this.touch = undefined;
    this.end(over, reason);
    if (this.starting === over) this.starting = undefined;
    if (!this.ambient) this.showStill();
    else if (this.playing !== this.ambient) this.begin(this.ambient);
    else this.prepareBack();
  }

  private showStill(): void {
    this.playing?.interrupt();
    this.playing = undefined;
    document.documentElement.classList.remove('has-picture');
    this.slots[this.front].rest();
    this.onAir(null);
    this.prepareBack();
  }

  private fail(play: Play | undefined, reason: EndReason): void {
    if (!play) return;
    (play === this.playing ? this.slots[this.front] : this.back).discard();
    if (play === this.touch) {
      this.leaveTouch(reason);
      return;
    }
    if (play === this.starting) this.starting = undefined;
    if (play === this.playing) this.showStill();
    setTimeout(() => this.retryAmbient(), retryMs);
  }

  private retryAmbient(): void {
    if (this.ambient && !this.touch && !this.starting && this.playing !== this.ambient) this.begin(this.ambient);
  }

  /** A page that nobody sees presents no frames, and that is no fault. */
  private watch(): void {
    const now = performance.now();
    if (document.hidden) {
      this.lastFrameMs = now;
      this.startingSinceMs = now;
    } else if (this.starting && now - this.startingSinceMs > stallMs) this.fail(this.starting, 'stalled');
    else if (this.playing && now - this.lastFrameMs > stallMs) this.fail(this.playing, 'stalled');
  }
}
