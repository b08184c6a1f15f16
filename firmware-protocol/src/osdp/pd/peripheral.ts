import { INTER_CHARACTER_MS, OFFLINE_AFTER_MS } from '../frame/bus-timing.ts';
import { NAK } from '../messages/codes.ts';
import type { Command, OutputControl } from '../messages/commands.ts';
import { decodeCommand } from '../messages/commands.ts';
import type { DeviceDescription } from './device-description.ts';
import { capabilitiesOf } from './device-description.ts';
import { DeviceEvents } from './device-events.ts';
import type { OsdpFrame, Sequence } from '../frame/frame.ts';
import { CONFIGURATION_ADDRESS, encodeFrame, nextSequence } from '../frame/frame.ts';
import type { PayloadFault } from '../messages/payload.ts';
import { ReaderPanel } from './reader-panel.ts';
import type { CardData, InputState, KeypadData, Reply } from '../messages/replies.ts';
import { encodeReply } from '../messages/replies.ts';
import { StreamParser } from '../frame/stream-parser.ts';
import { TimedOutput } from './timed-output.ts';

export interface PeripheralOptions extends DeviceDescription {
  readonly address: number;
  /** An output went on or off, or a reader shows or sounds something else. Called from `receive` and `advance`. */
  readonly onChange: () => void;
}

const PAYLOAD_FAULT_NAK = {
  'unknown-code': NAK.unknownCommand,
  length: NAK.length,
  value: NAK.cannotProcess,
} as const satisfies Record<PayloadFault, number>;

const ACK: Reply = { kind: 'ack' };
const BUSY: Reply = { kind: 'busy' };

/**
 * A peripheral device (PD) without any I/O: a door board with a reader, sans the metal. Answers as spec 5.9 wants: the same
 * sequence number gets the same bytes again, a wrong one NAK 04, and 0 starts anew.
 */
export class Peripheral {
  readonly readers: readonly ReaderPanel[];
  readonly #options: PeripheralOptions;
  readonly #outputs: readonly TimedOutput[];
  readonly #inputs: InputState[];
  readonly #parser = new StreamParser();
  readonly #events = new DeviceEvents();
  #lastSequence: Sequence | undefined;
  #lastCommand: Uint8Array = new Uint8Array();
  #lastReply: Uint8Array = new Uint8Array();
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lastCommandMs = Number.NEGATIVE_INFINITY;
  #busyAnswers = 0;
  #nakAnswers: number[] = [];

  constructor(options: PeripheralOptions) {
    this.#options = options;
    this.#outputs = Array.from({ length: options.outputs }, () => new TimedOutput());
    this.#inputs = Array.from({ length: options.inputs }, () => 'inactive');
    this.readers = Array.from({ length: options.readers }, () => new ReaderPanel());
  }

  get outputs(): boolean[] {
    return this.#outputs.map((output) => output.isOn);
  }

  get inputs(): readonly InputState[] {
    return this.#inputs;
  }

  /** A panel has spoken to us within the last 8 s (spec 5.7). */
  isOnlineAt(nowMs: number): boolean {
    return nowMs - this.#lastCommandMs < OFFLINE_AFTER_MS;
  }

  /** Bytes from the wire, split anyhow. Returns the replies to send, in order. */
  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    this.advance(nowMs);
    const stale = nowMs - this.#lastByteMs > INTER_CHARACTER_MS ? this.#parser.endOfSilence() : [];
    this.#lastByteMs = nowMs;
    const replies: Uint8Array[] = [];
    for (const item of [...stale, ...this.#parser.push(bytes)]) {
      const reply = item.kind === 'frame' ? this.#answer(item.frame, nowMs) : undefined;
      if (reply !== undefined) {
        replies.push(reply);
      }
    }
    return replies;
  }

