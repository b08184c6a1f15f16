import { INTER_CHARACTER_MS } from '../osdp/frame/bus-timing.ts';
import type { FrameDirection } from '../osdp/frame/frame.ts';
import { CONFIGURATION_ADDRESS, dissectFrame } from '../osdp/frame/frame.ts';
import type { StreamItem } from '../osdp/frame/stream-parser.ts';
import { StreamParser } from '../osdp/frame/stream-parser.ts';
import type { ByteLink } from '../transport/link.ts';
import { pacedLink } from '../transport/paced-link.ts';
import type { Clock } from '../units/time.ts';
import { InvariantError } from '../units/errors.ts';
import type { DeviceFault, FaultStep } from './fault-script.ts';
import { FaultScript, isDeviceFault } from './fault-script.ts';
import type { LineFaults } from './line-faults.ts';
import { NO_FAULTS, carryFrame, faultsByChance } from './line-faults.ts';

/** What hangs on a line; a `Peripheral` is one. */
export interface LineDevice {
  readonly address: number;
  receive(bytes: Uint8Array, nowMs: number): Uint8Array[];
  advance(nowMs: number): void;
  /** When `advance` has something to do; undefined when nothing runs. */
  nextDeadlineMs(nowMs: number): number | undefined;
  answerBusy(count: number): void;
  refuseNext(nakError: number): void;
  /** Power was cut. */
  reset(nowMs: number): void;
}

export interface DeviceLineOptions {
  readonly clock: Clock;
  readonly devices: readonly LineDevice[];
  /** 0 (in) to 1 (out), for the faults by chance. Default: `Math.random`. */
  readonly random?: () => number;
  /** Paces the line as a half-duplex wire of this speed would. Default: as fast as the link. */
  readonly baud?: number;
}

/** Which device and direction a fault is for. Default: all. */
export interface FaultPlace {
  readonly device?: LineDevice;
  readonly direction?: FrameDirection;
}

/** A device with what is wrong between it and the others. */
interface Tap {
  readonly device: LineDevice;
  readonly faults: Record<FrameDirection, LineFaults>;
  script: FaultScript;
  powerlessUntilMs: number;
}

const DIRECTIONS = ['command', 'reply'] as const;

/**
 * Many virtual devices on one link, each at its address, with faults for each device and direction: by chance, or scripted for a
 * certain frame. It keeps the devices' time. The newest link takes the line over.
 */
