import type { FrameCheck, OsdpFrame } from '../frame/frame.ts';
import type { Command } from '../messages/commands.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Capability, DeviceIdentity, Reply } from '../messages/replies.ts';
import type { SecureSession } from '../secure/secure-session.ts';
import { BRING_UP } from './bring-up.ts';
import type { LinkPhase } from './bring-up.ts';
import type { Work } from './command-queue.ts';
import { DeviceChannel } from './device-channel.ts';
import type { SecureOptions, Verdict } from './channel-options.ts';
import { DeviceCommands } from './device-commands.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeOwner } from './exchange.ts';
import type { CommandFailure, DeviceEvent, DeviceMetrics } from './panel-events.ts';
import { newDeviceMetrics } from './panel-events.ts';
import { PollingPace } from './polling-pace.ts';
import { ownAsking } from './question.ts';
import type { Asking, Question } from './question.ts';
import { ReplyEvents, isRead, isReport } from './reply-event.ts';
import { ReplyHistory } from './reply-history.ts';

export interface DeviceLinkOptions {
  readonly address: number;
  readonly check: FrameCheck;
  /** Of the line at this moment. */
  readonly baud: () => number;
  readonly secure: SecureOptions | undefined;
  readonly requireSecure: boolean;
  readonly emit: (event: DeviceEvent) => void;
  /** Another device of the bus has this address. */
  readonly isTaken: (address: number) => boolean;
  /** COMSET was obeyed: the link has its new address already. */
  readonly onMoved: (from: number, baud: number) => void;
  readonly onStored: () => void;
}

const POLL: Command = { kind: 'poll' };

/**
 * One device as the control panel sees it. It joins the exchange of questions and answers, the way from silence to `online`, the
 * secure channel, the commands that wait, and the pace.
 */
export class DeviceLink implements ExchangeOwner {
  readonly metrics: DeviceMetrics = newDeviceMetrics();
  readonly channel: DeviceChannel;
  readonly commands: DeviceCommands;
  readonly #options: DeviceLinkOptions;
  readonly #exchange: Exchange;
  readonly #pace: PollingPace;
  readonly #history = new ReplyHistory();
  readonly #events = new ReplyEvents();

  #address: number;
  #phase: LinkPhase = 'offline';
  #identity: DeviceIdentity | undefined;
  #capabilities: readonly Capability[] = [];
  /** Error of the poll that was refused last, while no answer has been better. */
  #lastPollNak: number | undefined;

  constructor(options: DeviceLinkOptions) {
    const { check, baud, secure, requireSecure, emit, onStored } = options;
    const { metrics } = this;
    this.#options = options;
    this.#address = options.address;
    this.#pace = new PollingPace(baud);
    this.#exchange = new Exchange({ owner: this, check, baud, pace: this.#pace, history: this.#history, metrics });
    this.commands = new DeviceCommands((commandId, command, outcome) =>
      emit({ type: 'outcome', commandId, command, outcome }),
    );
    this.channel = new DeviceChannel({
      secure,
      isRequired: requireSecure,
      address: () => this.#address,
      serial: () => this.#identity?.serial,
      metrics,
      emit,
      onStored,
    });
  }

  get address(): number {
    return this.#address;
  }

  get phase(): LinkPhase {
    return this.#phase;
  }

  get session(): SecureSession | undefined {
    return this.channel.session;
  }

  get isPlain(): boolean {
    return this.channel.status === 'plain';
  }

  get identity(): DeviceIdentity | undefined {
    return this.#identity;
  }

  get capabilities(): readonly Capability[] {
    return this.#capabilities;
  }

  get answeredMs(): number | undefined {
    return this.#pace.answeredMs;
  }

  get doorBusyUntilMs(): number {
    return this.#pace.doorBusyUntilMs;
  }

