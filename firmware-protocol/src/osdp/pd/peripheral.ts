import { INTER_CHARACTER_MS, OFFLINE_AFTER_MS } from '../frame/bus-timing.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import { CONFIGURATION_ADDRESS, FRAME_BYTES_MAX, dissectFrame } from '../frame/frame.ts';
import type { StreamItem } from '../frame/stream-parser.ts';
import { StreamParser } from '../frame/stream-parser.ts';
import { NAK } from '../messages/codes.ts';
import type { CardData, InputState, KeypadData, ReaderState, Reply } from '../messages/replies.ts';
import type { SecureFault } from '../secure/secure-session.ts';
import { SCS } from '../secure/security-block.ts';
import { clientIdOf } from './client-id.ts';
import type { CommandHandlers } from './command-executor.ts';
import { CommandExecutor } from './command-executor.ts';
import { DeviceBody } from './device-body.ts';
import type { DeviceDescription } from './device-description.ts';
import { LastExchange } from './last-exchange.ts';
import { nak } from './nak.ts';
import type { PeripheralSecurity, SecureState } from './peripheral-security.ts';
import type { ReaderPanel } from './reader-panel.ts';
import { clearReply, sealedReply } from './reply-frame.ts';
import { CODES_IN_CLEAR, SecureSide } from './secure-side.ts';

export interface PeripheralOptions extends DeviceDescription, CommandHandlers {
  readonly address: number;
  /** An output went on or off, or a reader shows or sounds something else. Called from `receive` and `advance`. */
  readonly onChange: () => void;
  /** Without it the device has no secure channel and says so in PDCAP. */
  readonly secure?: PeripheralSecurity;
  /**
   * Whether a frame with a wrong check is answered with NAK 01. Default: no, because the damage may be in its address, and then
   * two devices speak at once. For a line with one device.
   */
  readonly refusesBadCheck?: boolean;
}

const BUSY: Reply = { kind: 'busy' };

/**
 * A peripheral device (PD) without any I/O: a door board with a reader, sans the metal. Answers as spec 5.9 wants: the same
 * sequence number gets the same bytes again, a wrong one NAK 04, and 0 starts anew and ends a secure channel.
 */
export class Peripheral {
  readonly #options: PeripheralOptions;
  readonly #body: DeviceBody;
  readonly #secure: SecureSide | undefined;
  readonly #executor: CommandExecutor;
  readonly #parser = new StreamParser();
  readonly #exchange = new LastExchange();
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lastCommandMs = Number.NEGATIVE_INFINITY;
  #busyAnswers = 0;

  constructor(options: PeripheralOptions) {
    this.#options = options;
    this.#body = new DeviceBody(options, options.onChange);
    this.#secure = options.secure && new SecureSide(options.secure, clientIdOf(options.identity));
    this.#executor = new CommandExecutor(options, this.#body, this.#secure);
  }

  /** COMSET may have changed it. */
  get address(): number {
    return this.#executor.address;
  }

  get readers(): readonly ReaderPanel[] {
    return this.#body.readers;
  }

  get outputs(): boolean[] {
    return this.#body.outputs;
  }

  get inputs(): readonly InputState[] {
    return this.#body.inputs;
  }

  /** Whether SCBK-D would be accepted. */
  get isInstalling(): boolean {
    return this.#secure?.isInstalling ?? false;
  }

  /** A panel has spoken to us within the last 8 s (spec 5.7). */
  isOnlineAt(nowMs: number): boolean {
    return nowMs - this.#lastCommandMs < OFFLINE_AFTER_MS;
  }

  /** A secure channel ends with the panel's silence. */
  secureStateAt(nowMs: number): SecureState {
    return this.isOnlineAt(nowMs) ? (this.#secure?.state ?? 'plain') : 'plain';
  }

  /** Bytes from the wire, split anyhow. Returns the replies to send, in order. */
  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    this.#body.advance(nowMs);
    const replies: Uint8Array[] = [];
    if (nowMs - this.#lastByteMs > INTER_CHARACTER_MS) {
      this.#answerAll(this.#parser.endOfSilence(), nowMs, replies);
    }
    this.#lastByteMs = nowMs;
    this.#answerAll(this.#parser.push(bytes), nowMs, replies);
    return replies;
  }

  /** Ends pulses and temporary patterns whose time is over. */
  advance(nowMs: number): void {
    this.#body.advance(nowMs);
  }

  /** When `advance` has something to end; undefined when nothing runs. */
  nextDeadlineMs(): number | undefined {
    return this.#body.nextDeadlineMs();
  }

  /** Somebody pressed a key or several. False when nobody fetches them and the queue is full. */
  pressKeys(data: KeypadData): boolean {
    return this.#body.events.add({ kind: 'keypad', ...data });
  }

  /** A card or code was read. False when the queue is full. */
  presentCard(data: CardData): boolean {
    return this.#body.events.add({ kind: 'raw', ...data });
  }

  /** Reported with the next poll when it differs; so are the other three. */
  setInput(index: number, state: InputState): void {
    this.#body.setInput(index, state);
  }

  setReaderState(index: number, state: ReaderState): void {
    this.#body.setReaderState(index, state);
  }

  /** The housing is open. */
  setTamper(isTampered: boolean): void {
    this.#body.setTamper(isTampered);
  }

  /** The supply fails and the device lives on its battery. */
  setPower(isFailed: boolean): void {
    this.#body.setPower(isFailed);
  }