export class DeviceLine {
  readonly #options: DeviceLineOptions;
  readonly #random: () => number;
  readonly #taps: readonly Tap[];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #parser = new StreamParser();
  #link: ByteLink | undefined;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DeviceLineOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#taps = options.devices.map((device) => ({
      device,
      faults: { command: NO_FAULTS, reply: NO_FAULTS },
      script: new FaultScript(),
      powerlessUntilMs: Number.NEGATIVE_INFINITY,
    }));
  }

  attach(raw: ByteLink): void {
    const { baud, clock } = this.#options;
    const link = baud === undefined ? raw : pacedLink(raw, baud, clock);
    this.#link = link;
    this.#parser = new StreamParser();
    link.onData((bytes) => this.#receive(link, bytes));
    link.onClose(() => {
      if (this.#link === link) {
        this.#link = undefined;
      }
    });
  }

  /** The faults by chance that a device meets in one direction. */
  faultsOf(device: LineDevice, direction: FrameDirection): LineFaults {
    return this.#tapOf(device).faults[direction];
  }

  setFaults(change: Partial<LineFaults>, { device, direction }: FaultPlace = {}): void {
    for (const tap of device === undefined ? this.#taps : [this.#tapOf(device)]) {
      for (const each of direction === undefined ? DIRECTIONS : [direction]) {
        tap.faults[each] = { ...tap.faults[each], ...change };
      }
    }
  }

  /** Takes the place of the device's last script; frames count from now. */
  setScript(device: LineDevice, steps: readonly FaultStep[]): void {
    this.#tapOf(device).script = new FaultScript(steps);
  }

  /** What the device does wrong from now on: it is busy, refuses, or loses power and starts with what it keeps without. */
  disturb(device: LineDevice, fault: DeviceFault): void {
    this.#disturb(this.#tapOf(device), fault);
  }

  /** To be called after something happened at a device by other ways than the line: its deadlines are looked at again. */
  settle(): void {
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = undefined;
    const nowMs = this.#nowMs();
    const deadlines = this.#taps.flatMap(({ device }) => device.nextDeadlineMs(nowMs) ?? []);
    if (deadlines.length > 0) {
      this.#wakeTimer = setTimeout(() => this.#wake(), Math.max(0, Math.ceil(Math.min(...deadlines) - nowMs)));
    }
  }

  /** Ends its timers and lets go of the link. Idempotent. */
  stop(): void {
    clearTimeout(this.#wakeTimer);
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#link?.close();
    this.#link = undefined;
  }

  #nowMs(): number {
    return this.#options.clock.mono();
  }

  #wake(): void {
    const nowMs = this.#nowMs();
    for (const { device } of this.#taps) {
      device.advance(nowMs);
    }
    this.settle();
  }

  #tapOf(device: LineDevice): Tap {
    const tap = this.#taps.find((each) => each.device === device);
    if (tap === undefined) {
      throw new InvariantError('a fault is for a device of this line');
    }
    return tap;
  }

  #receive(link: ByteLink, bytes: Uint8Array): void {
    if (this.#link !== link) {
      return;
    }
    const nowMs = this.#nowMs();
    const stale = nowMs - this.#lastByteMs > INTER_CHARACTER_MS ? this.#parser.endOfSilence() : [];
    this.#lastByteMs = nowMs;
    for (const item of [...stale, ...this.#parser.push(bytes)]) {
      this.#pass(link, item);
    }
    this.settle();
  }

  /** Who is meant hears a frame, also one with a wrong check; other noise is heard by nobody. */
  #pass(link: ByteLink, item: StreamItem): void {
    const frame = item.kind === 'frame' ? item.frame : dissectFrame(item.bytes);
    if (typeof frame === 'string') {
      return;
    }
    for (const tap of this.#taps) {
      if (frame.address === tap.device.address || frame.address === CONFIGURATION_ADDRESS) {
        this.#carry(tap, 'command', frame.raw, (arrived) => this.#hear(link, tap, arrived));
      }
    }
  }

  #hear(link: ByteLink, tap: Tap, bytes: Uint8Array): void {
    if (this.#link !== link || this.#isPowerless(tap)) {
      return;
    }
    for (const reply of tap.device.receive(bytes, this.#nowMs())) {
      this.#carry(tap, 'reply', reply, (arrived) => link.write(arrived));
    }
  }

  #carry(tap: Tap, direction: FrameDirection, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const faults = faultsByChance(tap.faults[direction], this.#random);
    for (const fault of tap.script.next(direction)) {
      if (isDeviceFault(fault)) {
        this.#disturb(tap, fault);
      } else {
        faults.push(fault);
      }
    }
    for (const delivery of this.#isPowerless(tap) ? [] : carryFrame(bytes, faults, this.#random)) {
      if (delivery.afterMs === 0) {
        deliver(delivery.bytes);
      } else {
        this.#later(delivery.afterMs, () => deliver(delivery.bytes));
      }
    }
  }

  #isPowerless(tap: Tap): boolean {
    return this.#nowMs() < tap.powerlessUntilMs;
  }

  #disturb(tap: Tap, fault: DeviceFault): void {
    switch (fault.kind) {
      case 'busy':
        return tap.device.answerBusy(fault.count);
      case 'nak':
        return tap.device.refuseNext(fault.error);
      case 'powerCut':
        return this.#cut(tap, fault.durationMs);
    }
  }

  #cut(tap: Tap, durationMs: number): void {
    const nowMs = this.#nowMs();
    tap.powerlessUntilMs = nowMs + durationMs;
    tap.device.reset(nowMs);
    this.settle();
  }

  #later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
      this.settle();
    }, delayMs);
    this.#timers.add(timer);
  }
}