  /** Something that opens a door waits here. A device that has fallen silent does not hold up the others with it. */
  get isUrgent(): boolean {
    const canObey = this.#phase === 'online' && !this.#pace.isSilent;
    return canObey && (this.commands.queue.hasUrgent || this.#exchange.question?.work.urgent === true);
  }

  /** Window for the answer, counted from the end of the question on the wire. */
  get replyWindowMs(): number {
    return this.#pace.replyWindowMs(this.#phase === 'offline');
  }

  /** When this device wants the bus next. */
  dueAtMs(): number {
    const { question } = this.#exchange;
    if (question !== undefined) {
      return question.repeatAtMs;
    }
    if (this.#phase !== 'online') {
      return this.#pace.nextPollMs;
    }
    const { queue } = this.commands;
    if (queue.hasUrgent) {
      return Number.NEGATIVE_INFINITY;
    }
    const waiting = queue.firstOrdinary;
    return waiting === undefined ? this.#pace.nextPollMs : Math.min(this.#pace.nextPollMs, waiting.submittedMs);
  }

  /** The bytes to send now; {@link dueAtMs} has passed, or something urgent waits. */
  transmit(nowMs: number): Uint8Array {
    const question = this.#exchange.question ?? this.#exchange.ask(this.#nextAsking(nowMs));
    return this.#exchange.transmit(question, nowMs);
  }

  /** The window for the answer has closed. */
  miss(nowMs: number): void {
    this.#exchange.miss(nowMs);
  }

  /** A frame from this device. True when it answers the open question, so that the bus is free again. */
  receive(frame: OsdpFrame, nowMs: number): boolean {
    return this.#exchange.receive(frame, nowMs);
  }

  /** Gives up what has expired, and the whole device after 8 s of silence. */
  advance(nowMs: number): void {
    this.commands.advance(nowMs, this.#phase === 'online');
    this.channel.advance(nowMs);
    const { question } = this.#exchange;
    if (question?.isWindowOpen === true) {
      return;
    }
    if (question !== undefined && question.work.expiresAtMs <= nowMs) {
      this.#exchange.abandon(question, 'expired', nowMs);
    }
    if (this.#phase !== 'offline' && this.#pace.isOfflineAt(nowMs)) {
      this.#goOffline(nowMs);
    }
  }

  /** Everything that waits fails; the device is taken off the bus. */
  remove(): void {
    this.#giveUp('removed');
  }

  onReply(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): void {
    if (question.session !== undefined) {
      this.#follow(this.channel.noteGenuine(), nowMs);
    }
    this.#takeReply(question, frame, reply, nowMs);
    // Who was refused or has moved is on a pace of its own.
    if (this.#phase !== 'offline') {
      const hasMore = this.#phase === 'describing' || this.channel.isTrying || !this.commands.queue.isEmpty;
      this.#pace.pollAfter(question, frame.raw.length, nowMs, hasMore);
    }
  }

  onMissedReport(reply: Reply, frame: OsdpFrame, nowMs: number): void {
    this.#tell(reply, frame.raw, nowMs);
  }

  onLost(question: Question, nakError: number | undefined, nowMs: number): void {
    if (question.session !== undefined) {
      this.commands.resend(question.work, nakError ?? 0);
      this.#loseChannel(question, nowMs);
      return;
    }
    this.metrics.restarts += 1;
    if (question.role === 'handshake') {
      this.#follow(this.channel.lost(), nowMs);
      return;
    }
    // The same command opens a new sequence. It has not been carried out.
    this.#exchange.ask({ work: question.work, role: question.role, security: undefined });
    if (this.#phase === 'online') {
      this.#emit({ type: 'restarted' });
    }
  }

  onUnproven(question: Question, nowMs: number): void {
    this.commands.fail(question.work, 'unproven-reply', { mayHaveRun: true });
    this.#loseChannel(question, nowMs);
  }

  onAbandoned({ work, role, session }: Question, reason: CommandFailure, nowMs: number): void {
    this.commands.fail(work, reason, { mayHaveRun: reason === 'expired' });
    if (role === 'keyset') {
      this.#follow(this.channel.receiveKeyset(undefined), nowMs);
    } else if (role === 'handshake' || session !== undefined) {
      // Whether the device has taken it is unknown, and so is where its MAC chain stands.
      this.#follow(this.channel.lost(), nowMs);
    }
  }

  #nextAsking(nowMs: number): Asking {
    this.#follow(this.channel.settle(), nowMs);
    const own = this.channel.nextAsking(nowMs, this.#phase === 'online');
    if (own !== undefined) {
      return own;
    }
    return this.#phase === 'online' ? this.#nextOnline(nowMs) : ownAsking(BRING_UP[this.#phase].ask, nowMs);
  }

  #nextOnline(nowMs: number): Asking {
    const { queue } = this.commands;
    // A stream of ordinary commands must not keep the keys from being heard.
    const work = queue.takeUrgent() ?? (this.#pace.isPollOverdueAt(nowMs) ? undefined : queue.takeOrdinary());
    if (work !== undefined) {
      return { work, role: 'work', security: undefined };
    }
    this.#pace.notePoll(nowMs);
    return ownAsking(POLL, nowMs);
  }

  #takeReply(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): void {
    if (question.role === 'handshake') {
      this.#follow(this.channel.receiveHandshake(reply), nowMs);
    } else if (question.role === 'keyset') {
      this.#follow(this.channel.receiveKeyset(reply), nowMs);
    } else if (typeof reply === 'string' || this.#isMoveOntoAnother(question.work, reply)) {
      this.#takeMalformed(question, frame.code, nowMs);
    } else if (this.#phase === 'online') {
      this.#takeOnline(question, frame, reply, nowMs);
    } else {
      this.#noteNak(question, reply);
      this.#bringUp(question.work, reply, nowMs);
    }
  }

  #takeMalformed({ work }: Question, code: number, nowMs: number): void {
    this.metrics.malformed += 1;
    this.#emit({ type: 'malformed', code });
    this.commands.fail(work, 'malformed-reply', { mayHaveRun: true });
    this.#bringUp(work, undefined, nowMs);
  }

