import { BUSY_REPEATS_MAX, BUSY_REPEAT_MS } from '../frame/bus-timing.ts';
import type { FrameCheck, OsdpFrame, Sequence } from '../frame/frame.ts';
import { encodeFrame, nextSequence } from '../frame/frame.ts';
import type { Command } from '../messages/commands.ts';
import type { PayloadFault } from '../messages/payload.ts';
import type { Capability, DeviceIdentity, Reply } from '../messages/replies.ts';
import { decodeReply } from '../messages/replies.ts';
import { judgeAnswer } from './answer.ts';
import { BRING_UP } from './bring-up.ts';
import type { LinkPhase } from './bring-up.ts';
import type { Work } from './command-queue.ts';
import { DeviceChannel } from './device-channel.ts';
import { DeviceCommands } from './device-commands.ts';
import { isMarked, markerNumber, mayBeCopy } from './late-copy.ts';
import type { SecureOptions, Verdict } from './device-channel.ts';
import type { CommandFailure, DeviceEvent, DeviceMetrics } from './panel-events.ts';
import { newDeviceMetrics } from './panel-events.ts';
import { PollingPace } from './polling-pace.ts';
import { newQuestion, ownAsking } from './question.ts';
import type { Asking, Question } from './question.ts';
import { ReplyEvents, isRead, isReport } from './reply-event.ts';
import { ReplyHistory } from './reply-history.ts';

export interface DeviceLinkOptions {
  readonly address: number;
  /** CRC-16 unless the device is so old that it only knows the checksum. */
  readonly check: FrameCheck;
  /** Of the line at this moment. */
  readonly baud: () => number;
  readonly secure: SecureOptions | undefined;
  readonly requireSecure: boolean;
  readonly emit: (event: DeviceEvent) => void;
  /** COMSET was obeyed: the link has its new address already. */
  readonly onMoved: (from: number, baud: number) => void;
  readonly onStored: () => void;
}

/** A device on a bad line says NAK 01 now and then; one that always does has another reason. */
const DAMAGED_REPLIES_MAX = 10;
/** Windows that may close on answers that nobody can vouch for, before the channel is taken for lost. */
const UNPROVEN_WINDOWS_MAX = 2;

const POLL: Command = { kind: 'poll' };
/**
 * One device as the control panel sees it. It joins the open question and what its answers mean, the way from silence to `online`, the
 * secure channel, the queue of commands, and the pace.
 */
export class DeviceLink {
  readonly metrics: DeviceMetrics = newDeviceMetrics();
  readonly channel: DeviceChannel;
  readonly commands: DeviceCommands;
  readonly #options: DeviceLinkOptions;
  readonly #pace: PollingPace;
  readonly #history = new ReplyHistory();
  readonly #events = new ReplyEvents();

  #address: number;
  #phase: LinkPhase = 'offline';
  #identity: DeviceIdentity | undefined;
  #capabilities: readonly Capability[] = [];
  #sequence: Sequence = 0;
  #question: Question | undefined;
  /** Number of the poll that was answered last: a read that comes late with it was never heard. */
  #lastPollSequence: Sequence | undefined;
  #markers = 0;

  constructor(options: DeviceLinkOptions) {
    this.#options = options;
    this.#address = options.address;
    this.#pace = new PollingPace(options.baud);
    this.commands = new DeviceCommands((commandId, command, outcome) =>
      this.#emit({ type: 'outcome', commandId, command, outcome }),
    );
    this.channel = new DeviceChannel({
      secure: options.secure,
      isRequired: options.requireSecure,
      address: () => this.#address,
      serial: () => this.#identity?.serial,
      metrics: this.metrics,
      emit: (event) => this.#emit(event),
      onStored: options.onStored,
    });
  }

  get address(): number {
    return this.#address;
  }

