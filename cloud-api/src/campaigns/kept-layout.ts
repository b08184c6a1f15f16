import {
  after,
  days,
  halfHourMs,
  halfHourOf,
  hours,
  milliseconds,
  minutes,
  seconds,
  type DurationMs,
} from '@gatecast/firmware-protocol';
import type { Platform } from '../platform/platform.ts';
import { forSaleVersion, isForSaleChanged } from './inventory-version.ts';
import type { LayoutWish, Need } from './lay-out.ts';
import { makeLayout, type Layout } from './layout.ts';

/** A forecast is told once a day and corrected by what is counted; so old is never too old to sell by. */
const freshMs = minutes(10);
/** What is no longer fresh may answer for so much longer, while the next is made. */
const staleMs = minutes(5);
/** Who is about to take something waits so long for the next layout before the last one answers: most towns are laid out in less. */
const patienceMs = seconds(15);
/** The next is made before anybody asks for it, as long as somebody asked no longer ago than this. */
const keptWarmMs = hours(2);
const lookEveryMs = seconds(10);
/** Laid out at least, so that the next question for a later day needs no new layout. */
const aheadMin = days(8);

interface Kept {
  readonly layout: Layout;
  readonly atMono: number;
}

interface Coming {
  readonly began: number;
  /** Settles when it answers questions, or with why there is none. Never rejects. */
  readonly done: Promise<{ readonly failed: unknown } | undefined>;
}

/**
 * Which layout answers. A new one takes a minute where there are thousands of communities; it is made while the last one still answers, so that only those wait
 * for it who ask for what is not laid out, and whoever asks first after a start. What may be sold of what is asked for is read with each question; a layout knows it
 * of what is sold already. So after a change whoever asks just there waits a little for the next, and so does, wherever it was, who is about to take something.
 */
export class KeptLayout {
  readonly #platform: Pick<Platform, 'store' | 'clock' | 'log'>;
  readonly #patienceMs: DurationMs;
  readonly #lay: (wish: LayoutWish, signal: AbortSignal) => Promise<Layout>;
  #kept: Kept | undefined;
  #coming: Coming | undefined;
  /** Of what may be sold, as the last question found it. */
  #forSale = 0;
  #askedAtMono = -Infinity;
  #ahead: DurationMs = aheadMin;
  #timer: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();

  /** `lay`: how one is made; default: from the database, on a thread. */
  constructor(
    platform: Pick<Platform, 'store' | 'clock' | 'log'>,
    lay = (wish: LayoutWish, signal: AbortSignal) => makeLayout(platform.store, wish, signal),
    patience = patienceMs,
  ) {
    this.#patienceMs = patience;
    this.#platform = platform;
    this.#lay = lay;
  }

  /**
   * The layout to ask now, with all that is needed in it; `takes`: for who is about to take what is left. Rejects where it cannot be made and there is none that may
   * still answer.
   */
  async for(needs: readonly Need[], takes: boolean): Promise<Layout> {
    this.#askedAtMono = this.#platform.clock.mono();
    this.#keepWarm();
    await this.#look();
    if (this.#isFresh()) {
      const layout = this.#answering(needs);
      if (layout) return layout;
    } else if (this.#answering(needs)) {
      const coming = this.#prepare([]);
      if (await this.#isOutdated(needs, takes)) await this.#withPatience(coming);
      const layout = this.#answering(needs);
      if (layout) return layout;
    }
    this.#remember(needs);
    // One that was begun before may not hold what is needed now.
    await this.#coming?.done;
    const layout = this.#isFresh() ? this.#answering(needs) : undefined;
    return layout ?? this.#made(needs);
  }

  /** Makes the next, if none is being made. */
  prepare(): void {
    void this.#prepare([]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#timer);
    await this.#coming?.done;
    await this.#kept?.layout.stop();
    this.#kept = undefined;
  }

  async #made(needs: readonly Need[]): Promise<Layout> {
    const failure = await this.#prepare(needs).done;
    if (failure) throw failure.failed;
    if (!this.#kept) throw new Error('what is for sale is not laid out any more');
    return this.#kept.layout;
  }

  #prepare(needs: readonly Need[]): Coming {
    this.#coming ??= { began: performance.now(), done: this.#make(needs) };
    return this.#coming;
  }

