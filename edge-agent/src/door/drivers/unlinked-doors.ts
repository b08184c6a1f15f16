import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../../log.ts';
import type { DoorController, HardwareHealth, HardwareStatus, LiftController, Obeyed } from '../door-controller.ts';

export interface UnlinkedDoorsParts {
  readonly doors: readonly DoorConfig[];
  readonly isLinked: (kind: DoorConfig['hardware']['kind']) => boolean;
  readonly log: Pick<Log, 'error'>;
}

/** Doors whose configuration names hardware that this terminal has no link to, and entrances that are nobody's: every order is refused. */
export class UnlinkedDoors implements DoorController, LiftController {
  readonly #parts: UnlinkedDoorsParts;

  constructor(parts: UnlinkedDoorsParts) {
    this.#parts = parts;
  }

  /** Says once which doors cannot work, and why. */
  start(): void {
    for (const { entrance, hardware } of this.#parts.doors) {
      if (this.#parts.isLinked(hardware.kind)) continue;
      const facts = { code: 'door-not-linked', entrance, hardware: hardware.kind };
      this.#parts.log.error(facts, 'this terminal has no link to the hardware of a door');
    }
  }

  stop(): void {
    // There is nothing to stop.
  }

  async open(): Promise<Obeyed> {
    return 'no';
  }

  async hold(): Promise<Obeyed> {
    return 'no';
  }

  async release(): Promise<Obeyed> {
    return 'no';
  }

  async call(): Promise<Obeyed> {
    return 'no';
  }

  async releaseFloors(): Promise<Obeyed> {
    return 'no';
  }

  status(): HardwareStatus {
    return { released: null, open: null, fire: null, tampered: null };
  }

  health(): HardwareHealth {
    return { online: false, answeredAt: null, roundTripMs: null, answers: 0, timeouts: 0 };
  }
}
