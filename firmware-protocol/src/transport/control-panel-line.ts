import type { Command } from '../osdp/messages/commands.ts';
import type { PanelDevice, SubmitOptions } from '../osdp/acu/control-panel.ts';
import { ControlPanel } from '../osdp/acu/control-panel.ts';
import type { CommandOutcome, ControlPanelEvent, SubmissionRefusal } from '../osdp/acu/panel-events.ts';
import type { Clock } from '../units/time.ts';
import type { ByteLink, LinkFactory } from './link.ts';

/** First and longest pause before another try to reach the hardware. */
const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 2_000;

export interface ControlPanelLineOptions {
  readonly connect: LinkFactory;
  readonly clock: Clock;
  /** Of the wire, also behind a network link. */
  readonly baud: number;
  readonly devices: readonly PanelDevice[];
  readonly onEvent: (event: ControlPanelEvent) => void;
  /** The byte link came up or went down; `error` says why it broke. Whether devices *answer* is told by `online`/`offline`. */
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
}

/** As {@link CommandOutcome}, with the reasons for which a command was not accepted at all. */
export type SendOutcome =
  | CommandOutcome
  | {
      readonly ok: false;
      readonly reason: SubmissionRefusal;
      readonly mayHaveRun: false;
      readonly nakError: undefined;
    };

/**
 * Runs a {@link ControlPanel} on a byte link: timers, reconnection, and commands as promises. An urgent command is the
 * next on a free bus: before `send` returns, or at the end of the event that it is sent from, so a key handler opens its door within the
 * same turn. Below 20,000 baud the two idle characters between messages come first (`idleBeforeCommandMs`).
 */
export class ControlPanelLine {
  readonly panel: ControlPanel;
  readonly #options: ControlPanelLineOptions;
  readonly #outcomes = new Map<number, (outcome: CommandOutcome) => void>();
  #link: ByteLink | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #reconnectMs = RECONNECT_MS_MIN;
  #isRunning = false;
  #isPumping = false;

  constructor(options: ControlPanelLineOptions) {
    this.#options = options;
    const onEvent = (event: ControlPanelEvent): void => this.#onPanelEvent(event);
    this.panel = new ControlPanel({ baud: options.baud, devices: options.devices, onEvent });
  }

  get isUp(): boolean {
    return this.#link !== undefined;
  }

  /** Returns at once; the hardware may come later. */
  start(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#connect();
      this.#pump();
    }
  }

  /** Idempotent. What has not been answered fails with `removed`; no event follows. */
  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#reconnectTimer);
    const link = this.#link;
    this.#link = undefined;
    link?.close();
    for (const settle of this.#outcomes.values()) {
      settle({ ok: false, reason: 'removed', mayHaveRun: true, nakError: undefined });
    }
    this.#outcomes.clear();
  }

  /** Resolves always, with the device's reply or the reason why there is none; see {@link SubmitOptions} for urgency and expiry. */
  send(address: number, command: Command, options?: SubmitOptions): Promise<SendOutcome> {
    const submission = this.panel.submit(address, command, this.#options.clock.mono(), options);
    if (!submission.accepted) {
      return Promise.resolve({ ok: false, reason: submission.reason, mayHaveRun: false, nakError: undefined });
    }
    const outcome = new Promise<SendOutcome>((resolve) => this.#outcomes.set(submission.commandId, resolve));
    this.#pump();
    return outcome;
  }

  #onPanelEvent(event: ControlPanelEvent): void {
    if (event.type === 'outcome') {
      const settle = this.#outcomes.get(event.commandId);
      this.#outcomes.delete(event.commandId);
      settle?.(event.outcome);
    }
    if (this.#isRunning) {
      this.#options.onEvent(event);
    }
  }

  /** Sends what is due and sets the timer for what is not. Commands sent from inside an event wait for the end of that event. */
  #pump(): void {
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
    const dueMs = this.panel.nextDeadlineMs();
    if (dueMs !== undefined) {
      this.#timer = setTimeout(() => this.#pump(), this.#delayUntil(dueMs));
    }
  }

  #transmit(nowMs: number): void {
    if (this.#link === undefined) {
      this.panel.advance(nowMs);
      return;
    }
    const bytes = this.panel.nextTransmission(nowMs);
    if (bytes !== undefined) {
      this.#link.write(bytes);
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
    link.onData((bytes) => this.#onData(bytes));
    link.onClose((error) => this.#onClosed(link, error));
    this.#options.onLink?.(true, undefined);
    this.#pump();
  }

  #onData(bytes: Uint8Array): void {
    this.#isPumping = true;
    try {
      this.panel.receive(bytes, this.#options.clock.mono());
    } finally {
      this.#isPumping = false;
    }
    this.#pump();
  }

  #onClosed(link: ByteLink, error: Error | undefined): void {
    if (this.#link === link) {
      this.#link = undefined;
      this.panel.lineLost(this.#options.clock.mono());
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