  get phase(): LinkPhase {
    return this.#phase;
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
    return canObey && (this.commands.queue.hasUrgent || this.#question?.work.urgent === true);
  }

  /** Window for the answer, counted from the end of the question on the wire. */
  get replyWindowMs(): number {
    return this.#pace.replyWindowMs(this.#phase === 'offline');
  }

  /** When this device wants the bus next. */
  dueAtMs(): number {
    if (this.#question !== undefined) {
      return this.#question.repeatAtMs;
    }
    if (this.#phase !== 'online') {
      return this.#pace.nextPollMs;
    }
    if (this.commands.queue.hasUrgent) {
      return Number.NEGATIVE_INFINITY;
    }
    const waiting = this.commands.queue.firstOrdinary;
    return waiting === undefined ? this.#pace.nextPollMs : Math.min(this.#pace.nextPollMs, waiting.submittedMs);
  }

  /** The bytes to send now; {@link dueAtMs} has passed, or something urgent waits. */
  transmit(nowMs: number): Uint8Array {
    this.#question ??= this.#ask(this.#nextAsking(nowMs));
    const question = this.#question;
    this.metrics[question.sends === 0 ? 'commands' : 'repeats'] += 1;
    question.sends += 1;
    question.sentMs = nowMs;
    question.isWindowOpen = true;
    return question.bytes;
  }

  /** The window for the answer has closed. */
  miss(nowMs: number): void {
    this.metrics.timeouts += 1;
    const repeatAtMs = this.#pace.noteMiss(nowMs, this.#phase === 'offline');
    const question = this.#question;
    if (question === undefined) {
      return;
    }
    question.isWindowOpen = false;
    question.repeatAtMs = repeatAtMs;
    if (question.session !== undefined && question.unprovenReplies >= UNPROVEN_WINDOWS_MAX) {
      this.commands.fail(question.work, 'unproven-reply', { mayHaveRun: true });
      this.#loseChannel(question, nowMs);
    }
  }

  /** Gives up what has expired, and the whole device after 8 s of silence. */
  advance(nowMs: number): void {
    this.commands.advance(nowMs, this.#phase === 'online');
    this.channel.advance(nowMs);
    const question = this.#question;
    if (question?.isWindowOpen === true) {
      return;
    }
    if (question !== undefined && question.work.expiresAtMs <= nowMs) {
      this.#abandon(question, 'expired', nowMs);
    }
    if (this.#phase !== 'offline' && this.#pace.isOfflineAt(nowMs)) {
      this.#goOffline(nowMs);
    }
  }

  /** A frame from this device. True when it answers the open question, so that the bus is free again. */
  receive(frame: OsdpFrame, nowMs: number): boolean {
    const question = this.#question;
    const isCopy = frame.sequence !== question?.sequence && this.#history.isLast(frame.raw);
    if (question === undefined || isCopy) {
      return this.#receiveStray(frame, nowMs, isCopy);
    }
    const answer = judgeAnswer(question, frame);
    switch (answer.kind) {
      case 'reply':
        return this.#receiveReply(question, frame, answer.reply, nowMs);
      case 'busy':
        return this.#receiveBusy(question, nowMs);
      case 'damaged':
        return this.#receiveDamaged(question, nowMs);
      case 'lost':
        return this.#receiveLost(question, frame, answer.nakError, nowMs);
      case 'unproven':
        return this.#receiveUnproven(question, answer.isForged);
      case 'stray':
        return this.#receiveStray(frame, nowMs, false);
    }
  }

  /** Everything that waits fails; the device is taken off the bus. */
  remove(): void {
    if (this.#question !== undefined) {
      this.commands.fail(this.#question.work, 'removed', { mayHaveRun: true });
      this.#question = undefined;
    }
    this.commands.failAll('removed');
    this.channel.close();
  }

  #nextAsking(nowMs: number): Asking {
    const verdict = this.channel.settle();
    if (verdict !== undefined) {
      this.#follow(verdict, nowMs);
    }
    const own = this.channel.nextAsking(nowMs, this.#phase === 'online');
    if (own !== undefined) {
      return own;
    }
    return this.#phase === 'online' ? this.#nextOnline(nowMs) : ownAsking(BRING_UP[this.#phase].ask, nowMs);
  }

  #nextOnline(nowMs: number): Asking {
    if (this.channel.session === undefined && this.#history.mayStrayCome(this.#sequence, nowMs)) {
      this.#markers += 1;
      return ownAsking(markerNumber(this.#markers), nowMs, 'marker');
    }
    const work =
      this.commands.queue.takeUrgent() ??
      (this.#pace.isPollOverdueAt(nowMs) ? undefined : this.commands.queue.takeOrdinary());
    if (work !== undefined) {
      return { work, role: 'work', security: undefined };
    }
    this.#pace.notePoll(nowMs);
    return ownAsking(POLL, nowMs);
  }

  #ask(asking: Asking): Question {
    const { work, role, security } = asking;
    const { check } = this.#options;
    const session = role === 'handshake' ? undefined : this.channel.session;
    const content = { address: this.#address, sequence: this.#sequence, check, ...work.payload };
    const bytes =
      session === undefined
        ? encodeFrame({ ...content, direction: 'command', security, mac: undefined })
        : session.sealCommand(content);
    return newQuestion(asking, this.#sequence, bytes, session);
  }

  #receiveReply(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): boolean {
    if (question.session !== undefined) {
      this.#follow(this.channel.noteGenuine(), nowMs);
    } else if (this.#isDoubtful(question, frame, reply, nowMs)) {
      return this.#receiveDoubtful(question, nowMs);
    }
    this.#noteAnswer(question, nowMs);
    this.#sequence = nextSequence(question.sequence);
    this.#question = undefined;
    this.#history.took(frame.raw);
    this.#lastPollSequence = question.work.command.kind === 'poll' ? question.sequence : undefined;
    if (question.answers < question.sends) {
      this.#history.expectStrays(question.sequence, nowMs);
    }
    this.#takeReply(question, frame, reply, nowMs);
    // Who was refused or has moved is on a pace of its own.
    if (this.#phase !== 'offline') {
      const hasMore = this.#phase === 'describing' || this.channel.isTrying || !this.commands.queue.isEmpty;
      this.#pace.pollAfter(question, frame.raw.length, nowMs, hasMore);
    }
    return true;
  }

  #takeReply(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): void {
    switch (question.role) {
      case 'handshake':
        return this.#follow(this.channel.receiveHandshake(reply), nowMs);
      case 'keyset':
        return this.#follow(this.channel.receiveKeyset(reply), nowMs);
      case 'marker':
      case 'work':
        return typeof reply === 'string'
          ? this.#takeMalformed(question, frame.code, nowMs)
          : this.#takeWorkReply(question, frame, reply, nowMs);
    }
  }

  #takeMalformed({ work }: Question, code: number, nowMs: number): void {
    this.metrics.malformed += 1;
    this.#emit({ type: 'malformed', code });
    this.commands.fail(work, 'malformed-reply', { mayHaveRun: true });
    this.#bringUp(work, undefined, nowMs);
  }

  #takeWorkReply(question: Question, frame: OsdpFrame, reply: Reply, nowMs: number): void {
    const { work, role } = question;
    if (reply.kind === 'nak') {
      this.metrics.naks += 1;
      if (role === 'work') {
        this.#emit({ type: 'nak', command: work.command, nakError: reply.error });
      }
      this.commands.fail(work, 'nak', { mayHaveRun: false, nakError: reply.error });
    }
    if (this.#phase !== 'online') {
      this.#bringUp(work, reply, nowMs);
      return;
    }
    if (role === 'work' || isMarked(question, reply) || !this.#history.hasTold(frame.raw, nowMs)) {
      this.#tell(reply, frame.raw, nowMs);
    }
    if (work.commandId !== undefined && reply.kind !== 'nak') {
      this.#takeCommandReply(work, reply, nowMs);
    }
  }

  #takeCommandReply(work: Work, reply: Reply, nowMs: number): void {
    if (isRead(reply) && work.resent === 0) {
      // Only a poll is answered so: the device took a late copy of one for this command, which it has not seen.
      this.commands.queue.putBack({ ...work, resent: 1 });
      return;
    }
    this.commands.succeed(work, reply);
    if (reply.kind === 'com' && work.command.kind === 'comset') {
      this.#move(work.command.address, reply, nowMs);
    }
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

  #isDoubtful(question: Question, frame: OsdpFrame, reply: Reply | PayloadFault, nowMs: number): boolean {
    if (this.#phase !== 'online' || typeof reply === 'string') {
      return false;
    }
    return mayBeCopy(question, frame, reply, { history: this.#history, baud: this.#options.baud(), nowMs });
  }

  /** The same bytes again tell: the device repeats its answer, and a copy does not come twice. To a marker the answer is still to come. */
  #receiveDoubtful(question: Question, nowMs: number): boolean {
    question.doubts += 1;
    if (question.role === 'marker') {
      this.metrics.unexpected += 1;
      return false;
    }
    this.#repeatAt(question, nowMs, nowMs);
    question.answers -= 1;
    return true;
  }

  /** Fits no open question. A read with the number of the last poll is news all the same: a copy was taken for its answer. */
  #receiveStray(frame: OsdpFrame, nowMs: number, isCopy: boolean): false {
    this.metrics.unexpected += 1;
    const isOfLastPoll = this.#phase === 'online' && frame.sequence === this.#lastPollSequence;
    if (isCopy || !isOfLastPoll || frame.security !== undefined || this.channel.session !== undefined) {
      return false;
    }
    const reply = decodeReply(frame.code, frame.data);
    if (typeof reply !== 'string' && !this.#history.hasTold(frame.raw, nowMs)) {
      this.#tell(reply, frame.raw, nowMs);
    }
    return false;
  }

  #receiveUnproven(question: Question, isForged: boolean): false {
    question.unprovenReplies += 1;
    this.metrics[isForged ? 'macFaults' : 'unexpected'] += 1;
    return false;
  }

