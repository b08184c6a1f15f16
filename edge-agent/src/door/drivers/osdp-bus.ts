import { randomBytes } from 'node:crypto';
import {
  ControlPanelLine,
  type Clock,
  type ControlPanelEvent,
  type KeyStore,
  type LinkFactory,
} from '@gatecast/firmware-protocol';
import { aes128 } from '@gatecast/firmware-protocol/node';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { PairedDevices } from '../../store/paired-devices.ts';
import type { HardwareEvent, ReaderEvent } from '../door-controller.ts';
import { OsdpLocks } from './osdp-locks.ts';
import { OsdpReaders } from './osdp-readers.ts';
import { OsdpWires } from './osdp-wires.ts';
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
  /** Where the keys of the devices are kept. Without it no device can be paired, and every wire is plain. */
  readonly secure?: { readonly keys: KeyStore; readonly paired: Pick<PairedDevices, 'has'> } | undefined;
}

/** One OSDP bus: the boards with their locks and wires, and every reader. */
export class OsdpBus {
  readonly locks: OsdpLocks;
  readonly readers: OsdpReaders;
  readonly wires: OsdpWires;
  readonly #line: ControlPanelLine;

  constructor(parts: OsdpBusParts) {
    const { connect, baud, clock, doors, onHardware, onReader, onLink, secure } = parts;
    const wiring = new OsdpWiring(doors);
    const line = new ControlPanelLine({
      connect,
      baud,
      clock,
      devices: wiring.addresses.map((address) => ({ address, requireSecure: secure?.paired.has(address) === true })),
      onEvent: (event) => this.#hear(event),
      ...(onLink && { onLink }),
      ...(secure && { secure: { newCipher: aes128, random: randomBytes, keys: secure.keys } }),
    });
    this.#line = line;
    this.locks = new OsdpLocks({ line, clock, wiring, onHardware });
    this.readers = new OsdpReaders({ line, wiring, onReader });
    this.wires = new OsdpWires({ panel: line.panel, wiring, canPair: secure !== undefined, onReader });
  }

  /** A bus that nothing hangs on is left alone. */
  start(): void {
    if (this.#line.panel.addresses.length === 0) return;
    this.locks.start();
    this.#line.start();
  }

  /** Idempotent; no event follows. */
  stop(): void {
    this.locks.stop();
    this.#line.stop();
  }

  /** To be called once a while after the start: who never answered has gone offline without being told so. */
  tellSilentReaders(): void {
    const { panel } = this.#line;
    const silent = panel.addresses.filter((address) => panel.device(address)?.answeredMs === undefined);
    for (const address of silent) this.readers.hearOnline(address, false);
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
        locks.hearTamper(address, event.tampered);
        return readers.hearTamper(address, event.tampered);
      case 'power':
        return locks.hearPower(address, event.powerFailed);
      case 'secured':
      case 'insecure':
      case 'pairing':
        return this.wires.hear(event);
      case 'online':
        this.#greet(address);
        readers.hearOnline(address, true);
        return locks.hearOnline(address, true);
      case 'restarted':
        return this.#greet(address);
      case 'offline':
        readers.hearOnline(address, false);
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
