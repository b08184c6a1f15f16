import type { DoorConfig, DoorMode } from '@gatecast/firmware-protocol/messages';
import { holdMs, holdRenewEveryMs, type Obeyed } from './door-controller.ts';
import { modeEntry } from './door-entries.ts';
import { modeAt, nextModeChange, type KnownOverride, type ModeAnswer } from './door-mode.ts';
import type { DoorPorts } from './door-ports.ts';

/** An order that the hardware has not confirmed is given again after this time. */
const retryMs = 1_000;

/** How soon it is noticed that the time is known again. */
const clocklessReviewMs = 2_000;

/** What the lock owes the mode: to be kept released, or to be secured now. */
type Owed = 'hold' | 'release' | null;

export interface ModeListener {
  /** The door has another mode now. */
  onMode(mode: DoorMode): void;
  /** {@link ModeKeeper.dueAt} has moved. */
  onDue(): void;
}

/**
 * Keeps one door in the mode that its schedules and its property manager want: the journal's row, the readers' light, and the lock, which in free
 * passage is held by orders that are renewed. While the fire line is on it gives no order at all.
 */
export class ModeKeeper {
  readonly #ports: DoorPorts;
  readonly #listener: ModeListener;
  #config: DoorConfig;
  #zone: string;
  #override: KnownOverride | null = null;
  #answer: ModeAnswer | undefined;
  #reviewAt = 0;
  #fire = false;
  #owed: Owed = null;
  /** Monotonic ms of the next order; Infinity while one is on its way or there is nobody to give it to. */
  #orderAt = Number.POSITIVE_INFINITY;
  #heldUntil = 0;
  /** Until when the lock was released for somebody whom the mode lets pass. */
  #lentUntil = 0;
  /** Tells the answer to the latest order from those to older ones. */
  #turn = 0;

  constructor(ports: DoorPorts, config: DoorConfig, zone: string, listener: ModeListener) {
    this.#ports = ports;
    this.#config = config;
    this.#zone = zone;
    this.#listener = listener;
  }

  get mode(): DoorMode {
    return this.#answer?.mode ?? 'normal';
  }

  /** Puts the schedules of a configuration in force. */
  configure(config: DoorConfig, zone: string): void {
    this.#config = config;
    this.#zone = zone;
    this.#override = known(config.override, this.#override, this.#ports.clock.mono());
    this.#review();
  }

  /** To be called when {@link dueAt} has come. */
  advance(): void {
    const mono = this.#ports.clock.mono();
    if (mono >= this.#reviewAt) this.#review();
    if (mono >= this.#orderAt) void this.#order();
  }

  /** Monotonic ms. */
  dueAt(): number {
    return Math.min(this.#reviewAt, this.#orderAt);
  }

  /** The hardware has come up: its light and its lock know of no mode. */
  greet(): void {
    this.#ports.hardware()?.readers.showMode(this.#config.entrance, this.mode);
    this.#establish();
  }

  setFire(active: boolean): void {
    this.#fire = active;
    if (active) this.#owe(null);
    else this.#establish();
  }

  /** Somebody comes in by free passage: the hold begins anew. Resolves as the order does. */
  renewHold(): Promise<Obeyed> {
    this.#owed = 'hold';
    return this.#order();
  }

  /** Somebody may pass for `pulseMs` from now: that the lock is still to be secured, from before, waits for so long. */
  lend(pulseMs: number): void {
    this.#lentUntil = Math.max(this.#lentUntil, this.#ports.clock.mono() + pulseMs);
  }

  #review(): void {
    const { clock, clockQuality, provenNow } = this.#ports;
    const [now, mono] = [clock.now(), clock.mono()];
    const answer = modeAt({
      schedules: this.#config.schedules,
      override: this.#override,
      zone: this.#zone,
      now,
      clock: clockQuality(),
      mono,
      provenNow: provenNow(),
    });
    const changeInMs = nextModeChange({ override: this.#override }, now) - now;
    this.#reviewAt = mono + (answer.by === 'clock' ? Math.min(clocklessReviewMs, changeInMs) : changeInMs);
    const before = this.#answer;
    this.#answer = answer;
    if (before?.mode !== answer.mode) this.#change(answer, before);
  }

  #change(answer: ModeAnswer, before: ModeAnswer | undefined): void {
    const { entrance } = this.#config;
    const cause = before ? (answer.by ?? before.by ?? 'schedule') : 'start';
    this.#ports.write(modeEntry(entrance, answer.mode, cause));
    this.#ports.hardware()?.readers.showMode(entrance, answer.mode);
    this.#listener.onMode(answer.mode);
    this.#lentUntil = 0;
    this.#establish();
  }

  /** A lockdown secures whatever was released before it, also by a run of this program that ended. */
  #establish(): void {
    if (this.#fire) return;
    const mustSecure = this.mode === 'lockdown' || this.#ports.clock.mono() < this.#heldUntil;
    this.#owe(this.mode === 'free-passage' ? 'hold' : mustSecure ? 'release' : null);
    if (this.#owed) void this.#order();
  }

  #owe(owed: Owed): void {
    this.#turn += 1;
    this.#owed = owed;
    this.#orderAt = Number.POSITIVE_INFINITY;
  }

  async #order(): Promise<Obeyed> {
    const { clock, hardware } = this.#ports;
    const { entrance } = this.#config;
    const [owed, sentAt] = [this.#owed, clock.mono()];
    const turn = (this.#turn += 1);
    this.#orderAt = Number.POSITIVE_INFINITY;
    const isOnline = hardware()?.doors.health(entrance).online ?? false;
    // Nobody is there to obey: the greeting gives the order.
    if (this.#fire || !owed || !isOnline) return 'no';
    if (owed === 'release' && sentAt < this.#lentUntil) {
      this.#orderAt = this.#lentUntil;
      this.#listener.onDue();
      return 'no';
    }
    if (owed === 'hold') this.#heldUntil = sentAt + holdMs;
    const obeyed = await this.#tell(owed);
    if (turn === this.#turn) this.#settle(owed, obeyed, sentAt);
    return obeyed;
  }

  #settle(owed: 'hold' | 'release', obeyed: Obeyed, sentAt: number): void {
    if (obeyed !== 'yes') this.#orderAt = sentAt + retryMs;
    else if (owed === 'hold') this.#orderAt = sentAt + this.#renewEveryMs();
    else {
      this.#owed = null;
      this.#heldUntil = 0;
    }
    this.#listener.onDue();
  }

  /** A lift has no lock to hold: in free passage all its buttons work, and they stop by themselves. */
  #tell(owed: 'hold' | 'release'): Promise<Obeyed> {
    const { entrance, lift } = this.#config;
    const hardware = this.#ports.hardware();
    if (!hardware) return Promise.resolve('no');
    if (!lift) return hardware.doors[owed](entrance);
    return owed === 'hold' ? hardware.lifts.releaseFloors(entrance, 'all') : Promise.resolve('yes');
  }

  #renewEveryMs(): number {
    const { lift } = this.#config;
    return lift ? Math.min(holdRenewEveryMs, lift.releaseMs / 2) : holdRenewEveryMs;
  }
}

/** An order by hand that was known before is as old as it was. */
function known(order: DoorConfig['override'], before: KnownOverride | null, mono: number): KnownOverride | null {
  if (!order) return null;
  const isSame = before?.mode === order.mode && before.from === order.from && before.to === order.to;
  return { ...order, knownSince: isSame ? before.knownSince : mono };
}
