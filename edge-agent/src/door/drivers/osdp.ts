import {
  ControlPanelLine,
  steady,
  type Clock,
  type ControlPanelEvent,
  type InputState,
  type LinkFactory,
  type SendOutcome,
} from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import {
  holdMs,
  openWithinMs,
  type DoorController,
  type Feedback,
  type HardwareEvent,
  type HardwareHealth,
  type HardwareStatus,
  type LiftController,
  type Obeyed,
  type ReaderEvent,
  type Readers,
} from '../door-controller.ts';

export interface OsdpDoorsParts {
  readonly connect: LinkFactory;
  readonly baud: number;
  readonly clock: Clock;
  readonly doors: readonly DoorConfig[];
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onReader: (event: ReaderEvent) => void;
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
}

/** Above this many bits a read is a text, not a card (Wiegand formats end at 64). */
const cardBitsMax = 64;
const reader = 0;
const led = 0;
/** Tone 2 is the reader's own default (clause 6.13). */
const defaultTone = 2;
const side = 'entry' as const;

type OsdpDoor = DoorConfig & { readonly hardware: { readonly kind: 'osdp' } };

/** Doors, lifts and readers on one OSDP bus. */
export class OsdpDoors implements DoorController, LiftController, Readers {
  readonly #clock: Clock;
  readonly #onHardware: (event: HardwareEvent) => void;
  readonly #onReader: (event: ReaderEvent) => void;
  readonly #byAddress: ReadonlyMap<number, OsdpDoor>;
  readonly #byEntrance: ReadonlyMap<string, OsdpDoor>;
  readonly #line: ControlPanelLine;
  readonly #inputs = new Map<number, readonly boolean[]>();
  /** Devices whose next report of inputs tells how things stand, not what has just moved. */
  readonly #fresh: Set<number>;

