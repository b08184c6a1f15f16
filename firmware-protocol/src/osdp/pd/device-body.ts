import { NAK } from '../messages/codes.ts';
import type { Command, OutputControl } from '../messages/commands.ts';
import type { InputState, ReaderState, Reply } from '../messages/replies.ts';
import type { DeviceDescription } from './device-description.ts';
import { DeviceEvents } from './device-events.ts';
import { nak } from './nak.ts';
import { ReaderPanel } from './reader-panel.ts';
import { TimedOutput } from './timed-output.ts';

const ACK: Reply = { kind: 'ack' };

/** Inputs, outputs and readers of a device, its tamper switch and supply, and what it has to tell at the next poll. */
export class DeviceBody {
  readonly readers: readonly ReaderPanel[];
  readonly events = new DeviceEvents();
  readonly #onChange: () => void;
  readonly #outputs: readonly TimedOutput[];
  readonly #inputs: InputState[];
  readonly #readerStates: ReaderState[];
  readonly #timed: readonly (TimedOutput | ReaderPanel)[];
  #isTampered = false;
  #isPowerFailed = false;

  constructor({ inputs, outputs, readers }: DeviceDescription, onChange: () => void) {
    this.#onChange = onChange;
    this.#outputs = Array.from({ length: outputs }, () => new TimedOutput());
    this.#inputs = Array.from({ length: inputs }, () => 'inactive');
    this.readers = Array.from({ length: readers }, () => new ReaderPanel());
    this.#readerStates = Array.from({ length: readers }, () => 'normal');
    this.#timed = [...this.#outputs, ...this.readers];
  }

  get outputs(): boolean[] {
    return this.#outputs.map((output) => output.isOn);
  }

  get inputs(): readonly InputState[] {
    return this.#inputs;
  }

  /** Ends pulses and temporary patterns whose time is over. */
  advance(nowMs: number): void {
    if (!this.#timed.some(({ untilMs }) => untilMs !== undefined && nowMs >= untilMs)) {
      return;
    }
    const before = this.outputs;
    for (const part of this.#timed) {
      part.advance(nowMs);
    }
    this.#reportOutputs(before);
    this.#onChange();
  }

  nextDeadlineMs(): number | undefined {
    const deadlines = this.#timed.flatMap(({ untilMs }) => untilMs ?? []);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  }

  setInput(index: number, state: InputState): void {
    if (index < this.#inputs.length && this.#inputs[index] !== state) {
      this.#inputs[index] = state;
      this.events.addState({ kind: 'istatr', inputs: [...this.#inputs] });
    }
  }

  setReaderState(index: number, state: ReaderState): void {
    if (index < this.#readerStates.length && this.#readerStates[index] !== state) {
      this.#readerStates[index] = state;
      this.events.addState({ kind: 'rstatr', readers: [...this.#readerStates] });
    }
  }

  setTamper(isTampered: boolean): void {
    this.#setLocalState(isTampered, this.#isPowerFailed);
  }

  setPower(isFailed: boolean): void {
    this.#setLocalState(this.#isTampered, isFailed);
  }

  /** Power was cut: outputs, queue and what the readers show are gone. Inputs and switches follow the wires. */
  reset(nowMs: number): void {
    this.events.clear();
    for (const output of this.#outputs) {
      output.apply('permanentOff', 0, nowMs);
    }
    for (const reader of this.readers) {
      reader.reset();
    }
    this.#onChange();
  }

  /** Undefined for a command that is not about the body, or about a part that no device of this kind has. */
  obey(command: Command, nowMs: number): Reply | undefined {
    switch (command.kind) {
      case 'poll':
        return this.events.take() ?? ACK;
      case 'lstat':
        return { kind: 'lstatr', tampered: this.#isTampered, powerFailed: this.#isPowerFailed };
      case 'istat':
        return { kind: 'istatr', inputs: [...this.#inputs] };
      case 'ostat':
        return { kind: 'ostatr', outputs: this.outputs };
      case 'rstat':
        return { kind: 'rstatr', readers: [...this.#readerStates] };
      case 'out':
        return this.#switchOutputs(command.outputs, nowMs);
      case 'led':
        return this.#show(command.leds, (reader, led) => reader.setLed(led, nowMs));
      case 'buz':
        return this.#show([command], (reader, buzzer) => reader.setBuzzer(buzzer, nowMs));
      case 'text':
        return this.#show([command], (reader, { text }) => reader.setText(text));
      default:
        return undefined;
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
    this.#reportOutputs(before);
    this.#onChange();
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
    this.#onChange();
    return ACK;
  }

  #setLocalState(tampered: boolean, powerFailed: boolean): void {
    if (tampered !== this.#isTampered || powerFailed !== this.#isPowerFailed) {
      this.#isTampered = tampered;
      this.#isPowerFailed = powerFailed;
      this.events.addState({ kind: 'lstatr', tampered, powerFailed });
    }
  }

  #reportOutputs(before: readonly boolean[]): void {
    const outputs = this.outputs;
    if (outputs.some((isOn, index) => isOn !== before[index])) {
      this.events.addState({ kind: 'ostatr', outputs });
    }
  }
}
