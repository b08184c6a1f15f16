import { DomainError } from '../../units/errors.ts';
import { INTER_CHARACTER_MS, PROBE_WINDOW_MS, idleBeforeCommandMs, wireTimeMs } from '../frame/bus-timing.ts';
import type { OsdpFrame } from '../frame/frame.ts';
import { CONFIGURATION_ADDRESS, FRAME_BYTES_MAX } from '../frame/frame.ts';
import type { StreamItem } from '../frame/stream-parser.ts';
import { StreamParser } from '../frame/stream-parser.ts';
import type { Command, CommandKind } from '../messages/commands.ts';
import { encodeCommand } from '../messages/commands.ts';
import { SEALED_DATA_BYTES_MAX } from '../secure/secure-session.ts';
import type { Work } from './command-queue.ts';
import { DeviceLink } from './device-link.ts';
import type { PairingOptions } from './pairing-window.ts';
import type { Submission, SubmissionRefusal } from './panel-events.ts';
import type { BusMetrics, ControlPanelOptions, DeviceStatus, PanelDevice, SubmitOptions } from './panel-options.ts';
import { probeAtMs } from './probe-schedule.ts';

/** ID with mark and CRC. */
const PROBE_BYTES = 10;
/** Only the panel itself makes channels and gives keys, and only in a pairing window or by `rotateKey`. */
const RESERVED: ReadonlySet<CommandKind> = new Set(['chlng', 'scrypt', 'keyset']);

/** The exchange that has the bus. */
interface Exchange {
  readonly link: DeviceLink;
  deadlineMs: number;
  readonly latestMs: number;
}

/**
 * The control panel (ACU) of one OSDP bus, without any I/O: monotonic milliseconds and bytes in, bytes and events out.
 *
 * Call `nextTransmission` whenever `receive` has returned or `nextDeadlineMs` has come, and send what it gives.
 * One question at a time is on the bus; what opens a door goes first, the rest by how long it is due. A dead device
 * costs the others 40 ms per second at most, and one such probe in half a minute while somebody types without end.
 *
 * With `secure`, a device whose key is stored is used in a secure channel of that key or not at all: when it cannot prove the key it is
 * told as `insecure` and asked again once a second. A channel that breaks is made again without a word, and what waits goes on waiting.
 * Keys are given in a pairing window or by `rotateKey`, never otherwise.
 */
export class ControlPanel {
  readonly metrics: BusMetrics = {
    bytesSent: 0,
    bytesReceived: 0,
    framesReceived: 0,
    bytesDiscarded: 0,
    framesDamaged: 0,
    framesForeign: 0,
  };
  readonly #options: ControlPanelOptions;
  /** Where devices have gone by COMSET, until all have. */
  readonly #movedTo = new Map<DeviceLink, number>();
  #baud: number;
  readonly #links = new Map<number, DeviceLink>();
  readonly #parser = new StreamParser();
  #exchange: Exchange | undefined;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lastProbeMs = Number.NEGATIVE_INFINITY;
  #lastCommandId = 0;

  constructor(options: ControlPanelOptions) {
    this.#options = options;
    this.#baud = options.baud;
    for (const device of options.devices) {
      this.addDevice(device);
    }
  }

  /** Of the line, as far as the panel knows. */
  get baud(): number {
    return this.#baud;
  }