  constructor({ doors, clock, connect, baud, onHardware, onReader, onLink }: OsdpDoorsParts) {
    const own = doors.filter((door): door is OsdpDoor => door.hardware.kind === 'osdp');
    this.#clock = clock;
    this.#onHardware = onHardware;
    this.#onReader = onReader;
    this.#byAddress = new Map(own.map((door) => [door.hardware.address, door]));
    this.#byEntrance = new Map(own.map((door) => [door.entrance, door]));
    this.#fresh = new Set(this.#byAddress.keys());
    this.#line = new ControlPanelLine({
      connect,
      baud,
      clock,
      devices: [...this.#byAddress.keys()].map((address) => ({ address })),
      onEvent: (event) => this.#hear(event),
      ...(onLink && { onLink }),
    });
  }

  start(): void {
    this.#line.start();
  }

  stop(): void {
    this.#line.stop();
  }

  async open(entrance: string, pulseMs: number, notAfterMono = Number.POSITIVE_INFINITY): Promise<Obeyed> {
    return this.#order(entrance, { action: 'pulseOn', durationMs: pulseMs }, notAfterMono);
  }

  hold(entrance: string): Promise<Obeyed> {
    return this.#order(entrance, { action: 'pulseOn', durationMs: holdMs }, Number.POSITIVE_INFINITY);
  }

  release(entrance: string): Promise<Obeyed> {
    return this.#order(entrance, { action: 'permanentOff', durationMs: 0 }, Number.POSITIVE_INFINITY);
  }

  call(entrance: string): Promise<Obeyed> {
    return this.open(entrance, this.#byEntrance.get(entrance)?.openMs ?? 0);
  }

  async releaseFloors(entrance: string, floors: readonly number[] | 'all'): Promise<Obeyed> {
    const door = this.#byEntrance.get(entrance);
    const allowed = door?.lift?.floors.filter(({ floor }) => floors === 'all' || floors.includes(floor)) ?? [];
    if (!door?.lift || allowed.length === 0) return 'no';
    const durationMs = door.lift.releaseMs;
    const outputs = allowed.map(({ relay }) => ({ output: relay, action: 'pulseOn' as const, durationMs }));
    const expiresAtMs = this.#clock.mono() + openWithinMs;
    return obeyed(
      await this.#line.send(door.hardware.address, { kind: 'out', outputs }, { urgent: true, expiresAtMs }),
    );
  }

  status(entrance: string): HardwareStatus {
    const hardware = this.#byEntrance.get(entrance)?.hardware;
    const states = hardware && this.#inputs.get(hardware.address);
    const at = (input: number | null | undefined) => (typeof input === 'number' ? (states?.[input] ?? null) : null);
    return { released: null, open: at(hardware?.contactInput), fire: at(hardware?.fireInput), tampered: null };
  }

  health(entrance: string): HardwareHealth {
    const device = this.#line.panel.device(this.#byEntrance.get(entrance)?.hardware.address ?? -1);
    const metrics = device?.metrics;
    const roundTripMs = metrics ? { last: metrics.roundTripMsLast, max: metrics.roundTripMsMax } : null;
    return { online: device?.phase === 'online', answeredAt: null, roundTripMs, timeouts: metrics?.timeouts ?? 0 };
  }

  showMode(): void {
    // The light stays what the greeting made it.
  }

  wires(entrance: string): ReturnType<Readers['wires']> {
    const address = this.#byEntrance.get(entrance)?.hardware.address;
    return address === undefined ? [] : [{ address, wire: 'plain' }];
  }

  pair(): boolean {
    return false;
  }

  rotateKeys(): boolean {
    return false;
  }

  async #order(
    entrance: string,
    order: { readonly action: 'pulseOn' | 'permanentOff'; readonly durationMs: number },
    notAfterMono: number,
  ): Promise<Obeyed> {
    const door = this.#byEntrance.get(entrance);
    if (!door) return 'no';
    const outputs = [{ output: door.hardware.lockOutput, ...order }];
    const expiresAtMs = Math.min(this.#clock.mono() + openWithinMs, notAfterMono);
    return obeyed(
      await this.#line.send(door.hardware.address, { kind: 'out', outputs }, { urgent: true, expiresAtMs }),
    );
  }

  feedback(entrance: string, feedback: Feedback, durationMs: number): void {
    const address = this.#byEntrance.get(entrance)?.hardware.address;
    if (address === undefined) return;
    const granted = feedback === 'granted';
    const temporary = { ...steady(granted ? 'green' : 'red'), durationMs };
    void this.#line.send(address, { kind: 'led', leds: [{ reader, led, temporary }] });
    const beeps = { tone: defaultTone, onMs: 100, offMs: 100, count: granted ? 1 : 3 };
    void this.#line.send(address, { kind: 'buz', reader, ...beeps });
  }

  #hear(event: ControlPanelEvent): void {
    const door = this.#byAddress.get(event.address);
    if (!door) return;
    const { entrance } = door;
    switch (event.type) {
      case 'keypad':
        return this.#onReader({ type: 'keys', entrance, side, keys: event.keys });
      case 'raw':
        return this.#onReader(read(entrance, event.bitCount, event.bits));
      case 'input':
        return this.#hearInputs(door, event.inputs);
      case 'online':
        this.#greet(event.address);
        return this.#onHardware({ type: 'online', entrance, online: true });
      case 'restarted':
        return this.#greet(event.address);
      case 'offline':
        this.#fresh.add(event.address);
        return this.#onHardware({ type: 'online', entrance, online: false });
      case 'tamper':
        return this.#onHardware({ type: 'tamper', entrance, active: event.tampered });
      default:
        return undefined;
    }
  }

  /** A device that has just come up tells its inputs only when asked, and its light is off. */
  #greet(address: number): void {
    void this.#line.send(address, { kind: 'istat' });
    void this.#line.send(address, { kind: 'led', leds: [{ reader, led, permanent: steady('red') }] });
  }

  #hearInputs(door: OsdpDoor, states: readonly InputState[]): void {
    const now = states.map((state) => state === 'active');
    const before = this.#inputs.get(door.hardware.address) ?? [];
    const isFirst = this.#fresh.delete(door.hardware.address);
    this.#inputs.set(door.hardware.address, now);
    for (const event of changes(door, before, now, isFirst)) this.#onHardware(event);
  }
}

const obeyed = (outcome: SendOutcome): Obeyed => {
  if (outcome.ok) return 'yes';
  return outcome.mayHaveRun ? 'maybe' : 'no';
};

function read(entrance: string, bitCount: number, bits: Uint8Array): ReaderEvent {
  return bitCount > cardBitsMax
    ? { type: 'qr', entrance, side, text: new TextDecoder().decode(bits) }
    : { type: 'card', entrance, side, bitCount, bits };
}

/** What differs between two reports of the inputs; an input never heard of counts as inactive. */
function* changes(
  door: OsdpDoor,
  before: readonly boolean[],
  now: readonly boolean[],
  isFirst: boolean,
): Generator<HardwareEvent> {
  const { entrance } = door;
  const { contactInput, exitInput, fireInput } = door.hardware;
  const isOn = (states: readonly boolean[], input: number) => states[input] ?? false;
  const changed = (input: number | null): input is number => input !== null && isOn(now, input) !== isOn(before, input);
  if (changed(fireInput)) yield { type: 'fire', entrance, active: isOn(now, fireInput) };
  if (changed(exitInput) && isOn(now, exitInput) && !isFirst) yield { type: 'exit', entrance };
  if (changed(contactInput)) yield { type: 'contact', entrance, open: isOn(now, contactInput), isFirst };
}