  async #make(needs: readonly Need[]): Promise<{ readonly failed: unknown } | undefined> {
    const { clock, log } = this.#platform;
    const { signal } = this.#stopping;
    const atMono = clock.mono();
    const until = after(halfHourOf(clock.now()), this.#ahead);
    try {
      const layout = await this.#lay({ now: clock.now(), needs, until }, signal);
      const before = this.#kept;
      this.#kept = { layout, atMono };
      // Those who asked it already are still answered.
      void before?.layout.retire().catch((err: unknown) => log.warn({ err }, 'a layout did not end well'));
      return undefined;
    } catch (failed) {
      if (!signal.aborted) log.error({ err: failed }, 'what is for sale could not be laid out');
      return { failed };
    } finally {
      this.#coming = undefined;
    }
  }

  /** Another process may have changed what may be sold. */
  async #look(): Promise<void> {
    this.#forSale = await forSaleVersion(this.#platform.store.read);
  }

  /** Whether the last layout answers by what is not so any more: in what is asked for, or, for who takes it, anywhere. */
  async #isOutdated(needs: readonly Need[], takes: boolean): Promise<boolean> {
    const { forSale = this.#forSale } = this.#kept?.layout ?? {};
    if (forSale === this.#forSale) return false;
    const communityIds = needs.flatMap((need) => need.communityIds);
    return takes || isForSaleChanged(this.#platform.store.read, communityIds, forSale);
  }

  #isFresh(): boolean {
    const kept = this.#kept;
    if (!kept || kept.layout.isOutgrown) return false;
    const { clock } = this.#platform;
    const { start } = kept.layout.supply.horizon;
    return (
      kept.layout.forSale === this.#forSale && clock.mono() - kept.atMono < freshMs && start === halfHourOf(clock.now())
    );
  }

  /** The one that there is, if it holds what is needed and is not too old. Of the half-hour before, what was left of it may still be for sale in it. */
  #answering(needs: readonly Need[]): Layout | undefined {
    const kept = this.#kept;
    if (!kept?.layout.isLaidOut || !kept.layout.holds(needs)) return undefined;
    const { clock } = this.#platform;
    const sinceBegan = clock.now() - kept.layout.supply.horizon.start;
    const isOfNow = sinceBegan >= 0 && sinceBegan < halfHourMs + staleMs;
    return isOfNow && clock.mono() - kept.atMono < freshMs + staleMs ? kept.layout : undefined;
  }

  async #withPatience({ began, done }: Coming): Promise<void> {
    const left = this.#patienceMs - (performance.now() - began);
    if (left <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise((resolve) => (timer = setTimeout(resolve, left)));
    await Promise.race([done, over]);
    clearTimeout(timer);
  }

  /** Whoever asks for later days asks again: the next layouts reach as far, until nobody has asked for a while. */
  #remember(needs: readonly Need[]): void {
    const now = halfHourOf(this.#platform.clock.now());
    const ahead = needs.reduce<number>((most, { to }) => Math.max(most, to - now), this.#ahead);
    this.#ahead = milliseconds(ahead);
  }

  readonly #sayWhy = (err: unknown): void => this.#platform.log.warn({ err }, 'cannot see what may be sold');

  #keepWarm(): void {
    if (this.#timer || this.#stopping.signal.aborted) return;
    this.#timer = setInterval(() => {
      const isIdle = this.#platform.clock.mono() - this.#askedAtMono >= keptWarmMs;
      if (isIdle) this.#ahead = aheadMin;
      else void this.#look().then(() => this.#isFresh() || this.prepare(), this.#sayWhy);
    }, lookEveryMs);
    this.#timer.unref();
  }
}
