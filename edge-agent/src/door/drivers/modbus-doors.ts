import {
  ModbusLine,
  relayBoardUnit,
  type Clock,
  type LinkFactory,
  type MasterEvent,
  type ModbusRequest,
  type ModbusResponse,
} from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../../log.ts';
import {
  holdMs,
  openWithinMs,
  type DoorController,
  type HardwareEvent,
  type HardwareHealth,
  type HardwareStatus,
  type LiftController,
  type Obeyed,
} from '../door-controller.ts';
import { BoardDoor } from './board-door.ts';
import { BoardComplaints } from './modbus-complaints.ts';
import { TimedRelays, type BoardRelays, type SendToBoard } from './modbus-relays.ts';
import { UntimedRelays } from './modbus-untimed-relays.ts';
import { ModbusWiring, type ModbusDoor } from './modbus-wiring.ts';
import { ReleaseTimes } from './release-times.ts';

export interface ModbusDoorsParts {
  readonly connect: LinkFactory;
  /** Of the wire, also behind a network link. */
  readonly baud: number;
  readonly clock: Clock;
  /** Those on other hardware are left out. */
  readonly doors: readonly DoorConfig[];
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

/** After an order, an exit button or a moving leaf somebody is there: the board is polled fast. */
const doorBusyMs = 5_000;
/** A pulse shorter than this may be over before its check comes back. */
const checkableMs = 300;
/** How long stopping waits for untimed relays to fall off. */
const stopWithinMs = 1_000;

const unknown: HardwareStatus = { released: null, open: null, fire: null, tampered: null };
const unreachable: HardwareHealth = { online: false, answeredAt: null, roundTripMs: null, answers: 0, timeouts: 0 };

/**
 * Doors and lifts on relay boards of one Modbus RTU line. Boards that time pulses by themselves (flash-on) are preferred; a plain board is driven only where
 * the installer allows it, and is switched off as a whole before anything else when this program starts.
 */
export class ModbusDoors implements DoorController, LiftController {
  readonly #parts: ModbusDoorsParts;
  readonly #wiring: ModbusWiring;
  readonly #line: ModbusLine;
  readonly #boards: ReadonlyMap<number, BoardRelays>;
  readonly #doors: ReadonlyMap<string, BoardDoor>;
  readonly #complaints: BoardComplaints;
  readonly #times = new ReleaseTimes();
  /** Monotonic ms of the last order to release that was obeyed, by entrance. */
  readonly #obeyedMono = new Map<string, number>();
  #isRunning = false;