  /** Ends pulses and temporary patterns whose time is over. */
  advance(nowMs: number): void {
    const before = this.#outputs.map((output) => output.isOn);
    for (const part of [...this.#outputs, ...this.readers]) {
      const isOver = part.untilMs !== undefined && nowMs >= part.untilMs;
      part.advance(nowMs);
      if (isOver) {
        this.#options.onChange();
      }
    }
    this.#reportOutputs(before);
  }

  /** When `advance` has something to end; undefined when nothing runs. */
  nextDeadlineMs(): number | undefined {
    const deadlines = [...this.#outputs, ...this.readers].flatMap(({ untilMs }) => untilMs ?? []);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  }

  /** Somebody pressed a key or several. False when nobody fetches them and the queue is full. */
  pressKeys(data: KeypadData): boolean {
    return this.#events.add({ kind: 'keypad', ...data });
  }

  /** A card or code was read. False when the queue is full. */
  presentCard(data: CardData): boolean {
    return this.#events.add({ kind: 'raw', ...data });
  }

  /** Reported with the next poll when it differs. */
  setInput(index: number, state: InputState): void {
    if (index < this.#inputs.length && this.#inputs[index] !== state) {
      this.#inputs[index] = state;
      this.#events.addState({ kind: 'istatr', inputs: [...this.#inputs] });
    }
  }

  /** The next `count` commands get BUSY. */
  answerBusy(count: number): void {
    this.#busyAnswers = count;
  }

  /** The next command that is not a poll is refused with this error code. */
  refuseNext(nakError: number): void {
    this.#nakAnswers = [nakError];
  }

  /** Power was cut: sequence, queue, outputs and what the readers show are gone. Inputs follow the wires. */
  reset(nowMs: number): void {
    this.#lastSequence = undefined;
    this.#lastCommandMs = Number.NEGATIVE_INFINITY;
    this.#events.clear();
    this.#busyAnswers = 0;
    this.#nakAnswers = [];
    for (const output of this.#outputs) {
      output.apply('permanentOff', 0, nowMs);
    }
    for (const reader of this.readers) {
      reader.reset();
    }
    this.#options.onChange();
  }

  #answer(frame: OsdpFrame, nowMs: number): Uint8Array | undefined {
    const isForUs = frame.address === this.#options.address || frame.address === CONFIGURATION_ADDRESS;
    if (frame.direction !== 'command' || !isForUs) {
      return undefined;
    }
    this.#lastCommandMs = nowMs;
    if (this.#isRepeat(frame)) {
      return this.#lastReply;
    }
    if (frame.sequence !== 0 && !this.#isNext(frame.sequence)) {
      return this.#encode(nak(NAK.sequence), frame, frame.sequence);
    }
    if (this.#busyAnswers > 0) {
      this.#busyAnswers -= 1;
      return this.#encode(BUSY, frame, 0);
    }
    this.#lastSequence = frame.sequence;
    this.#lastCommand = frame.raw;
    this.#lastReply = this.#encode(this.#execute(frame, nowMs), frame, frame.sequence);
    return this.#lastReply;
  }

  /** A restart is only a repeat when the whole command is the same. */
  #isRepeat(frame: OsdpFrame): boolean {
    if (frame.sequence !== this.#lastSequence) {
      return false;
    }
    return (
      frame.sequence !== 0 ||
      (frame.raw.length === this.#lastCommand.length && frame.raw.every((byte, at) => byte === this.#lastCommand[at]))
    );
  }

  #isNext(sequence: Sequence): boolean {
    return this.#lastSequence !== undefined && sequence === nextSequence(this.#lastSequence);
  }

  #encode(reply: Reply, command: OsdpFrame, sequence: Sequence): Uint8Array {
    const { address, check } = command;
    const content = { direction: 'reply', address, check, sequence, security: undefined, mac: undefined } as const;
    return encodeFrame({ ...content, ...encodeReply(reply) });
  }

  #execute(frame: OsdpFrame, nowMs: number): Reply {
    if (frame.security !== undefined) {
      return nak(NAK.securityBlock);
    }
    const command = decodeCommand(frame.code, frame.data);
    if (typeof command === 'string') {
      return nak(PAYLOAD_FAULT_NAK[command]);
    }
    const refusal = command.kind === 'poll' ? undefined : this.#nakAnswers.shift();
    return refusal === undefined ? this.#obey(command, nowMs) : nak(refusal);
  }

  #obey(command: Command, nowMs: number): Reply {
    switch (command.kind) {
      case 'poll':
        return this.#events.take() ?? ACK;
      case 'id':
        return { kind: 'pdid', identity: this.#options.identity };
      case 'cap':
        return { kind: 'pdcap', capabilities: capabilitiesOf(this.#options) };
      case 'lstat':
        return { kind: 'lstatr', tampered: false, powerFailed: false };
      case 'istat':
        return { kind: 'istatr', inputs: [...this.#inputs] };
      case 'ostat':
        return { kind: 'ostatr', outputs: this.outputs };
      case 'rstat':
        return { kind: 'rstatr', readers: this.readers.map(() => 'normal') };
      case 'out':
        return this.#switchOutputs(command.outputs, nowMs);
      case 'led':
        return this.#show(command.leds, (reader, led) => reader.setLed(led, nowMs));
      case 'buz':
        return this.#show([command], (reader, buzzer) => reader.setBuzzer(buzzer, nowMs));
      case 'text':
        return this.#show([command], (reader, { text }) => reader.setText(text));
      case 'comset':
        // Address and speed of this device are set where it is mounted; a panel must not move it.
        return nak(NAK.cannotProcess);
    }
  }

  /** All records or none. A pulse without a time would never end, so it is refused. */
  #switchOutputs(controls: readonly OutputControl[], nowMs: number): Reply {
    const isEndless = controls.some(({ action, durationMs }) => action.startsWith('pulse') && durationMs === 0);
    if (isEndless || controls.some(({ output }) => output >= this.#outputs.length)) {
      return nak(NAK.cannotProcess);
    }
    const before = this.outputs;
    for (const { output, action, durationMs } of controls) {
      this.#outputs[output]?.apply(action, durationMs, nowMs);
    }
    this.#options.onChange();
    this.#reportOutputs(before);
    return ACK;
  }

  #show<Control extends { readonly reader: number }>(
    controls: readonly Control[],
    apply: (reader: ReaderPanel, control: Control) => void,
  ): Reply {
    if (controls.some(({ reader }) => reader >= this.readers.length)) {
      return nak(NAK.cannotProcess);
    }
    for (const control of controls) {
      const reader = this.readers[control.reader];
      if (reader !== undefined) {
        apply(reader, control);
      }
    }
    this.#options.onChange();
    return ACK;
  }

  #reportOutputs(before: readonly boolean[]): void {
    const outputs = this.outputs;
    if (outputs.some((isOn, index) => isOn !== before[index])) {
      this.#events.addState({ kind: 'ostatr', outputs });
    }
  }
}

function nak(error: number): Reply {
  return { kind: 'nak', error, details: new Uint8Array() };
}