  #takeOnline(question: Question, frame: OsdpFrame, reply: Reply, nowMs: number): void {
    const { work } = question;
    if (!question.isTold) {
      this.#tell(reply, frame.raw, nowMs);
    }
    if (reply.kind === 'nak') {
      this.#noteNak(question, reply);
    } else if (isRead(reply) && work.commandId !== undefined && work.resent === 0) {
      // Only a poll is answered so: the device took a late copy of one for this command, which it has not seen.
      this.commands.queue.putBack({ ...work, resent: 1 });
    } else {
      this.#lastPollNak = undefined;
      this.commands.succeed(work, reply);
      this.#moveAsTold(work, reply, nowMs);
    }
  }

  #noteNak({ work }: Question, reply: Reply): void {
    if (reply.kind !== 'nak') {
      return;
    }
    this.metrics.naks += 1;
    // A device that refuses every poll says so twenty times a second.
    if (work.commandId !== undefined || reply.error !== this.#lastPollNak) {
      this.#emit({ type: 'nak', command: work.command, nakError: reply.error });
    }
    this.#lastPollNak = work.command.kind === 'poll' ? reply.error : undefined;
    this.commands.fail(work, 'nak', { mayHaveRun: false, nakError: reply.error });
  }

  #tell(reply: Reply, raw: Uint8Array, nowMs: number): void {
    if (!isReport(reply)) {
      return;
    }
    this.#history.remember(raw, nowMs);
    if (isRead(reply)) {
      this.metrics[reply.kind === 'keypad' ? 'keypadEvents' : 'cardEvents'] += 1;
      this.#pace.noteSomebody(nowMs);
    }
    for (const event of this.#events.of(reply)) {
      this.#emit(event);
    }
  }

  #loseChannel({ role }: Question, nowMs: number): void {
    this.#pace.pollAt(nowMs);
    if (role === 'keyset') {
      this.#follow(this.channel.receiveKeyset(undefined), nowMs);
      return;
    }
    this.metrics.secureLosses += 1;
    if (this.#phase === 'online') {
      this.#emit({ type: 'restarted' });
    }
    this.#follow(this.channel.lost(), nowMs);
  }

  #follow(verdict: Verdict, nowMs: number): void {
    if (verdict === 'insecure') {
      // It answers, but must not be used: asked again at the pace of those that are not there.
      this.#goOffline(nowMs);
      this.#pace.pollAt(this.#pace.noteMiss(nowMs, true));
    } else if (verdict !== 'going-on' && this.#phase === 'securing') {
      this.#phase = 'online';
      this.#emit({ type: 'online', identity: this.#identity, capabilities: this.#capabilities });
    } else if (verdict === 'plain') {
      // The device may still be in the channel that has just been given up.
      this.#exchange.restart();
    }
  }

  #bringUp({ command }: Work, reply: Reply | undefined, nowMs: number): void {
    if (this.#phase === 'online' || this.#phase === 'securing' || BRING_UP[this.#phase].ask.kind !== command.kind) {
      return;
    }
    this.#phase = BRING_UP[this.#phase].leadsTo;
    if (command.kind === 'id') {
      this.#identity = reply?.kind === 'pdid' ? reply.identity : undefined;
    } else {
      this.#capabilities = reply?.kind === 'pdcap' ? reply.capabilities : [];
      this.#follow(this.channel.begin(nowMs), nowMs);
    }
  }

  #goOffline(nowMs: number): void {
    const wasOnline = this.#phase === 'online';
    this.#giveUp('offline');
    this.#pace.pollAt(nowMs);
    if (wasOnline) {
      this.metrics.offlines += 1;
      this.#emit({ type: 'offline' });
    }
  }

  /** The device says that it goes where another one is; to follow it would lose that one. */
  #isMoveOntoAnother({ command }: Work, reply: Reply): boolean {
    const isMove = command.kind === 'comset' && reply.kind === 'com' && reply.address !== this.#address;
    return isMove && this.#options.isTaken(reply.address);
  }

  /** COMSET was obeyed: the device answers at its new settings from now on, and is brought up again there. */
  #moveAsTold({ command }: Work, reply: Reply, nowMs: number): void {
    if (command.kind !== 'comset' || reply.kind !== 'com') {
      return;
    }
    const { address: to, baud } = reply;
    const from = this.#address;
    this.channel.moveKey(command.address, to);
    this.#giveUp('offline');
    this.#address = to;
    this.#pace.pollAt(nowMs);
    this.#options.onMoved(from, baud);
    this.#emit({ type: 'moved', from, to, baud });
  }

  /** Back to silence; nothing that waited is sent any more. */
  #giveUp(reason: CommandFailure): void {
    this.#phase = 'offline';
    this.channel.close();
    const question = this.#exchange.restart();
    if (question !== undefined) {
      this.commands.fail(question.work, reason, { mayHaveRun: true });
    }
    this.commands.failAll(reason);
  }

  #emit(event: DeviceEvent): void {
    this.#options.emit(event);
  }
}
