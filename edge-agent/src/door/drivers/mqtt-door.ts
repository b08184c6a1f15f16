import type { Clock } from '@gatecast/firmware-protocol';
import type { DoorConfig, DoorHardwareConfig } from '@gatecast/firmware-protocol/messages';
import {
  openWithinMs,
  type HardwareEvent,
  type HardwareHealth,
  type HardwareStatus,
  type Obeyed,
} from '../door-controller.ts';
import { isTimedPayload, timedPayload } from './mqtt-payload.ts';
import type { RelayConnection } from './relay-connection.ts';
import { RelayOrders } from './relay-orders.ts';
import { ReleaseTimes } from './release-times.ts';

/** A door whose lock hangs on a relay on the site's broker. */
export type MqttDoorConfig = Omit<DoorConfig, 'hardware'> & {
  readonly hardware: Extract<DoorHardwareConfig, { readonly kind: 'mqtt' }>;
};

export interface MqttDoorParts {
  readonly config: MqttDoorConfig;
  readonly clock: Clock;
  readonly connection: Pick<RelayConnection, 'isUp' | 'publish' | 'retell' | 'reset'>;
  readonly onEvent: (event: HardwareEvent) => void;
}

/** One door on a networked relay: its orders, and what the relay says of itself. */
export class MqttDoor {
  readonly #parts: MqttDoorParts;
  readonly #times = new ReleaseTimes();
  readonly #orders: RelayOrders;
  #secureTimer: NodeJS.Timeout | undefined;
  /** What the relay's will and greeting say; null before either. */
  #isAvailable: boolean | null = null;
  /** It has let an order go unanswered. */
  #isSilent = false;
  /** An order that the broker had not taken in time may still reach it, and would open for nobody. */
  #hasStrayOrder = false;
  #isOnline = false;
  #released: boolean | null = null;
  #open: boolean | null = null;
  #told = { released: false, open: false };
  /** The contact has not been told since the relay came online. */
  #isFresh = true;
  #answeredAt: number | null = null;