  get addresses(): readonly number[] {
    return [...this.#links.keys()];
  }

  /** Rejects with DomainError `osdp-address-invalid`, `osdp-address-taken` or `osdp-secure-missing`. */
  addDevice({ address, check = 'crc', requireSecure = false }: PanelDevice): void {
    if (!Number.isInteger(address) || address < 0 || address >= CONFIGURATION_ADDRESS) {
      throw new DomainError('osdp-address-invalid', 'An OSDP address is a whole number from 0 to 126.', { address });
    }
    if (this.#links.has(address)) {
      throw new DomainError('osdp-address-taken', 'Two devices on one bus cannot share an address.', { address });
    }
    const { secure, onEvent, onWake } = this.#options;
    if (requireSecure && secure === undefined) {
      throw new DomainError('osdp-secure-missing', 'This control panel was made without keys.', { address });
    }
    const link = new DeviceLink({
      address,
      check,
      baud: () => this.#baud,
      secure,
      requireSecure,
      emit: (event) => onEvent({ ...event, address: link.address }),
      isTaken: (wanted) => this.#links.has(wanted),
      onMoved: (from, baud) => this.#onMoved(link, from, baud),
      onStored: () => onWake?.(),
    });
    this.#links.set(address, link);
  }

  /** What waits for the device fails with `removed`. False when there was no such device. */
  removeDevice(address: number): boolean {
    const link = this.#links.get(address);
    if (link === undefined) {
      return false;
    }
    this.#links.delete(address);
    this.#movedTo.delete(link);
    if (this.#exchange?.link === link) {
      this.#exchange = undefined;
    }
    link.remove();
    return true;
  }

  /** `undefined` for an address that is not on this bus. */
  device(address: number): DeviceStatus | undefined {
    const link = this.#links.get(address);
    return (
      link && {
        phase: link.phase,
        secure: link.channel.status,
        identity: link.identity,
        capabilities: link.capabilities,
        answeredMs: link.answeredMs,
        metrics: { ...link.metrics },
      }
    );
  }

  /**
   * Lets a device without a key be given its first one until `untilMs` (monotonic): the only time at which SCBK-D is spoken. Ends with a
   * `pairing` event. With `replaces` it is also for a device that cannot prove its key, because another has taken its place; the old key
   * counts until the new one is proven. Rejects with DomainError `osdp-address-unknown`, `osdp-secure-missing` or `osdp-already-paired`.
   */
  openPairingWindow(address: number, untilMs: number, options: PairingOptions = {}): void {
    this.#linkAt(address).channel.openWindow(untilMs, options);
  }

  /**
   * Gives a secured device a new key; ends with a `pairing` event. Rejects with DomainError `osdp-address-unknown`, `osdp-not-secured`
   * or `osdp-rekey-running`.
   */
  rotateKey(address: number): void {
    this.#linkAt(address).channel.rotate();
  }

  /**
   * Queues a command. Its end is an `outcome` event with the same `commandId`, exactly one, always. Throws RangeError for what the
   * wire cannot say, DomainError `osdp-command-reserved` for commands of the secure channel.
   */
  submit(address: number, command: Command, nowMs: number, options: SubmitOptions = {}): Submission {
    const link = this.#links.get(address);
    if (link === undefined) {
      return { accepted: false, reason: 'unknown-device' };
    }
    const { urgent = command.kind === 'out', expiresAtMs = Number.POSITIVE_INFINITY } = options;
    const commandId = this.#lastCommandId + 1;
    const payload = sendable(command);
    const refusal = this.#queue(link, {
      command,
      payload,
      commandId,
      urgent,
      expiresAtMs,
      submittedMs: nowMs,
      resent: 0,
    });
    if (refusal !== undefined) {
      link.metrics.refusedCommands += 1;
      return { accepted: false, reason: refusal };
    }
    this.#lastCommandId = commandId;
    return { accepted: true, commandId };
  }

  /** The bytes to put on the wire now, or `undefined` while the bus is taken or nothing is due. */
  nextTransmission(nowMs: number): Uint8Array | undefined {
    this.advance(nowMs);
    if (this.#exchange !== undefined || nowMs < this.#idleUntilMs()) {
      return undefined;
    }
    const link = this.#nextLink(nowMs);
    if (link === undefined) {
      return undefined;
    }
    const bytes = link.transmit(nowMs);
    if (link.phase === 'offline') {
      this.#lastProbeMs = nowMs;
    }
    const deadlineMs = nowMs + wireTimeMs(bytes.length, this.#baud) + link.replyWindowMs;
    const latestMs = deadlineMs + wireTimeMs(FRAME_BYTES_MAX, this.#baud) + INTER_CHARACTER_MS;
    this.#exchange = { link, deadlineMs, latestMs };
    this.metrics.bytesSent += bytes.length;
    return bytes;
  }

  /** Bytes from the wire, split anyhow. */
  receive(bytes: Uint8Array, nowMs: number): void {
    this.#lastByteMs = nowMs;
    this.metrics.bytesReceived += bytes.length;
    this.#take(this.#parser.push(bytes), nowMs);
  }

  /** Lets time pass without sending: for a link that is down at the moment. `nextTransmission` does it by itself. */
  advance(nowMs: number): void {
    const exchange = this.#exchange;
    if (exchange !== undefined && nowMs >= exchange.deadlineMs) {
      this.#closeWindow(exchange, nowMs);
    }
    for (const link of this.#links.values()) {
      link.advance(nowMs);
    }
  }

  /** The link has gone: half a frame will not be completed by the next one. */
  lineLost(nowMs: number): void {
    this.#take(this.#parser.endOfSilence(), nowMs);
    this.#exchange?.link.miss(nowMs);
    this.#exchange = undefined;
  }

  /** When `nextTransmission` has to be called at the latest if nothing is received; undefined without devices. */
  nextDeadlineMs(): number | undefined {
    if (this.#exchange !== undefined) {
      return this.#exchange.deadlineMs;
    }
    let earliestMs: number | undefined;
    for (const link of this.#links.values()) {
      const dueMs = Math.max(this.#dueAtMs(link), this.#idleUntilMs());
      earliestMs = Math.min(dueMs, earliestMs ?? dueMs);
    }
    return earliestMs;
  }

  #linkAt(address: number): DeviceLink {
    const link = this.#links.get(address);
    if (link === undefined) {
      throw new DomainError('osdp-address-unknown', 'There is no device with this address on this bus.', { address });
    }
    return link;
  }

  #queue(link: DeviceLink, work: Work): SubmissionRefusal | undefined {
    if (link.phase !== 'online') {
      return 'offline';
    }
    const { command } = work;
    if (command.kind !== 'comset' || command.address === link.address) {
      return link.commands.queue.add(work) ? undefined : 'queue-full';
    }
    if (this.#links.has(command.address)) {
      return 'address-taken';
    }
    return link.commands.addMove(work, () => link.channel.copyKeyTo(command.address)) ? undefined : 'queue-full';
  }

  #onMoved(link: DeviceLink, from: number, baud: number): void {
    this.#links.delete(from);
    this.#links.set(link.address, link);
    this.#movedTo.set(link, baud);
    const isElsewhere = [...this.#links.values()].every((other) => this.#movedTo.get(other) === baud);
    if (!isElsewhere) {
      return;
    }
    this.#movedTo.clear();
    if (baud !== this.#baud) {
      this.#baud = baud;
      this.#options.onLineSpeed?.(baud);
    }
  }

  #take(items: readonly StreamItem[], nowMs: number): void {
    for (const item of items) {
      if (item.kind === 'frame') {
        this.#takeFrame(item.frame, nowMs);
      } else {
        this.metrics.bytesDiscarded += item.bytes.length;
        this.metrics.framesDamaged += item.reason === 'noise' ? 0 : 1;
      }
    }
  }

  #takeFrame(frame: OsdpFrame, nowMs: number): void {
    this.metrics.framesReceived += 1;
    const link = frame.direction === 'reply' ? this.#links.get(frame.address) : undefined;
    if (link === undefined) {
      this.metrics.framesForeign += 1;
      return;
    }
    const isAnswer = link.receive(frame, nowMs);
    if (isAnswer && this.#exchange?.link === link) {
      this.#exchange = undefined;
    }
  }

  /** A frame that has begun to arrive may finish; otherwise the question counts as missed. */
  #closeWindow(exchange: Exchange, nowMs: number): void {
    const mayFinishMs = Math.min(this.#lastByteMs + INTER_CHARACTER_MS, exchange.latestMs);
    if (this.#parser.pendingBytes > 0 && nowMs < mayFinishMs) {
      exchange.deadlineMs = mayFinishMs;
      return;
    }
    this.#take(this.#parser.endOfSilence(), nowMs);
    if (this.#exchange === exchange) {
      exchange.link.miss(nowMs);
      this.#exchange = undefined;
    }
  }

  #idleUntilMs(): number {
    return this.#lastByteMs + idleBeforeCommandMs(this.#baud);
  }

  #nextLink(nowMs: number): DeviceLink | undefined {
    let next: DeviceLink | undefined;
    for (const link of this.#links.values()) {
      if (this.#dueAtMs(link) <= nowMs && (next === undefined || this.#goesBefore(link, next))) {
        next = link;
      }
    }
    return next;
  }

  #goesBefore(link: DeviceLink, other: DeviceLink): boolean {
    return link.isUrgent === other.isUrgent ? this.#dueAtMs(link) < this.#dueAtMs(other) : link.isUrgent;
  }

  #dueAtMs(link: DeviceLink): number {
    return link.phase === 'offline' ? this.#probeAtMs(link.dueAtMs()) : link.dueAtMs();
  }

  #probeAtMs(dueMs: number): number {
    let doorBusyUntilMs = Number.NEGATIVE_INFINITY;
    let liveDueMs = Number.POSITIVE_INFINITY;
    let hasQueue = false;
    for (const link of this.#links.values()) {
      if (link.phase !== 'offline') {
        doorBusyUntilMs = Math.max(doorBusyUntilMs, link.doorBusyUntilMs);
        liveDueMs = Math.min(liveDueMs, link.dueAtMs());
        hasQueue ||= !link.commands.queue.isEmpty;
      }
    }
    const probeCostMs = wireTimeMs(PROBE_BYTES, this.#baud) + PROBE_WINDOW_MS;
    const idleUntilMs = this.#idleUntilMs();
    return probeAtMs(dueMs, {
      idleUntilMs,
      lastProbeMs: this.#lastProbeMs,
      probeCostMs,
      liveDueMs,
      doorBusyUntilMs,
      hasQueue,
    });
  }
}

/** Throws what {@link ControlPanel.submit} does. */
function sendable(command: Command): Work['payload'] {
  if (RESERVED.has(command.kind)) {
    throw new DomainError('osdp-command-reserved', 'Keys are given by pairing or rotation.', { kind: command.kind });
  }
  const payload = encodeCommand(command);
  if (payload.data.length > SEALED_DATA_BYTES_MAX) {
    throw new RangeError(
      `${payload.data.length} bytes of data; the most in one OSDP frame is ${SEALED_DATA_BYTES_MAX}`,
    );
  }
  return payload;
}
