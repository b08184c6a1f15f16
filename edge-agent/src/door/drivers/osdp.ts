import {
  ControlPanelLine,
  steady,
  type Clock,
  type ControlPanelEvent,
  type InputState,
  type LinkFactory,
} from '@gatecast/firmware-protocol';
import type { DoorConfig } from '@gatecast/firmware-protocol/messages';
import type { DoorDriver, DoorEvent, Feedback, Released } from '../door-driver.ts';

export interface OsdpDriverParts {
  readonly connect: LinkFactory;
  readonly baud: number;
  readonly clock: Clock;
  readonly doors: readonly DoorConfig[];
  readonly onEvent: (event: DoorEvent) => void;
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
}

/** An order to open that is older than this opens nothing: the person has gone. */
const openWithinMs = 2_000;
/** Above this many bits a read is a text, not a card (Wiegand formats end at 64). */
const cardBitsMax = 64;
const reader = 0;
const led = 0;
/** Tone 2 is the reader's own default (clause 6.13). */
const defaultTone = 2;

/** Doors on one OSDP bus. */
export class OsdpDriver implements DoorDriver {
  readonly #clock: Clock;
  readonly #onEvent: (event: DoorEvent) => void;
  readonly #byAddress: ReadonlyMap<number, DoorConfig>;
  readonly #byEntrance: ReadonlyMap<string, DoorConfig>;
  readonly #line: ControlPanelLine;
  readonly #inputs = new Map<number, readonly boolean[]>();
  /** Devices whose next report of inputs tells how things stand, not what has just moved. */
  readonly #fresh: Set<number>;

  constructor({ doors, clock, connect, baud, onEvent, onLink }: OsdpDriverParts) {
    this.#clock = clock;
    this.#onEvent = onEvent;
    this.#byAddress = new Map(doors.map((door) => [door.osdpAddress, door]));
    this.#byEntrance = new Map(doors.map((door) => [door.entrance, door]));
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

  isOnline(entrance: string): boolean {
    const door = this.#byEntrance.get(entrance);
    return door !== undefined && this.#line.panel.device(door.osdpAddress)?.phase === 'online';
  }

  async open(entrance: string, pulseMs: number, notAfterMono = Number.POSITIVE_INFINITY): Promise<Released> {
    const door = this.#byEntrance.get(entrance);
    if (!door) return 'no';
    const outputs = [{ output: door.lockOutput, action: 'pulseOn' as const, durationMs: pulseMs }];
    const expiresAtMs = Math.min(this.#clock.mono() + openWithinMs, notAfterMono);
    const outcome = await this.#line.send(door.osdpAddress, { kind: 'out', outputs }, { urgent: true, expiresAtMs });
    if (outcome.ok) return 'yes';
    return outcome.mayHaveRun ? 'maybe' : 'no';
  }

  feedback(entrance: string, feedback: Feedback, durationMs: number): void {
    const address = this.#byEntrance.get(entrance)?.osdpAddress;
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
        return this.#onEvent({ type: 'keys', entrance, keys: event.keys });
      case 'raw':
        return this.#onEvent({ type: event.bitCount > cardBitsMax ? 'qr' : 'card', entrance });
      case 'input':
        return this.#hearInputs(door, event.inputs);
      case 'online':
        this.#greet(event.address);
        return this.#onEvent({ type: 'online', entrance, online: true });
      case 'restarted':
        return this.#greet(event.address);
      case 'offline':
        this.#fresh.add(event.address);
        return this.#onEvent({ type: 'online', entrance, online: false });
      case 'tamper':
        return event.tampered ? this.#onEvent({ type: 'tamper', entrance }) : undefined;
      default:
        return undefined;
    }
  }

  /** A device that has just come up tells its inputs only when asked, and its light is off. */
  #greet(address: number): void {
    void this.#line.send(address, { kind: 'istat' });
    void this.#line.send(address, { kind: 'led', leds: [{ reader, led, permanent: steady('red') }] });
  }

  #hearInputs(door: DoorConfig, states: readonly InputState[]): void {
    const now = states.map((state) => state === 'active');
    const before = this.#inputs.get(door.osdpAddress) ?? [];
    const isFirst = this.#fresh.delete(door.osdpAddress);
    this.#inputs.set(door.osdpAddress, now);
    for (const event of changes(door, before, now, isFirst)) this.#onEvent(event);
  }
}

/** What differs between two reports of the inputs; an input never heard of counts as inactive. */
function* changes(
  door: DoorConfig,
  before: readonly boolean[],
  now: readonly boolean[],
  isFirst: boolean,
): Generator<DoorEvent> {
  const { entrance, contactInput, exitInput, fireInput } = door;
  const isOn = (states: readonly boolean[], input: number) => states[input] ?? false;
  const changed = (input: number | null): input is number => input !== null && isOn(now, input) !== isOn(before, input);
  if (changed(fireInput)) yield { type: 'fire', entrance, active: isOn(now, fireInput) };
  if (changed(exitInput) && isOn(now, exitInput) && !isFirst) yield { type: 'exit', entrance };
  if (changed(contactInput)) yield { type: 'contact', entrance, open: isOn(now, contactInput), isFirst };
}
