import type { Clock } from '../units/time.ts';
import type { ByteLink, LinkFactory } from './link.ts';

/** First and longest pause before another try to reach the hardware. */
const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 2_000;

/** The end of a line that asks, without I/O: monotonic milliseconds and bytes in, bytes out. */
export interface LineEngine {
  /** The bytes to put on the wire now, if any; called whenever `receive` has returned or `nextDeadlineMs` has come. */
  nextTransmission(nowMs: number): Uint8Array | undefined;
  receive(bytes: Uint8Array, nowMs: number): void;
  /** Takes note of the time while there is no link. */
  advance(nowMs: number): void;
  lineLost(nowMs: number): void;
  /** Undefined when nothing is due by itself. */
  nextDeadlineMs(): number | undefined;
}

export interface LineRunnerOptions {
  readonly connect: LinkFactory;
  readonly clock: Clock;
  readonly engine: LineEngine;
  /** The byte link came up or went down; `error` says why it broke. */
  readonly onLink?: ((isUp: boolean, error: Error | undefined) => void) | undefined;
}

/** Runs a {@link LineEngine} on a byte link: timers, and a new link whenever the old one is gone. */
export class LineRunner {
  readonly #options: LineRunnerOptions;
  #link: ByteLink | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #reconnectMs = RECONNECT_MS_MIN;
  #isRunning = false;
  #isPumping = false;

  constructor(options: LineRunnerOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get isUp(): boolean {
    return this.#link !== undefined;
  }

  /** Returns at once; the hardware may come later. */
  start(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#connect();
      this.pump();
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#reconnectTimer);
    const link = this.#link;
    this.#link = undefined;
    link?.close();
  }

  /** A new link in place of the present one, because the line has another speed now. */
  reconnect(): void {
    const link = this.#link;
    if (link !== undefined && this.#isRunning) {
      this.#link = undefined;
      link.close();
      this.#options.engine.lineLost(this.#options.clock.mono());
      this.#connect();
    }
  }

  /** Sends what is due and sets the timer for what is not. What is queued from inside an event waits for the end of that event. */
  pump(): void {
    if (this.#isPumping || !this.#isRunning) {
      return;
    }
    this.#isPumping = true;
    clearTimeout(this.#timer);
    try {
      this.#transmit(this.#options.clock.mono());
    } finally {
      this.#isPumping = false;
    }
    const dueMs = this.#options.engine.nextDeadlineMs();
    if (dueMs !== undefined && this.#isRunning) {
      this.#timer = setTimeout(() => this.pump(), this.#delayUntil(dueMs));
    }
  }

  #transmit(nowMs: number): void {
    if (this.#link === undefined) {
      this.#options.engine.advance(nowMs);
      return;
    }
    const bytes = this.#options.engine.nextTransmission(nowMs);
    if (bytes !== undefined) {
      this.#link?.write(bytes);
    }
  }

  /** Without a link there is nothing to be early for. */
  #delayUntil(dueMs: number): number {
    const delayMs = Math.ceil(dueMs - this.#options.clock.mono());
    return Math.max(this.#link === undefined ? RECONNECT_MS_MIN : 0, delayMs);
  }

  #connect(): void {
    this.#options.connect().then(
      (link) => this.#onConnected(link),
      (error: unknown) => this.#onDown(error instanceof Error ? error : new Error('the link could not be made')),
    );
  }

  #onConnected(link: ByteLink): void {
    if (!this.#isRunning) {
      link.close();
      return;
    }
    this.#link = link;
    this.#reconnectMs = RECONNECT_MS_MIN;
    link.onData((bytes) => this.#onData(link, bytes));
    link.onClose((error) => this.#onClosed(link, error));
    this.#options.onLink?.(true, undefined);
    this.pump();
  }

  #onData(link: ByteLink, bytes: Uint8Array): void {
    if (this.#link !== link) {
      return;
    }
    this.#isPumping = true;
    try {
      this.#options.engine.receive(bytes, this.#options.clock.mono());
    } finally {
      this.#isPumping = false;
    }
    this.pump();
  }

  #onClosed(link: ByteLink, error: Error | undefined): void {
    if (this.#link === link) {
      this.#link = undefined;
      this.#options.engine.lineLost(this.#options.clock.mono());
      this.#onDown(error);
    }
  }

  #onDown(error: Error | undefined): void {
    if (this.#isRunning) {
      this.#options.onLink?.(false, error);
      this.#reconnectTimer = setTimeout(() => this.#connect(), this.#reconnectMs);
      this.#reconnectMs = Math.min(this.#reconnectMs * 2, RECONNECT_MS_MAX);
    }
  }
}