  constructor(parts: MqttDoorParts) {
    this.#parts = parts;
    this.#orders = new RelayOrders({
      ...parts,
      commandTopic: parts.config.hardware.commandTopic,
      onUnanswered: (isStray) => this.#noteSilence(isStray),
    });
  }

  /** A relay that is switched on and off by this program stays on when this program dies: only an installer may want that. */
  get isRefused(): boolean {
    const { openPayload, untimedRelay } = this.#hardware;
    return !untimedRelay && !isTimedPayload(openPayload);
  }

  get openMs(): number {
    return this.#parts.config.openMs;
  }

  get status(): HardwareStatus {
    return { released: this.#released, open: this.#open, fire: null, tampered: null };
  }

  get health(): HardwareHealth {
    return { online: this.#isOnline, answeredAt: this.#answeredAt, ...this.#orders.answers };
  }

  get #hardware(): MqttDoorConfig['hardware'] {
    return this.#parts.config.hardware;
  }

  get #isUntimed(): boolean {
    return !isTimedPayload(this.#hardware.openPayload);
  }

  /** Leaves no untimed relay released behind it. */
  stop(): void {
    clearTimeout(this.#secureTimer);
    const { commandTopic, securePayload } = this.#hardware;
    if (this.#isUntimed && !this.isRefused) this.#parts.connection.publish(commandTopic, securePayload, () => {});
    this.#orders.end();
  }

  async release(durationMs: number, notAfterMono: number): Promise<Obeyed> {
    const { clock, config } = this.#parts;
    const { openPayload, releasedState } = this.#hardware;
    const nowMono = clock.mono();
    const deadlineMono = Math.min(nowMono + openWithinMs, notAfterMono);
    if (!this.#canOrder() || nowMono >= deadlineMono) return 'no';
    const order = this.#times.order(config.entrance, durationMs, nowMono);
    if (this.#isUntimed) this.#secureIn(order.durationMs);
    const obeyed = await this.#orders.send(timedPayload(openPayload, order.durationMs), releasedState, deadlineMono);
    if (obeyed === 'no') order.revoke();
    return obeyed;
  }

  /** An untimed relay that has not confirmed is told again: nobody else would ever secure it. */
  async secure(): Promise<Obeyed> {
    const { clock, config } = this.#parts;
    const { securePayload, securedState } = this.#hardware;
    if (!this.#canOrder()) return 'no';
    this.#times.forget(config.entrance);
    clearTimeout(this.#secureTimer);
    const obeyed = await this.#orders.send(securePayload, securedState, clock.mono() + openWithinMs);
    if (obeyed === 'maybe' && this.#isUntimed && this.#parts.connection.isUp) this.#secureIn(0);
    return obeyed;
  }

  lineUp(): void {
    this.#judgeOnline();
  }

  lineDown(): void {
    this.#orders.end();
    this.#isAvailable = null;
    this.#isSilent = false;
    this.#judgeOnline();
  }

  hear(topic: string, payload: string, isRetained: boolean): void {
    const { stateTopic, contact, availability } = this.#hardware;
    if (topic === availability?.topic) this.#hearAvailability(payload, isRetained);
    if (!isRetained && payload !== availability?.offline) this.#noteAnswer();
    if (topic === contact?.topic) this.#hearContact(payload, isRetained);
    if (topic === stateTopic) this.#hearState(payload, isRetained);
  }

  #hearAvailability(payload: string, isRetained: boolean): void {
    const { availability } = this.#hardware;
    if (payload !== availability?.online && payload !== availability?.offline) return;
    this.#isAvailable = payload === availability.online;
    // A relay that greets has just started: its timers are gone.
    if (this.#isAvailable && !isRetained) this.#times.forget(this.#parts.config.entrance);
    this.#judgeOnline();
  }

  #hearContact(payload: string, isRetained: boolean): void {
    const { contact } = this.#hardware;
    const isStale = isRetained && this.#open !== null;
    if (isStale || (payload !== contact?.open && payload !== contact?.closed)) return;
    this.#open = payload === contact.open;
    this.#tellContact(isRetained);
  }

  #hearState(payload: string, isRetained: boolean): void {
    const { releasedState, securedState } = this.#hardware;
    const isStale = isRetained && this.#released !== null;
    if (isStale || (payload !== releasedState && payload !== securedState)) return;
    this.#released = payload === releasedState;
    if (!isRetained) this.#orders.confirm(payload);
    this.#tellLock();
  }

  /** Said now, so the relay is there. */
  #noteAnswer(): void {
    this.#answeredAt = this.#parts.clock.mono();
    this.#isSilent = false;
    this.#judgeOnline();
  }

  #noteSilence(isStray: boolean): void {
    this.#isSilent = true;
    this.#hasStrayOrder ||= isStray;
    this.#judgeOnline();
  }

  #canOrder(): boolean {
    return !this.isRefused && this.#parts.connection.isUp && this.#isThere() && !this.#orders.isFull;
  }

  #isThere(): boolean {
    return this.#hardware.availability === null || this.#isAvailable === true;
  }

  #judgeOnline(): void {
    const { clock, config, connection } = this.#parts;
    const online = connection.isUp && this.#isThere() && !this.#isSilent && !this.isRefused;
    if (online === this.#isOnline) return;
    this.#isOnline = online;
    this.#isFresh = true;
    if (!online) [this.#released, this.#open] = [null, null];
    this.#tell({ type: 'online', online });
    if (!online) return;
    // What was released before a crash, a power cut or a lost line is secured, unless its time is not over.
    if (this.#hasStrayOrder) this.#secureIn(0);
    else if (this.#isUntimed) this.#secureIn(this.#times.remainingMs(config.entrance, clock.mono()));
    this.#hasStrayOrder = false;
    this.#tellLock();
    this.#tellContact(true);
    const { stateTopic, contact } = this.#hardware;
    connection.retell(contact ? [stateTopic, contact.topic] : [stateTopic]);
  }

  #secureIn(delayMs: number): void {
    clearTimeout(this.#secureTimer);
    this.#secureTimer = setTimeout(() => void this.secure(), delayMs);
  }

  #tellLock(): void {
    if (!this.#isOnline || this.#released === null || this.#released === this.#told.released) return;
    this.#told.released = this.#released;
    this.#tell({ type: 'lock', released: this.#released });
  }

  #tellContact(isFound: boolean): void {
    if (!this.#isOnline || this.#open === null || (!this.#isFresh && this.#open === this.#told.open)) return;
    const isFirst = isFound || this.#isFresh;
    this.#isFresh = false;
    this.#told.open = this.#open;
    this.#tell({ type: 'contact', open: this.#open, isFirst });
  }

  #tell(event: Telling): void {
    this.#parts.onEvent({ ...event, entrance: this.#parts.config.entrance });
  }
}

type Telling = HardwareEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'entrance'> : never) : never;
