import type { ScreenDecision } from '@gatecast/firmware-protocol/messages';

/** One decision's turn on the screen. */
interface Turn {
  readonly decision: Pick<ScreenDecision, 'decision' | 'clip' | 'after'>;
}

/** More than this many clips are not chosen ahead of their time. */
const queueMax = 3;

/**
 * What is to be on the screen, and what comes after it; nothing here knows of videos. Whoever is at the door comes first: a clip for them is shown at once,
 * further ones follow it while they wait. Otherwise the ambient clip is on, over and over; another one begins when it has come to its end.
 * What a call returns is over: it has been replaced, or its time has come.
 */
export class PlayOrder<T extends Turn> {
  /** For somebody at the door: the one on, then those that follow. */
  private waiting: T[] = [];
  private ambient: T | undefined;
  /** The ambient one that is on, or would be without a touch. */
  private running: T | undefined;

  /** What is to be in front now. */
  get current(): T | undefined {
    return this.waiting[0] ?? this.running;
  }

  /** What will be next if nobody comes. */
  get following(): T | undefined {
    return this.waiting[1] ?? this.ambient;
  }

  get isTouch(): boolean {
    return this.waiting.length > 0;
  }

  /** The ambient one that was told last. */
  get ambientDecision(): string | undefined {
    return this.ambient?.decision.decision;
  }

  /** Somebody is at the door: this is for them, at once or after the one that it follows. */
  show(turn: T): T[] {
    if (this.waiting.some(({ decision }) => decision.decision === turn.decision.decision)) return [];
    const last = this.waiting[this.waiting.length - 1];
    if (last && last.decision.decision === turn.decision.after && this.waiting.length < queueMax) {
      this.waiting.push(turn);
      return [];
    }
    const over = this.waiting;
    this.waiting = [turn];
    return [...over, ...this.settleAmbient()];
  }

  setAmbient(turn: T | undefined): T[] {
    const { ambient, running } = this;
    this.ambient = turn;
    const goesOn = turn && running && !this.isTouch && running.decision.clip !== turn.decision.clip;
    // The one that is on comes to its end first; one that waited behind it never had its turn.
    if (goesOn) return ambient && ambient !== running ? [ambient] : [];
    return [...this.settleAmbient(), ...(ambient && ambient !== running ? [ambient] : [])];
  }

  /** The current one has come to its end. */
  advance(): T[] {
    const over = this.waiting.splice(0, 1);
    return over.length > 0 ? over : this.settleAmbient();
  }

  /** It can or may not be shown: it has no turn any more. */
  drop(turn: T): void {
    this.waiting = this.waiting.filter((one) => one !== turn);
    if (this.ambient === turn) this.ambient = undefined;
    if (this.running === turn) this.running = this.ambient;
  }

  /** Everything that has or waits for its turn. */
  get all(): T[] {
    return [...new Set([...this.waiting, this.running, this.ambient])].filter((one) => one !== undefined);
  }

  private settleAmbient(): T[] {
    const over = this.running;
    this.running = this.ambient;
    return over && over !== this.running ? [over] : [];
  }
}
