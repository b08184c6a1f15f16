import { ControlPanelLine, type Clock, type ControlPanelEvent, type LinkFactory } from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { HardwareEvent, ReaderEvent } from '../door-controller.ts';
import { OsdpLocks } from './osdp-locks.ts';
import { OsdpReaders } from './osdp-readers.ts';
import { OsdpWiring } from './osdp-wiring.ts';

export interface OsdpBusParts {
  readonly connect: LinkFactory;
  /** Of the wire, also behind a network link. */
  readonly baud: number;
  readonly clock: Clock;
  /** All doors of the terminal: the bus carries the readers of those, too, whose lock hangs elsewhere. */
  readonly doors: readonly DoorConfig[];
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onReader: (event: ReaderEvent) => void;
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
}

/** One OSDP bus: the boards with their locks and wires, and every reader. */
export class OsdpBus {
  readonly locks: OsdpLocks;
  readonly readers: OsdpReaders;
  readonly #line: ControlPanelLine;

  constructor({ connect, baud, clock, doors, onHardware, onReader, onLink }: OsdpBusParts) {
    const wiring = new OsdpWiring(doors);
    const line = new ControlPanelLine({
      connect,
      baud,
      clock,
      devices: wiring.addresses.map((address) => ({ address })),
      onEvent: (event) => this.#hear(event),
      ...(onLink && { onLink }),
    });
    this.#line = line;
    this.locks = new OsdpLocks({ line, clock, wiring, onHardware });
    this.readers = new OsdpReaders({ line, wiring, onReader });
  }

  /** A bus that nothing hangs on is left alone. */
  start(): void {
    if (this.#line.panel.addresses.length > 0) this.#line.start();
  }

  /** Idempotent; no event follows. */
  stop(): void {
    this.locks.stop();
    this.#line.stop();
  }

  #hear(event: ControlPanelEvent): void {
    const { locks, readers } = this;
    const { address } = event;
    switch (event.type) {
      case 'keypad':
        return readers.hearKeys(address, event.reader, event.keys);
      case 'raw':
        return readers.hearRead(address, event.reader, event.bitCount, event.bits);
      case 'input':
        return locks.hearInputs(address, event.inputs);
      case 'output':
        return locks.hearOutputs(address, event.outputs);
      case 'reader':
        return readers.hearReaders(address, event.readers);
      case 'tamper':
        locks.hearCase(address, event.tampered, event.powerFailed);
        return readers.hearCase(address, event.tampered);
      case 'online':
        this.#greet(address);
        return locks.hearOnline(address, true);
      case 'restarted':
        return this.#greet(address);
      case 'offline':
        return locks.hearOnline(address, false);
      default:
        return undefined;
    }
  }

  #greet(address: number): void {
    this.locks.greet(address);
    this.readers.greet(address);
  }
}
