import { appendHeard } from './bytes.ts';
import { COIL_OFF, COIL_ON, EXCEPTION, FUNCTION_CODE } from './codes.ts';
import { FLASH_ON_ADDRESS, FLASH_STEP_MS } from './relay-board.ts';
import { isWithinLimits } from './requests.ts';
import type { HeardRequest, ModbusRequest } from './requests.ts';
import type { ModbusResponse } from './responses.ts';
import { RTU_FRAME_BYTES_MAX, decodeRequestFrame, encodeResponseFrame, findFrame } from './rtu-frame.ts';
import { INTER_CHARACTER_MS } from './rtu-timing.ts';
import { TimedOutput } from '../osdp/pd/timed-output.ts';

export interface RelayBoardOptions {
  /** Set by its DIP switches: 1..247. */
  readonly unit: number;
  readonly relays: number;
  readonly inputs: number;
  /** Whether it times pulses by itself. */
  readonly flashOn: boolean;
  readonly onChange: () => void;
}

/** Somebody has spoken to the board within this. */
const LINK_ONLINE_MS = 8_000;

type Refusal = { readonly exception: number };
type Obedience = Exclude<ModbusResponse, { readonly kind: 'exception' }>;
type WriteRequest = Extract<ModbusRequest, { readonly kind: 'writeCoil' | 'writeCoils' }>;

/** A relay board on Modbus RTU, without I/O: relays, and inputs that somebody else sets. */
export class RelayBoardDevice {
  readonly #options: RelayBoardOptions;
  readonly #inputs: boolean[];
  #relays: TimedOutput[];
  #heard = new Uint8Array(0);
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lastRequestMs = Number.NEGATIVE_INFINITY;
  #refuseNext: number | undefined;

  constructor(options: RelayBoardOptions) {
    this.#options = options;
    this.#inputs = Array<boolean>(options.inputs).fill(false);
    this.#relays = newRelays(options.relays);
  }

  get unit(): number {
    return this.#options.unit;
  }

  get relays(): readonly boolean[] {
    return this.#relays.map(({ isOn }) => isOn);
  }

  get inputs(): readonly boolean[] {
    return this.#inputs;
  }

  isOnlineAt(nowMs: number): boolean {
    return nowMs - this.#lastRequestMs < LINK_ONLINE_MS;
  }

  setInput(input: number, isActive: boolean): void {
    if (this.#inputs[input] !== isActive) {
      this.#inputs[input] = isActive;
      this.#options.onChange();
    }
  }

  /** The next order is refused with this exception. */
  refuseNext(exception: number): void {
    this.#refuseNext = exception;
  }

  /** Power-up: all relays fall off, and whatever was half heard is forgotten. */
  reset(): void {
    this.#relays = newRelays(this.#options.relays);
    this.#heard = new Uint8Array(0);
    this.#lastRequestMs = Number.NEGATIVE_INFINITY;
    this.#options.onChange();
  }