  /** The next so many commands are answered BUSY, as a device does that writes its flash. */
  answerBusy(count: number): void {
    this.#busyAnswers = count;
  }

  /** The next command that is not a poll is refused with this error code. */
  refuseNext(nakError: number): void {
    this.#executor.refuseNext(nakError);
  }

  /** Power was cut: numbering, channel, queue, outputs and what the readers show are gone. Key and address are kept. */
  reset(nowMs: number): void {
    this.#exchange.forget();
    this.#secure?.drop();
    this.#executor.reset();
    this.#lastCommandMs = Number.NEGATIVE_INFINITY;
    this.#busyAnswers = 0;
    this.#body.reset(nowMs);
  }

  #answerAll(items: readonly StreamItem[], nowMs: number, replies: Uint8Array[]): void {
    for (const item of items) {
      const reply = item.kind === 'frame' ? this.#answer(item.frame, nowMs) : this.#answerDamaged(item);
      if (reply !== undefined) {
        replies.push(reply);
      }
    }
  }

  #isForUs({ direction, address }: OsdpFrame): boolean {
    return direction === 'command' && (address === this.#executor.address || address === CONFIGURATION_ADDRESS);
  }

  #answer(frame: OsdpFrame, nowMs: number): Uint8Array | undefined {
    if (!this.#isForUs(frame)) {
      return undefined;
    }
    if (!this.isOnlineAt(nowMs)) {
      this.#secure?.drop();
    }
    this.#lastCommandMs = nowMs;
    const place = this.#exchange.placeOf(frame);
    if (place === 'repeat') {
      return this.#exchange.reply;
    }
    if (place === 'wrong') {
      return this.#secure?.session === undefined
        ? clearReply(frame, nak(NAK.sequence))
        : this.#refuseInChannel(frame, 'number');
    }
    if (this.#busyAnswers > 0) {
      this.#busyAnswers -= 1;
      // Spec 7.19: number 0, in clear, not remembered; the panel repeats the command unchanged.
      return clearReply(frame, BUSY, { sequence: 0 });
    }
    if (frame.sequence === 0) {
      this.#secure?.drop();
    }
    const reply = this.#respond(frame, nowMs);
    if (reply !== undefined) {
      this.#exchange.remember(frame, reply);
    }
    return reply;
  }

  /**
   * Inside a channel only NAK 01, NAK 06 and BUSY may come in clear (annex D), and to seal a refusal would advance the chain. With the NAK
   * the channel ends.
   */
  #refuseInChannel(frame: OsdpFrame, fault: SecureFault | 'number'): Uint8Array | undefined {
    if (this.#secure?.isLostBy(fault) === false) {
      return undefined;
    }
    this.#secure?.drop();
    return clearReply(frame, nak(NAK.conditionsNotMet));
  }

  #answerDamaged(item: Extract<StreamItem, { kind: 'discarded' }>): Uint8Array | undefined {
    if (this.#options.refusesBadCheck !== true || item.reason !== 'check') {
      return undefined;
    }
    const frame = dissectFrame(item.bytes);
    return typeof frame !== 'string' && this.#isForUs(frame) ? clearReply(frame, nak(NAK.check)) : undefined;
  }

  /** Undefined for what is not taken. */
  #respond(frame: OsdpFrame, nowMs: number): Uint8Array | undefined {
    if (frame.raw.length > (this.#options.receiveBytes ?? FRAME_BYTES_MAX)) {
      return clearReply(frame, nak(NAK.length));
    }
    switch (frame.security?.type) {
      case undefined:
        return this.#respondInClear(frame, nowMs);
      case SCS.challenge:
      case SCS.serverCryptogram:
        return this.#respondToHandshake(frame);
      case SCS.commandMac:
      case SCS.commandSealed:
        return this.#respondInChannel(frame, nowMs);
      default:
        return clearReply(frame, nak(NAK.securityBlock));
    }
  }

  #respondInClear(frame: OsdpFrame, nowMs: number): Uint8Array {
    const secure = this.#secure;
    const hadChannel = secure?.session !== undefined;
    // A panel that goes on in clear has lost the channel; nobody else may speak beside it.
    secure?.drop();
    if (hadChannel || (secure?.isEnforced === true && !CODES_IN_CLEAR.has(frame.code))) {
      return clearReply(frame, nak(NAK.conditionsNotMet));
    }
    const reply = this.#executor.execute(frame.code, frame.data, false, nowMs);
    return clearReply(frame, reply, { bytesMax: this.#executor.panelReceiveBytes });
  }

  #respondToHandshake(frame: OsdpFrame): Uint8Array {
    const answer = this.#secure?.handshake(frame) ?? { refused: NAK.securityBlock };
    return 'frame' in answer ? answer.frame : clearReply(frame, nak(answer.refused));
  }

  #respondInChannel(frame: OsdpFrame, nowMs: number): Uint8Array | undefined {
    const secure = this.#secure;
    if (secure === undefined) {
      return clearReply(frame, nak(NAK.securityBlock));
    }
    const { session } = secure;
    const data = secure.open(frame);
    if (session === undefined || typeof data === 'string') {
      return this.#refuseInChannel(frame, typeof data === 'string' ? data : 'not-secure');
    }
    const reply = this.#executor.execute(frame.code, data, true, nowMs);
    return sealedReply(session, frame, reply, this.#executor.panelReceiveBytes);
  }
}
