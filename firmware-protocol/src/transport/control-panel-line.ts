import type { Command } from '../osdp/messages/commands.ts';
import type { SecureOptions } from '../osdp/acu/channel-options.ts';
import type { PanelDevice, SubmitOptions } from '../osdp/acu/panel-options.ts';
import { ControlPanel } from '../osdp/acu/control-panel.ts';
import type { CommandOutcome, ControlPanelEvent, SubmissionRefusal } from '../osdp/acu/panel-events.ts';
import type { Clock } from '../units/time.ts';
import { AwaitedOutcomes } from './awaited-outcomes.ts';
import { LineRunner } from './line-runner.ts';
import type { LinkFactory } from './link.ts';

export interface ControlPanelLineOptions {
  /** Makes a link of this speed; called again when COMSET has moved every device of the line to another. */
  readonly connect: (baud: number) => ReturnType<LinkFactory>;
  readonly clock: Clock;
  /** Of the wire at first, also behind a network link. */
  readonly baud: number;
  readonly devices: readonly PanelDevice[];
  readonly onEvent: (event: ControlPanelEvent) => void;
  /** Without it everything is plain. */
  readonly secure?: SecureOptions;
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
  readonly #outcomes = new AwaitedOutcomes<CommandOutcome>();
  readonly #runner: LineRunner;

  constructor(options: ControlPanelLineOptions) {
    this.#options = options;
    const { baud, devices, secure } = options;
    this.panel = new ControlPanel({
      baud,
      devices,
      ...(secure && { secure }),
      onEvent: (event) => this.#onPanelEvent(event),
      onWake: () => this.#runner.pump(),
      // The panel is still taking the reply that told it.
      onLineSpeed: () => queueMicrotask(() => this.#runner.reconnect()),
    });
    const { connect, clock, onLink } = options;
    this.#runner = new LineRunner({ connect: () => connect(this.panel.baud), clock, onLink, engine: this.panel });
  }

  get isUp(): boolean {
    return this.#runner.isUp;
  }

  /** Returns at once; the hardware may come later. */
  start(): void {
    this.#runner.start();
  }

  /** Idempotent. What has not been answered fails with `removed`; no event follows. */
  stop(): void {
    this.#runner.stop();
    this.#outcomes.settleAll({ ok: false, reason: 'removed', mayHaveRun: true, nakError: undefined });
  }

  /**
   * Resolves always, with the device's reply or the reason why there is none; see {@link SubmitOptions} for urgency and expiry. What can
   * never be sent is thrown as by {@link ControlPanel.submit}.
   */
  send(address: number, command: Command, options?: SubmitOptions): Promise<SendOutcome> {
    if (!this.#runner.isRunning) {
      return Promise.resolve({ ok: false, reason: 'offline', mayHaveRun: false, nakError: undefined });
    }
    const submission = this.panel.submit(address, command, this.#options.clock.mono(), options);
    if (!submission.accepted) {
      return Promise.resolve({ ok: false, reason: submission.reason, mayHaveRun: false, nakError: undefined });
    }
    const outcome = this.#outcomes.of(submission.commandId);
    this.#runner.pump();
    return outcome;
  }

  #onPanelEvent(event: ControlPanelEvent): void {
    if (event.type === 'outcome') {
      this.#outcomes.settle(event.commandId, event.outcome);
    }
    if (this.#runner.isRunning) {
      this.#options.onEvent(event);
    }
  }
}