  constructor(parts: ModbusDoorsParts) {
    this.#parts = parts;
    const { connect, baud, clock, onLink, log } = parts;
    this.#wiring = new ModbusWiring(parts.doors);
    this.#line = new ModbusLine({
      connect,
      baud,
      clock,
      units: this.#wiring.boards.map(relayBoardUnit),
      onEvent: (event) => this.#hear(event),
      ...(onLink && { onLink }),
    });
    this.#boards = new Map(
      this.#wiring.boards.map(({ unit, flashOn }) => [unit, this.#newRelays(unit, flashOn)] as const),
    );
    this.#doors = new Map(this.#wiring.doors.map((door) => [door.entrance, new BoardDoor(door)]));
    const onFault = (unit: number, active: boolean) => {
      const boards = this.#wiring.doorsAt(unit).map(({ entrance }) => this.#doors.get(entrance));
      boards.flatMap((board) => board?.hearRefusing(active) ?? []).forEach((event) => this.#tell(event));
    };
    this.#complaints = new BoardComplaints({ log, onFault });
  }

  #newRelays(unit: number, flashOn: boolean): BoardRelays {
    const send: SendToBoard = (request, options) => this.#line.send(unit, request, options);
    return flashOn ? new TimedRelays(send) : new UntimedRelays(send, this.#parts.clock);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (const { entrance, hardware } of this.#wiring.refused) {
      const facts = { code: 'untimed-relay', entrance, unit: hardware.unit };
      this.#parts.log.error(facts, 'this relay would stay on if the agent died; the installer has not allowed that');
      this.#tell({ type: 'fault', entrance, active: true });
    }
    for (const { unit, flashOn } of this.#wiring.boards) {
      const facts = { code: 'untimed-relay-allowed', unit };
      if (!flashOn)
        this.#parts.log.warn(facts, 'the relays of this board stay on if the agent dies while one is released');
    }
    if (this.#wiring.boards.length > 0) this.#line.start();
  }

  stop(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    const relaysOff = Promise.all([...this.#boards.values()].map((board) => board.stop()));
    const timer = setTimeout(() => this.#line.stop(), stopWithinMs);
    void relaysOff.then(() => {
      clearTimeout(timer);
      this.#line.stop();
    });
  }

  async open(entrance: string, pulseMs: number, notAfterMono = Number.POSITIVE_INFINITY): Promise<Obeyed> {
    const door = this.#drivable(entrance);
    const nowMono = this.#parts.clock.mono();
    const expiresAtMs = Math.min(nowMono + openWithinMs, notAfterMono);
    if (!door || expiresAtMs <= nowMono) return 'no';
    const order = this.#times.order(entrance, pulseMs, nowMono);
    const { unit, lockRelay } = door.hardware;
    const orderOut = this.#relaysOf(door)?.pulse([lockRelay], order.durationMs, { urgent: true, expiresAtMs });
    this.#line.expectPerson(unit, doorBusyMs);
    const obeyed = (await orderOut) ?? 'no';
    if (obeyed === 'no') order.revoke();
    if (obeyed === 'yes') this.#obeyedMono.set(entrance, this.#parts.clock.mono());
    return obeyed;
  }

  hold(entrance: string): Promise<Obeyed> {
    return this.open(entrance, holdMs);
  }

  /** Sent also to a board that takes its time: securing is never too late. */
  async release(entrance: string): Promise<Obeyed> {
    const door = this.#drivable(entrance);
    if (!door) return 'no';
    this.#times.forget(entrance);
    return this.#relaysOf(door)?.secure(door.hardware.lockRelay) ?? 'no';
  }

  async call(entrance: string): Promise<Obeyed> {
    return this.open(entrance, this.#wiring.door(entrance)?.openMs ?? 0);
  }

  /** Not urgent: a whole house of floors must not keep a door waiting. */
  async releaseFloors(entrance: string, floors: readonly number[] | 'all'): Promise<Obeyed> {
    const door = this.#drivable(entrance);
    const allowed = door?.lift?.floors.filter(({ floor }) => floors === 'all' || floors.includes(floor)) ?? [];
    if (!door?.lift || allowed.length === 0) return 'no';
    const relays = [...new Set(allowed.map(({ relay }) => relay))];
    const expiresAtMs = this.#parts.clock.mono() + openWithinMs;
    return this.#relaysOf(door)?.pulse(relays, door.lift.releaseMs, { expiresAtMs }) ?? 'no';
  }

  status(entrance: string): HardwareStatus {
    return this.#doors.get(entrance)?.status ?? unknown;
  }

  health(entrance: string): HardwareHealth {
    const unit = this.#line.master.unit(this.#wiring.door(entrance)?.hardware.unit ?? Number.NaN);
    if (!unit) return unreachable;
    const { answered: answers, lastRoundTripMs: last, maxRoundTripMs: max, timeouts } = unit.metrics;
    const roundTripMs = answers === 0 ? null : { last, max };
    return { online: unit.isOnline, answeredAt: unit.lastAnswerMs ?? null, roundTripMs, answers, timeouts };
  }

  #drivable(entrance: string): ModbusDoor | undefined {
    return this.#isRunning ? this.#wiring.door(entrance) : undefined;
  }

  #relaysOf({ hardware }: ModbusDoor): BoardRelays | undefined {
    return this.#boards.get(hardware.unit);
  }

  #hear(event: MasterEvent): void {
    switch (event.type) {
      case 'online':
        this.#boards.get(event.unit)?.cameUp();
        this.#complaints.withdraw(event.unit, 'greeting');
        return this.#tellOnline(event.unit, true);
      case 'offline':
        return this.#tellOnline(event.unit, false);
      case 'greetingRefused':
        return this.#complaints.raise(event.unit, 'greeting', event.exception);
      case 'polled':
        return this.#hearPoll(event);
      case 'outcome':
        return undefined;
    }
  }

  #tellOnline(unit: number, online: boolean): void {
    for (const { entrance } of this.#wiring.doorsAt(unit)) {
      if (!online) {
        this.#doors.get(entrance)?.lost();
        this.#times.forget(entrance);
      }
      this.#tell({ type: 'online', entrance, online });
    }
  }

  #hearPoll({ unit, request, response, askedMs }: Polled): void {
    if (response.kind === 'exception') {
      this.#complaints.raise(unit, request.kind, response.exception);
      return;
    }
    this.#complaints.withdraw(unit, request.kind);
    for (const door of this.#wiring.doorsAt(unit)) {
      const news = this.#newsOf(door, response, askedMs);
      for (const event of news) this.#tell(event);
      if (news.some(({ type }) => type === 'exit' || type === 'contact')) this.#line.expectPerson(unit, doorBusyMs);
    }
  }

  #newsOf(door: ModbusDoor, response: ModbusResponse, askedMono: number): readonly HardwareEvent[] {
    const board = this.#doors.get(door.entrance);
    if (response.kind === 'readInputs') {
      return board?.hearInputs(response.values.map((isActive) => (isActive ? 'active' : 'inactive'))) ?? [];
    }
    const released = response.kind === 'readCoils' ? response.values[door.hardware.lockRelay] : undefined;
    if (released === undefined) return [];
    return board?.hearLock(released, this.#mustBeReleased(door, askedMono) ? true : undefined) ?? [];
  }

  /** The board was asked after it had obeyed, and well before the pulse is over. */
  #mustBeReleased({ entrance }: ModbusDoor, askedMono: number): boolean {
    const obeyedMono = this.#obeyedMono.get(entrance) ?? Number.POSITIVE_INFINITY;
    return askedMono >= obeyedMono && this.#times.remainingMs(entrance, this.#parts.clock.mono()) > checkableMs;
  }

  #tell(event: HardwareEvent): void {
    if (this.#isRunning) this.#parts.onHardware(event);
  }
}

type Polled = Extract<MasterEvent, { readonly type: 'polled' }> & { readonly request: ModbusRequest };