  /** Bytes from the line; the answers to what was asked of this board. */
  receive(bytes: Uint8Array, nowMs: number): Uint8Array[] {
    this.advance(nowMs);
    const isSameFrame = nowMs - this.#lastByteMs < INTER_CHARACTER_MS;
    this.#lastByteMs = nowMs;
    // Of what is longer than two frames, the beginning can belong to none that is still to come.
    this.#heard = appendHeard(isSameFrame ? this.#heard : new Uint8Array(0), bytes, 2 * RTU_FRAME_BYTES_MAX);
    const answers: Uint8Array[] = [];
    for (let found = findFrame(this.#heard, 0, 'request'); found; found = findFrame(this.#heard, 0, 'request')) {
      const answer = this.#obey(this.#heard.subarray(found.start, found.end), nowMs);
      this.#heard = this.#heard.subarray(found.end);
      answers.push(...(answer ? [answer] : []));
    }
    return answers;
  }

  #obey(frame: Uint8Array, nowMs: number): Uint8Array | undefined {
    const heard = decodeRequestFrame(frame);
    if (heard?.unit !== this.#options.unit) {
      return undefined;
    }
    this.#lastRequestMs = nowMs;
    const { request } = heard;
    const answer = this.#answer(request, nowMs);
    const response: ModbusResponse =
      'exception' in answer ? { kind: 'exception', functionCode: functionOf(request), ...answer } : answer;
    return encodeResponseFrame(this.#options.unit, response);
  }

  #answer(request: HeardRequest, nowMs: number): Obedience | Refusal {
    if (request.kind === 'unknown' || request.kind === 'readRegisters' || request.kind === 'writeRegister') {
      return { exception: EXCEPTION.illegalFunction };
    }
    if (request.kind === 'contradictory' || !isWithinLimits(request)) {
      return { exception: EXCEPTION.illegalValue };
    }
    switch (request.kind) {
      case 'readCoils':
        return this.#read(request.kind, this.relays, request.start, request.count);
      case 'readInputs':
        return this.#read(request.kind, this.#inputs, request.start, request.count);
      default:
        return this.#takeRefusal() ?? this.#write(request, nowMs);
    }
  }

  #takeRefusal(): Refusal | undefined {
    const exception = this.#refuseNext;
    this.#refuseNext = undefined;
    return exception === undefined ? undefined : { exception };
  }

  #read(
    kind: 'readCoils' | 'readInputs',
    values: readonly boolean[],
    start: number,
    count: number,
  ): Obedience | Refusal {
    const isThere = start + count <= values.length;
    return isThere ? { kind, values: values.slice(start, start + count) } : { exception: EXCEPTION.illegalAddress };
  }

  #write(request: WriteRequest, nowMs: number): Obedience | Refusal {
    if (request.kind === 'writeCoil') {
      return this.#writeCoil(request.address, request.value, nowMs) ?? request;
    }
    const { start, values } = request;
    if (start + values.length > this.#relays.length) {
      return { exception: EXCEPTION.illegalAddress };
    }
    for (const [index, isOn] of values.entries()) {
      this.#relays[start + index]?.apply(isOn ? 'permanentOn' : 'permanentOff', 0, nowMs);
    }
    this.#options.onChange();
    return { kind: 'writeCoils', start, count: values.length };
  }

  /** A refusal, or nothing when the relay was switched. */
  #writeCoil(address: number, value: number, nowMs: number): Refusal | undefined {
    const isFlash = this.#options.flashOn && address >= FLASH_ON_ADDRESS;
    const relay = this.#relays[isFlash ? address - FLASH_ON_ADDRESS : address];
    if (relay === undefined) {
      return { exception: EXCEPTION.illegalAddress };
    }
    if (isFlash) {
      relay.apply('pulseOn', value * FLASH_STEP_MS, nowMs);
    } else if (value === COIL_ON || value === COIL_OFF) {
      relay.apply(value === COIL_ON ? 'permanentOn' : 'permanentOff', 0, nowMs);
    } else {
      return { exception: EXCEPTION.illegalValue };
    }
    this.#options.onChange();
    return undefined;
  }

  /** Ends pulses. */
  advance(nowMs: number): void {
    const before = this.relays;
    for (const relay of this.#relays) {
      relay.advance(nowMs);
    }
    if (this.relays.some((isOn, index) => isOn !== before[index])) {
      this.#options.onChange();
    }
  }

  /** When `advance` has something to do. */
  nextDeadlineMs(): number | undefined {
    const times = this.#relays.flatMap(({ untilMs }) => (untilMs === undefined ? [] : [untilMs]));
    return times.length === 0 ? undefined : Math.min(...times);
  }
}

function newRelays(count: number): TimedOutput[] {
  return Array.from({ length: count }, () => new TimedOutput());
}

function functionOf(request: HeardRequest): number {
  return 'functionCode' in request ? request.functionCode : FUNCTION_CODE[request.kind];
}
