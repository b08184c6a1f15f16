import type { PlayReport, ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { createLeadTime } from './lead-time.ts';
import { PlayOrder } from './play-order.ts';
import { createPlay, type Play } from './play.ts';
import { createSlot, type Slot } from './slot.ts';
import type { Sound } from './sound.ts';
import { createStandIn, type StandIn } from './stand-in.ts';

/** So long before its end the clip that follows is made ready; until then the one that the next opening is likely to get. */
const prepareMs = 1_200;
/** A timer that is set closer to its moment is more exact. */
const timerMsMax = 500;
/** No frame for so long, and a clip hangs. */
const stallMs = 3_000;
const watchEveryMs = 500;
/** A platform that decodes two clips at once has the second ready by then. */
const probeMs = 4_000;

/** Many more than can be under way. */
const shownMax = 16;

type EndReason = PlayReport['endReason'];

export interface StageParts {
  readonly videos: readonly [HTMLVideoElement, HTMLVideoElement];
  /** Holds the still of a clip that cannot be played, and the last frame where the platform has one decoder only. */
  readonly frozen: HTMLCanvasElement;
  readonly sound: Sound;
  /** Told of each clip that comes to the front; null: the still. */
  readonly onAir: (decision: ScreenDecision | null) => void;
}

/**
 * Two videos, one in front of the other. The one behind holds what is likely next at its first frame; it comes to the front when it has
 * presented a frame, so there is always a picture. A clip that cannot be shown leaves its own still in its place; behind all lies the page's. A platform that
 * cannot decode two clips at once has one video, before which the last frame, then the next clip's still, stands until that moves.
 */
export class Stage {
  private readonly parts: StageParts;
  private readonly slots: readonly [Slot, Slot];
  private readonly standIn: StandIn;
  private readonly order = new PlayOrder<Play>();
  private front: 0 | 1 = 0;
  /** In front. */
  private playing: Play | undefined;
  /** How the one in front ends, once something else is there. */
  private leaving: EndReason | undefined;
  /** Behind, until it has a picture. */
  private starting: Play | undefined;
  private startingSinceMs = 0;
  /** It lay ready when it was started. */
  private wasReady = false;
  private readonly lead = createLeadTime();
  private lastFrameMs = 0;
  private handOverTimer = 0;
  private isNearEnd = false;
  private nextClip: string | null = null;
  /** Decisions for people at the door, the last ones. */
  private shown: readonly string[] = [];
  private isCovered = false;
  /** Undefined until it is known whether the platform decodes two clips at once. */
  private canPrepare: boolean | undefined;
  private probedSinceMs: number | undefined;
  /** When the last frame of a clip stood on the screen, on the page's own clock; null before the first. */
  presentedAtMs: number | null = null;
  /** Clips that failed since the page came. */
  faults = 0;

  constructor(parts: StageParts) {
    this.parts = parts;
    this.standIn = createStandIn(parts.frozen, parts.onAir);
    this.slots = [this.slotOf(parts.videos[0], 0), this.slotOf(parts.videos[1], 1)];
  }

  start(): void {
    setInterval(() => this.watch(), watchEveryMs);
  }

  /** Somebody is at the door. */
  get isTouch(): boolean {
    return this.order.isTouch;
  }

  /** There is something to show. */
  get isDue(): boolean {
    return this.order.current !== undefined;
  }

  /** A clip for somebody at the door: at once, or after the one that it follows. */
  show(decision: ScreenDecision): void {
    // The agent tells of it again until it has heard how it ended.
    if (this.shown.includes(decision.decision)) return;
    this.shown = [...this.shown, decision.decision].slice(-shownMax);
    this.end(this.order.show(createPlay(decision)), 'replaced');
    this.turn();
  }

  /** What plays while nobody is there; null: the still. */
  setAmbient(decision: ScreenDecision | null): void {
    if (this.order.ambientDecision === decision?.decision) return;
    const over = this.order.setAmbient(decision ? createPlay(decision) : undefined);
    this.goOn();
    this.end(over, 'replaced');
    this.turn();
  }

  /** A clip that may be shown no more stops in the middle, and is not kept ready. */
  withdraw(clip: string): void {
    if (this.nextClip === clip) this.nextClip = null;
    const gone = this.order.all.filter((play) => play.decision.clip === clip);
    for (const play of gone) this.order.drop(play);
    this.end(gone, 'replaced');
    if (this.starting?.decision.clip === clip) this.starting = undefined;
    if (this.playing?.decision.clip === clip || this.standIn.clip === clip) this.showStill();
    for (const slot of this.slots) if (slot.clip === clip) slot.discard();
    this.turn();
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
    if (this.playing) this.parts.sound.giveTo(this.slots[this.front].video);
  }

  /** The page goes: what was shown until now is told. */
  close(): void {
    const all = this.order.all;
    for (const play of all) this.order.drop(play);
    this.end(all, 'replaced');
    this.showStill();
  }

  private slotOf(video: HTMLVideoElement, index: 0 | 1): Slot {
    return createSlot(video, {
      frame: (atMs, advanced, mediaMs) => this.onFrame(index, atMs, advanced, mediaMs),
      ended: () => {
        if (index === this.front && !this.starting) this.handOver();
      },
      failed: () => this.onFailed(index),
    });
  }

  /** Where the next clip begins. */
  private get behind(): 0 | 1 {
    if (this.canPrepare === false) return this.front;
    return this.front === 0 ? 1 : 0;
  }

  private onFrame(index: 0 | 1, atMs: number, advanced: number, mediaMs: number): void {
    if (this.slots[index].video.paused) return;
    if (this.starting && index === this.behind && this.slots[index].isReady) this.swap(index);
    if (!this.playing || index !== this.front) return;
    this.lastFrameMs = performance.now();
    this.presentedAtMs = this.lastFrameMs;
    if (!this.isCovered && !document.hidden) this.playing.frame(atMs, advanced);
    if (!this.slots[index].video.muted) this.playing.heard();
    this.look(mediaMs);
  }

  /** How far the clip in front is from its end. */
  private look(mediaMs: number): void {
    clearTimeout(this.handOverTimer);
    if (!this.playing || this.starting) return;
    const { video } = this.slots[this.front];
    const endMs = Math.min(this.playing.decision.durationMs, video.duration * 1_000 || Infinity);
    const leftMs = endMs - mediaMs - (this.canPrepare === false ? 0 : this.lead.ms);
    if (leftMs <= 1) this.handOver();
    else if (leftMs <= timerMsMax) {
      this.handOverTimer = window.setTimeout(() => this.look(video.currentTime * 1_000), leftMs);
    }
    if (leftMs <= Math.min(prepareMs, endMs / 3) && !this.isNearEnd) {
      this.isNearEnd = true;
      this.prepareBack();
    }
  }

  private handOver(): void {
    this.end(this.order.advance(), 'finished');
    const { current } = this.order;
    if (current) this.begin(current);
    else this.showStill();
  }

  /** The same ambient clip goes on under a new decision. */
  private goOn(): void {
    const { current } = this.order;
    if (!this.playing || !current || this.starting || this.playing === current || this.order.isTouch) return;
    if (this.playing.decision.clip !== current.decision.clip || this.leaving) return;
    this.leaving = 'replaced';
    this.leave(current);
    this.playing = current;
    this.parts.onAir(current.decision);
  }

  /** Brings to the front what is to be there. */
  private turn(): void {
    const { current } = this.order;
    if (current && current === this.starting) return;
    if (!current) {
      if (this.playing || this.starting) this.showStill();
      else this.prepareBack();
    } else if (current !== this.playing || this.leaving) this.begin(current);
    else {
      if (this.starting) this.slots[this.behind].rest();
      this.starting = undefined;
      this.prepareBack();
    }
  }

  private begin(play: Play): void {
    clearTimeout(this.handOverTimer);
    this.starting = play;
    this.startingSinceMs = performance.now();
    const slot = this.slots[this.behind];
    this.standIn.load(play.decision);
    if (this.behind === this.front) {
      if (this.playing && slot.isReady) this.standIn.showFrame(this.playing.decision, slot.video);
      this.standIn.showPoster(play.decision);
      this.playing?.dropped(slot.takeDropped());
    }
    this.wasReady = slot.isReady && slot.clip === play.decision.clip;
    slot.prepare(play.decision.clip);
    slot.play();
  }

  /** The clip behind has a picture: it comes to the front. */
  private swap(index: 0 | 1): void {
    const before = this.slots[this.front];
    const isOther = this.playing !== this.starting;
    if (this.wasReady) this.lead.took(performance.now() - this.startingSinceMs);
    this.leave(this.starting);
    this.front = index;
    this.playing = this.starting;
    this.starting = undefined;
    this.isNearEnd = false;
    this.slots[index].takeDropped();
    this.slots.forEach((slot, at) => slot.video.classList.toggle('front', at === index));
    document.documentElement.classList.add('has-picture');
    this.standIn.hide();
    if (before !== this.slots[index]) before.rest();
    if (isOther) this.parts.onAir(this.playing?.decision ?? null);
    this.refreshSound();
    this.prepareBack();
  }

  /** The one in front makes room; it may be its own successor. */
  private leave(next: Play | undefined): void {
    const { playing } = this;
    if (!playing) return;
    playing.dropped(this.slots[this.front].takeDropped());
    if (playing !== next) playing.interrupt();
    if (this.leaving) playing.end(this.leaving);
    this.leaving = undefined;
  }

  private end(over: readonly Play[], reason: EndReason): void {
    for (const play of over) {
      if (play === this.playing) this.leaving = reason;
      else play.end(reason);
    }
  }

  /** In place of a clip its own still, for as long as that would have been on: whatever comes next takes its place. */
  private showStill(instead?: ScreenDecision): void {
    clearTimeout(this.handOverTimer);
    this.leave(undefined);
    this.playing = undefined;
    this.starting = undefined;
    document.documentElement.classList.remove('has-picture');
    this.standIn.hide();
    for (const slot of this.slots) slot.rest();
    this.parts.onAir(null);
    if (instead) {
      this.standIn.showPoster(instead);
      this.handOverTimer = window.setTimeout(() => this.showStill(), instead.durationMs);
    }
    this.prepareBack();
  }

  private prepareBack(): void {
    if (this.starting || this.behind === this.front) return;
    // Whether two are decoded at once is tried with a clip that is known to play.
    if (this.canPrepare === undefined && this.playing) {
      this.probedSinceMs ??= performance.now();
      this.slots[this.behind].prepare(this.playing.decision.clip);
      return;
    }
    const following = this.order.following?.decision.clip;
    const isSoon = this.order.isTouch || this.isNearEnd;
    const clip = isSoon ? following : (this.nextClip ?? following);
    if (clip !== undefined) this.slots[this.behind].prepare(clip);
  }

  private onFailed(index: 0 | 1): void {
    if (this.starting && index === this.behind) this.fail(this.starting, 'error');
    else if (index === this.front) this.fail(this.playing, 'error');
    else if (this.canPrepare === undefined) this.settle(false);
    // A clip that was only kept ready is loaded anew when its turn comes, and fails then.
  }

  /** A clip that cannot be shown makes room for what comes after it; the agent is told, and chooses another. */
  private fail(play: Play | undefined, reason: EndReason): void {
    if (!play) return;
    this.faults += 1;
    this.slots[play === this.starting ? this.behind : this.front].discard();
    this.order.drop(play);
    this.end([play], reason);
    if (play === this.starting) this.starting = undefined;
    if (play === this.playing || !this.playing || this.behind === this.front) this.showStill(play.decision);
    this.turn();
  }

  /** A page that nobody sees presents no frames, and that is no fault. */
  private watch(): void {
    const now = performance.now();
    if (document.hidden) {
      this.lastFrameMs = now;
      this.startingSinceMs = now;
      this.probedSinceMs = this.probedSinceMs && now;
    } else if (this.starting) {
      if (now - this.startingSinceMs > stallMs) this.fail(this.starting, 'stalled');
    } else if (this.playing) {
      const isStalled = now - this.lastFrameMs > stallMs;
      if (this.canPrepare === undefined) this.probe(now, isStalled);
      else if (isStalled) this.fail(this.playing, 'stalled');
    }
  }

  /** Two at once are fine if the second is ready while the first still moves. */
  private probe(now: number, isStalled: boolean): void {
    const sinceMs = now - (this.probedSinceMs ?? now);
    if (isStalled || sinceMs > probeMs) this.settle(false);
    else if (sinceMs > watchEveryMs && this.slots[this.behind].isReady && now - this.lastFrameMs < watchEveryMs) {
      this.settle(true);
    }
  }

  private settle(canPrepare: boolean): void {
    const behind = this.slots[this.behind];
    this.canPrepare = canPrepare;
    document.documentElement.dataset['videos'] = canPrepare ? '2' : '1';
    if (canPrepare) this.prepareBack();
    else {
      behind.discard();
      // What took the decoder away may have stopped the one in front for good.
      const { playing } = this;
      if (!playing || performance.now() - this.lastFrameMs <= stallMs) return;
      this.showStill(playing.decision);
      this.slots[this.front].discard();
      this.begin(playing);
    }
  }
}
