import type { FrameTrace } from '../osdp/trace/frame-trace.ts';

/** What was heard of one device. */
export interface DeviceStatistics {
  commands: number;
  replies: number;
  /** Commands after which another command came first. */
  unanswered: number;
  naks: number;
  badChecks: number;
  badMacs: number;
  /** Frames whose channel could not be followed. */
  unknownKeys: number;
}

/** Counts what goes over a line, by address. */
export class LineStatistics {
  readonly #devices = new Map<number, DeviceStatistics>();
  #noiseBytes = 0;
  #waitsFor: DeviceStatistics | undefined;

  addNoise(bytes: number): void {
    this.#noiseBytes += bytes;
  }

  add({ address, direction, name, check, mac }: FrameTrace): void {
    const device = this.#device(address);
    device.badChecks += Number(check === 'bad');
    device.badMacs += Number(mac === 'bad');
    device.unknownKeys += Number(mac === 'unknown-key');
    if (direction === 'reply') {
      device.replies += 1;
      device.naks += Number(name === 'NAK');
      this.#waitsFor = undefined;
      return;
    }
    device.commands += 1;
    if (this.#waitsFor !== undefined) {
      this.#waitsFor.unanswered += 1;
    }
    this.#waitsFor = device;
  }

  /** As `--json` prints it. */
  summary(): { noiseBytes: number; devices: ({ address: number } & DeviceStatistics)[] } {
    const devices = [...this.#devices].toSorted(([left], [right]) => left - right);
    return { noiseBytes: this.#noiseBytes, devices: devices.map(([address, counts]) => ({ address, ...counts })) };
  }

  #device(address: number): DeviceStatistics {
    const known = this.#devices.get(address);
    const device = known ?? {
      commands: 0,
      replies: 0,
      unanswered: 0,
      naks: 0,
      badChecks: 0,
      badMacs: 0,
      unknownKeys: 0,
    };
    this.#devices.set(address, device);
    return device;
  }
}
