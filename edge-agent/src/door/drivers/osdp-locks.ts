import type { Clock, ControlPanelLine, InputState, OutputControl, SendOutcome } from '@gatecast/firmware-protocol';
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
import { obeyedOf, worst } from './obeyed.ts';
import type { OsdpDoor, OsdpWiring } from './osdp-wiring.ts';
import { ReleaseTimes } from './release-times.ts';

export interface OsdpLocksParts {
  readonly line: Pick<ControlPanelLine, 'send' | 'panel'>;
  readonly clock: Clock;
  readonly wiring: OsdpWiring;
  readonly onHardware: (event: HardwareEvent) => void;
}

/** Outputs in one OUT: small enough for the smallest receive buffer in use (128 bytes) inside a secure channel. */
const outputsMax = 16;
/** A pulse shorter than this may be over before its check comes back. */
const checkableMs = 300;
/** After the end of a pulse, until the lock's output is asked once more. */
const afterPulseMs = 200;

const unknown: HardwareStatus = { released: null, open: null, fire: null, tampered: null };

/** Locks, door wires and lift relays on the boards of one OSDP bus. The boards time each pulse by themselves (OUT, control 5). */
export class OsdpLocks implements Omit<DoorController, 'start' | 'stop'>, LiftController {
  readonly #parts: OsdpLocksParts;
  readonly #boards: ReadonlyMap<string, BoardDoor>;
  readonly #times = new ReleaseTimes();
  readonly #checks = new Map<string, NodeJS.Timeout>();
  #isRunning = false;

  constructor(parts: OsdpLocksParts) {
    this.#parts = parts;
    this.#boards = new Map(parts.wiring.doors.map((door) => [door.entrance, new BoardDoor(door)]));
  }

  start(): void {
    this.#isRunning = true;
  }

  /** Idempotent. */
  stop(): void {
    this.#isRunning = false;
    for (const timer of this.#checks.values()) clearTimeout(timer);
    this.#checks.clear();
  }

  async open(entrance: string, pulseMs: number, notAfterMono = Number.POSITIVE_INFINITY): Promise<Obeyed> {
    const door = this.#parts.wiring.door(entrance);
    if (!door) return 'no';
    const mono = this.#parts.clock.mono();
    const order = this.#times.order(entrance, pulseMs, mono);
    const obeyed = await this.#pulse(door, [door.hardware.lockOutput], order.durationMs, notAfterMono);
    if (obeyed === 'no') order.revoke();
    else this.#check(door);
    return obeyed;
  }

  hold(entrance: string): Promise<Obeyed> {
    return this.open(entrance, holdMs);
  }

  /** Sent also to a board that takes its time: securing is never too late. */
  async release(entrance: string): Promise<Obeyed> {
    const door = this.#parts.wiring.door(entrance);
    if (!door) return 'no';
    this.#times.forget(entrance);
    const off = { output: door.hardware.lockOutput, action: 'permanentOff', durationMs: 0 } as const;
    const obeyed = await this.#send(door, [off], Number.POSITIVE_INFINITY);
    if (obeyed !== 'no') this.#check(door);
    return obeyed;
  }

  async call(entrance: string): Promise<Obeyed> {
    return this.open(entrance, this.#parts.wiring.door(entrance)?.openMs ?? 0);
  }

  async releaseFloors(entrance: string, floors: readonly number[] | 'all'): Promise<Obeyed> {
    const door = this.#parts.wiring.door(entrance);
    const allowed = door?.lift?.floors.filter(({ floor }) => floors === 'all' || floors.includes(floor)) ?? [];
    if (!door?.lift || allowed.length === 0) return 'no';
    const relays = allowed.map(({ relay }) => relay);
    const orders: Promise<Obeyed>[] = [];
    for (let n = 0; n < relays.length; n += outputsMax) {
      orders.push(this.#pulse(door, relays.slice(n, n + outputsMax), door.lift.releaseMs));
    }
    return worst(await Promise.all(orders));
  }

  status(entrance: string): HardwareStatus {
    return this.#boards.get(entrance)?.status ?? unknown;
  }

  health(entrance: string): HardwareHealth {
    const { line, wiring } = this.#parts;
    const device = line.panel.device(wiring.door(entrance)?.hardware.address ?? Number.NaN);
    if (!device) return { online: false, answeredAt: null, roundTripMs: null, answers: 0, timeouts: 0 };
    const { replies, roundTripMsLast: last, roundTripMsMax: max, timeouts } = device.metrics;
    const roundTripMs = replies === 0 ? null : { last, max };
    const online = device.phase === 'online';
    return { online, answeredAt: device.answeredMs ?? null, roundTripMs, answers: replies, timeouts };
  }

  /** The board has come up, or is back after a power cut: it tells its wires only when asked. */
  greet(address: number): void {
    const { line, wiring } = this.#parts;
    if (wiring.doorsAt(address).length === 0) return;
    void line.send(address, { kind: 'istat' });
    void line.send(address, { kind: 'ostat' }).then((outcome) => {
      if (outcome.ok && outcome.reply.kind === 'ostatr') this.#forgetEnded(address, outcome.reply.outputs);
    });
    void line.send(address, { kind: 'lstat' }).then((outcome) => {
      // The panel tells these only when they change; that all is well is known from here.
      if (!outcome.ok || outcome.reply.kind !== 'lstatr') return;
      this.hearTamper(address, outcome.reply.tampered);
      this.hearPower(address, outcome.reply.powerFailed);
    });
  }

  hearOnline(address: number, online: boolean): void {
    for (const { entrance } of this.#parts.wiring.doorsAt(address)) {
      if (!online) this.#boards.get(entrance)?.lost();
      this.#parts.onHardware({ type: 'online', entrance, online });
    }
  }

  hearInputs(address: number, inputs: readonly InputState[]): void {
    this.#hear(address, (board) => board.hearInputs(inputs));
  }

  hearTamper(address: number, tampered: boolean): void {
    this.#hear(address, (board) => board.hearTamper(tampered));
  }

  hearPower(address: number, powerFailed: boolean): void {
    this.#hear(address, (board) => board.hearPower(powerFailed));
  }

  /** An answer about the outputs, to whatever question. */
  hearOutputs(address: number, outputs: readonly boolean[]): void {
    this.#hear(address, (board, { hardware }) => {
      const released = outputs[hardware.lockOutput];
      return released === undefined ? [] : board.hearLock(released);
    });
  }

  #hear(address: number, report: (board: BoardDoor, door: OsdpDoor) => readonly HardwareEvent[]): void {
    for (const door of this.#parts.wiring.doorsAt(address)) {
      const board = this.#boards.get(door.entrance);
      for (const event of board ? report(board, door) : []) this.#parts.onHardware(event);
    }
  }

