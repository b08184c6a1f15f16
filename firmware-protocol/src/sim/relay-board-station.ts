import type { LinkPlace } from '../transport/link-server.ts';
import { LinkServer } from '../transport/link-server.ts';
import type { Clock } from '../units/time.ts';
import { RelayBoardLine } from './relay-board-line.ts';
import type { RelayLineFaults } from './relay-board-line.ts';
import { RelayBoardSite } from './relay-board-site.ts';
import type { RelaySiteOptions, RelaySiteState } from './relay-board-site.ts';
import { StateTeller } from './state-teller.ts';

export interface RelayBoardStationOptions extends Omit<RelaySiteOptions, 'onChange'> {
  readonly place: LinkPlace;
  readonly clock: Clock;
  /** Paces the line as a wire of this speed would. Default: as fast as the socket. */
  readonly baud?: number;
  /** For the line faults; `Math.random` by default. */
  readonly random?: () => number;
}

/** A relay board with a door and a lift on a real byte link, with its timers and the faults that can be put on its line. */
export class RelayBoardStation {
  readonly #clock: Clock;
  readonly #site: RelayBoardSite;
  readonly #line: RelayBoardLine;
  readonly #server: LinkServer;
  readonly #teller = new StateTeller(() => this.state());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ place, clock, baud, random = Math.random, ...site }: RelayBoardStationOptions) {
    this.#clock = clock;
    this.#site = new RelayBoardSite({ ...site, onChange: () => this.#teller.changed() });
    const onFrame = (bytes: Uint8Array): readonly Uint8Array[] => this.act((at, nowMs) => at.receive(bytes, nowMs));
    this.#line = new RelayBoardLine({ clock, baud, random, onFrame });
    this.#server = new LinkServer(place, (link) => this.#line.attach(link));
  }

  get faults(): RelayLineFaults {
    return this.#line.faults;
  }

  /** Resolves with the port of the byte link; rejects when the place is taken. */
  async start(): Promise<number> {
    const port = await this.#server.start();
    this.#teller.start();
    return port;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#teller.stop();
    this.#line.stop();
    await this.#server.stop();
  }

  state(): RelaySiteState {
    const nowMs = this.#clock.mono();
    this.#site.advance(nowMs);
    return this.#site.state(nowMs);
  }

  /** Runs something that happens at the site, at its own time. */
  act<Result>(action: (site: RelayBoardSite, nowMs: number) => Result): Result {
    const nowMs = this.#clock.mono();
    this.#site.advance(nowMs);
    const result = action(this.#site, nowMs);
    this.#schedule(nowMs);
    return result;
  }

  setFaults(change: Partial<RelayLineFaults>): void {
    this.#line.faults = { ...this.#line.faults, ...change };
  }

  /** The board is dead for so long; then it starts as from the box. */
  cutPower(durationMs: number): void {
    this.#line.cutPower(durationMs);
    this.act((site, nowMs) => site.reset(nowMs));
  }

  /** Each change from now on. Returns how to stop listening. */
  watch(listener: (state: RelaySiteState) => void): () => void {
    return this.#teller.watch(listener);
  }

  #schedule(nowMs: number): void {
    clearTimeout(this.#timer);
    const dueMs = this.#site.nextDeadlineMs(nowMs);
    if (dueMs !== undefined) {
      this.#timer = setTimeout(() => this.act(() => {}), Math.ceil(dueMs - nowMs));
    }
  }
}