  /** Spec 7.19: the same command again, a little later; it did not count. */
  #receiveBusy(question: Question, nowMs: number): true {
    this.metrics.busy += 1;
    question.busyReplies += 1;
    this.#repeatAt(question, nowMs, nowMs + BUSY_REPEAT_MS);
    if (question.busyReplies > BUSY_REPEATS_MAX) {
      this.#abandon(question, 'busy', nowMs);
    }
    return true;
  }

  #receiveDamaged(question: Question, nowMs: number): true {
    this.metrics.naks += 1;
    question.damagedReplies += 1;
    this.#repeatAt(question, nowMs, nowMs);
    if (question.damagedReplies > DAMAGED_REPLIES_MAX) {
      this.#abandon(question, 'nak', nowMs);
    }
    return true;
  }

  /**
   * The device does not know where we are (spec 5.9), or this is a late answer to a late copy. The same bytes again tell: a
   * device that has lost its place says so twice, any other repeats the answer that a restart would throw away. On a line where
   * nothing is late, a refusal in clear inside a channel needs no second one.
   */
  #receiveLost(question: Question, frame: OsdpFrame, nakError: number | undefined, nowMs: number): true {
    const mayBeLate = this.#history.mayAnyStrayCome(nowMs) || this.#history.hasTold(frame.raw, nowMs);
    const isCertain = question.session !== undefined && nakError !== undefined && !mayBeLate;
    this.#history.remember(frame.raw, nowMs);
    question.lostReplies += 1;
    this.#repeatAt(question, nowMs, nowMs);
    if (!isCertain && question.lostReplies < 2) {
      return true;
    }
    if (question.session === undefined) {
      this.#restart(question, nowMs);
      return true;
    }
    this.commands.resend(question.work, nakError ?? 0);
    this.#loseChannel(question, nowMs);
    return true;
  }

  /** The same command opens a new sequence. It has not been carried out. */
  #restart({ work, role }: Question, nowMs: number): void {
    this.metrics.restarts += 1;
    this.#sequence = 0;
    this.#question = undefined;
    if (role === 'handshake') {
      this.#follow(this.channel.lost(), nowMs);
      return;
    }
    this.#question = this.#ask({ work, role, security: undefined });
    if (this.#phase === 'online') {
      this.#emit({ type: 'restarted' });
    }
  }

  /** Sequence 0 is the one that a device with any memory accepts (spec 5.9.4), and it ends what is left of the channel. */
  #loseChannel({ role }: Question, nowMs: number): void {
    this.#question = undefined;
    this.#sequence = 0;
    if (role === 'keyset') {
      this.#follow(this.channel.receiveKeyset(undefined), nowMs);
      return;
    }
    this.metrics.secureLosses += 1;
    if (this.#phase === 'online') {
      this.#emit({ type: 'restarted' });
    }
    this.#pace.pollAt(nowMs);
    this.#follow(this.channel.lost(), nowMs);
  }

  /** The next frame restarts the sequence, so that the device does not take it for a repeat of the one given up. */
  #abandon(question: Question, reason: CommandFailure, nowMs: number): void {
    this.#question = undefined;
    this.#sequence = 0;
    this.#pace.pollAt(nowMs);
    this.commands.fail(question.work, reason, { mayHaveRun: reason === 'expired' });
    if (question.role === 'keyset') {
      this.#follow(this.channel.receiveKeyset(undefined), nowMs);
    } else if (question.role === 'handshake' || question.session !== undefined) {
      // Whether the device has taken it is unknown, and so is where its MAC chain stands.
      this.#follow(this.channel.lost(), nowMs);
    }
  }

  #follow(verdict: Verdict, nowMs: number): void {
    if (verdict === 'insecure') {
      this.#refuse(nowMs);
    } else if (verdict !== 'going-on' && this.#phase === 'securing') {
      this.#phase = 'online';
      this.#emit({ type: 'online', identity: this.#identity, capabilities: this.#capabilities });
    } else if (verdict === 'plain') {
      // The device may still be in the channel that has just been given up.
      this.#sequence = 0;
    }
  }

  /** It answers, but must not be used: asked again at the pace of those that are not there. */
  #refuse(nowMs: number): void {
    this.#goOffline(nowMs);
    this.#pace.pollAt(this.#pace.noteMiss(nowMs, true));
  }

  #goOffline(nowMs: number): void {
    const wasOnline = this.#phase === 'online';
    const question = this.#question;
    this.#phase = 'offline';
    this.#question = undefined;
    this.#sequence = 0;
    this.#pace.pollAt(nowMs);
    this.channel.close();
    if (question !== undefined) {
      this.commands.fail(question.work, 'offline', { mayHaveRun: true });
    }
    this.commands.failAll('offline');
    if (wasOnline) {
      this.metrics.offlines += 1;
      this.#emit({ type: 'offline' });
    }
  }

  /** The device answers at its new settings from now on, and is brought up again there. */
  #move(wanted: number, { address: to, baud }: { address: number; baud: number }, nowMs: number): void {
    const from = this.#address;
    this.channel.close();
    this.channel.moveKey(wanted, to);
    this.#address = to;
    this.#phase = 'offline';
    this.#sequence = 0;
    this.commands.failAll('offline');
    this.#pace.pollAt(nowMs);
    this.#options.onMoved(from, baud);
    this.#emit({ type: 'moved', from, to, baud });
  }

  #bringUp({ command }: Work, reply: Reply | undefined, nowMs: number): void {
    if (this.#phase === 'online' || this.#phase === 'securing') {
      return;
    }
    const { ask, leadsTo } = BRING_UP[this.#phase];
    if (ask.kind !== command.kind) {
      return;
    }
    this.#phase = leadsTo;
    if (command.kind === 'id') {
      this.#identity = reply?.kind === 'pdid' ? reply.identity : undefined;
    } else {
      this.#capabilities = reply?.kind === 'pdcap' ? reply.capabilities : [];
      this.#follow(this.channel.begin(nowMs), nowMs);
    }
  }

  #noteAnswer(question: Question, nowMs: number): void {
    question.answers += 1;
    this.metrics.replies += 1;
    this.metrics.roundTripMsLast = nowMs - question.sentMs;
    this.metrics.roundTripMsMax = Math.max(this.metrics.roundTripMsMax, this.metrics.roundTripMsLast);
    this.metrics.late += question.isWindowOpen ? 0 : 1;
    this.#pace.noteAnswer(nowMs, !question.isWindowOpen);
  }

  /** The device lives; the same bytes go out again. */
  #repeatAt(question: Question, nowMs: number, repeatAtMs: number): true {
    this.#noteAnswer(question, nowMs);
    question.isWindowOpen = false;
    question.repeatAtMs = repeatAtMs;
    return true;
  }

  #emit(event: DeviceEvent): void {
    this.#options.emit(event);
  }
}