  #pulse(
    door: OsdpDoor,
    outputs: readonly number[],
    durationMs: number,
    notAfterMono = Number.POSITIVE_INFINITY,
  ): Promise<Obeyed> {
    const expiresAtMs = Math.min(this.#parts.clock.mono() + openWithinMs, notAfterMono);
    const pulses = outputs.map((output) => ({ output, action: 'pulseOn' as const, durationMs }));
    return this.#send(door, pulses, expiresAtMs);
  }

  async #send(door: OsdpDoor, outputs: readonly OutputControl[], expiresAtMs: number): Promise<Obeyed> {
    const command = { kind: 'out', outputs } as const;
    return obeyedOf(await this.#parts.line.send(door.hardware.address, command, { urgent: true, expiresAtMs }));
  }

  /** A board that lost its power lost its timers; one that only lost its channel goes on holding. */
  #forgetEnded(address: number, outputs: readonly boolean[]): void {
    for (const { entrance, hardware } of this.#parts.wiring.doorsAt(address)) {
      if (outputs[hardware.lockOutput] !== true) this.#times.forget(entrance);
    }
  }

  /** Many boards only acknowledge and never tell their outputs: whether the lock moved is asked now and when its time is over. */
  #check(door: OsdpDoor): void {
    const { clock, line } = this.#parts;
    const { entrance, hardware } = door;
    if (!this.#isRunning) return;
    clearTimeout(this.#checks.get(entrance));
    void line.send(hardware.address, { kind: 'ostat' }).then((outcome) => this.#judge(door, outcome));
    const remainingMs = this.#times.remainingMs(entrance, clock.mono());
    if (remainingMs === 0) return;
    const again = () => void line.send(hardware.address, { kind: 'ostat' });
    this.#checks.set(entrance, setTimeout(again, remainingMs + afterPulseMs));
  }

  #judge({ entrance, hardware }: OsdpDoor, outcome: SendOutcome): void {
    const released =
      outcome.ok && outcome.reply.kind === 'ostatr' ? outcome.reply.outputs[hardware.lockOutput] : undefined;
    const isExpected = this.#times.remainingMs(entrance, this.#parts.clock.mono()) > checkableMs;
    if (released === undefined || !isExpected) return;
    for (const event of this.#boards.get(entrance)?.hearLock(released, true) ?? []) this.#parts.onHardware(event);
  }
}
