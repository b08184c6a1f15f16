import { randomBytes } from 'node:crypto';
import { Peripheral, systemClock, type PeripheralOptions } from '@gatecast/firmware-protocol';
import { aes128, memoryLinkPair } from '@gatecast/firmware-protocol/node';
import { DeviceLine } from '@gatecast/firmware-protocol/sim';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import { benchDoor } from '../door-bench.fixture.ts';
import type { HardwareEvent, ReaderEvent } from '../door-controller.ts';
import { OsdpBus, type OsdpBusParts } from './osdp-bus.ts';

const vendor = { vendor: '474354', model: 1, version: 1, firmware: { major: 1, minor: 0, build: 0 } };

/** A device as from the box: it has no key and would take one from anybody. */
export function osdpDevice(address: number, parts: Partial<PeripheralOptions> = {}): Peripheral {
  return new Peripheral({
    address,
    identity: { ...vendor, serial: address },
    inputs: 0,
    outputs: 0,
    readers: 1,
    onChange: () => {},
    secure: { newCipher: aes128, random: randomBytes, key: undefined, installMode: true, onKeySet: () => {} },
    ...parts,
  });
}

/**
 * Two gates and a bus: the board at 0 has the lock of the first gate and the reader outside it, 1 is the reader inside; the second gate hangs on a relay,
 * and only its reader, 2, is on the bus.
 */
export class OsdpSite {
  readonly board = osdpDevice(0, { inputs: 4, outputs: 12 });
  readonly inside = osdpDevice(1);
  readonly second = osdpDevice(2);
  readonly line = new DeviceLine({ clock: systemClock, devices: [this.board, this.inside, this.second] });
  readonly gate: DoorConfig = benchDoor(
    { kind: 'osdp', address: 0, lockOutput: 1, contactInput: 0, exitInput: 1, fireInput: 2 },
    {
      readers: [
        { address: 0, reader: 0, side: 'entry' },
        { address: 1, reader: 0, side: 'exit' },
      ],
      lift: {
        floors: [
          { floor: -1, relay: 4 },
          { floor: 1, relay: 5 },
          { floor: 2, relay: 6 },
        ],
        releaseMs: 800,
      },
    },
  );
  readonly other: DoorConfig = benchDoor(
    {
      kind: 'modbus',
      unit: 1,
      lockRelay: 0,
      flashOn: true,
      untimedRelay: false,
      contactInput: null,
      exitInput: null,
      fireInput: null,
    },
    { readers: [{ address: 2, reader: 0, side: 'entry' }] },
  );
  readonly hardwareEvents: HardwareEvent[] = [];
  readonly readerEvents: ReaderEvent[] = [];
  readonly bus: OsdpBus;

  constructor(parts: Pick<OsdpBusParts, 'secure'> = {}) {
    this.bus = new OsdpBus({
      connect: async () => {
        const [panel, devices] = memoryLinkPair();
        this.line.attach(devices);
        return panel;
      },
      baud: 115_200,
      clock: systemClock,
      doors: [this.gate, this.other],
      onHardware: (event) => this.hardwareEvents.push(event),
      onReader: (event) => this.readerEvents.push(event),
      ...parts,
    });
  }

  stop(): void {
    this.bus.stop();
    this.line.stop();
  }
}
