import type { DoorConfig, DoorMode, DoorStanding } from '@gatecast/firmware-protocol/messages';
import { bouncesUntil, hear, settle, unheardContact, type Contact } from './contact-filter.ts';
import { contactEntry, fireEntry } from './door-entries.ts';
import { deadline, isExpected, step, unknownDoor, type DoorEvent, type DoorView } from './door-machine.ts';
import type { DoorPorts } from './door-ports.ts';
import { Keypad } from './keypad.ts';
import { ModeKeeper } from './mode-keeper.ts';

/** One door while the agent runs: its state, its mode and its alarms, moved by what the hardware tells and by one timer. */
export class Door {
  readonly #ports: DoorPorts;
  readonly keypads: { readonly entry: Keypad; readonly exit: Keypad };
  readonly #keeper: ModeKeeper;
  #config: DoorConfig;
  #view: DoorView = unknownDoor;
  #contact: Contact = unheardContact;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(ports: DoorPorts, config: DoorConfig, zone: string) {
    this.#ports = ports;
    this.#config = config;
    const { entrance } = config;
    this.#keeper = new ModeKeeper(ports, config, zone, {
      onMode: (mode) => this.#takeMode(mode),
      onDue: () => this.#schedule(),
    });
    // The screen stands outside: what somebody types on the way out is not for it.
    const entry = new Keypad((characters) => ports.listener.typing(entrance, characters));
    this.keypads = { entry, exit: new Keypad(() => {}) };
  }

  get config(): DoorConfig {
    return this.#config;
  }

  get mode(): DoorMode {
    return this.#keeper.mode;
  }

  get isOnFire(): boolean {
    return this.#view.facts.fire;
  }

  /** Everybody may pass, and the lock is held by orders that are renewed. */
  get isHeld(): boolean {
    return this.mode === 'free-passage' && !this.isOnFire;
  }

  get keeper(): Pick<ModeKeeper, 'renewHold'> {
    return this.#keeper;
  }

  configure(config: DoorConfig, zone: string): void {
    this.#config = config;
    this.#keeper.configure(config, zone);
    this.#schedule();
  }

  /** Other wires tell of other things: what they have not told yet is not known. */
  forgetWires(): void {
    this.#ports.alarms.endAll(this.#config.entrance);
    if (this.isOnFire) this.#ports.write(fireEntry(this.#config.entrance, false));
    this.#view = this.mode === 'free-passage' ? this.#stepped(unknownDoor, { type: 'passage-on' }).door : unknownDoor;
    this.#contact = unheardContact;
    this.#keeper.setFire(false);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.keypads.entry.stop();
    this.keypads.exit.stop();
  }

  standing(): DoorStanding {
    const { entrance } = this.#config;
    const hardware = this.#ports.hardware();
    const online = hardware?.doors.health(entrance).online ?? false;
    const readers = (hardware?.readers.wires(entrance) ?? []).map(({ address, wire }) => ({ address, wire }));
    return { entrance, online, state: this.#view.state, mode: this.mode, readers };
  }

  /**
   * Somebody may pass for `pulseMs` from now, and take longer than usual if the pulse is longer. Returns the way to take that back, for an order that the
   * hardware has not taken.
   */
  letPass(type: 'release' | 'exit', pulseMs: number): () => void {
    const longerMs = Math.max(0, pulseMs - this.#config.openMs);
    const until = this.#ports.clock.mono() + pulseMs;
    const { releasedUntil, expectedUntil, longerMs: longerBeforeMs } = this.#view.facts;
    if (type === 'release') this.#keeper.lend(pulseMs);
    this.#happen({ type, until, longerMs });
    const before = { releasedUntil, expectedUntil, longerMs: longerBeforeMs };
    return () => this.#happen({ type: 'refusal', until, before });
  }

  /** The wire of the contact. `isFirst`: how the leaf was found, not a movement seen. */
  hearContact(open: boolean, isFirst: boolean): void {
    const mono = this.#ports.clock.mono();
    const atOnce = isFirst || (open && isExpected(this.#view, mono));
    const { contact, moved } = hear(this.#contact, { open, mono, bounceMs: this.#config.bounceMs, atOnce });
    this.#contact = contact;
    if (moved) this.#moveLeaf(open, isFirst);
    this.#schedule();
  }

  setFire(active: boolean): void {
    if (active === this.isOnFire) return;
    this.#ports.write(fireEntry(this.#config.entrance, active));
    this.#happen({ type: active ? 'fire-on' : 'fire-off' });
    this.#keeper.setFire(active);
    this.#schedule();
  }

  setOnline(online: boolean): void {
    this.#happen({ type: online ? 'fault-off' : 'fault-on', fault: 'lost' });
    if (online) this.#keeper.greet();
    this.#ports.changed();
    this.#schedule();
  }

  setFault(active: boolean): void {
    this.#ports.alarms.set(this.#config.entrance, 'lock-fault', active);
    this.#happen({ type: active ? 'fault-on' : 'fault-off', fault: 'wire' });
  }

  #takeMode(mode: DoorMode): void {
    if (mode === 'free-passage') this.#happen({ type: 'passage-on' });
    else if (this.#view.facts.isFree) this.#happen({ type: 'passage-off' });
    this.#ports.changed();
  }

  #moveLeaf(open: boolean, isFound: boolean): void {
    const { entrance } = this.#config;
    this.#ports.listener.contact(entrance, open);
    this.#ports.write(contactEntry(entrance, open));
    const opened = isFound ? 'leaf-found-open' : 'leaf-opened';
    this.#happen({ type: open ? opened : 'leaf-closed' });
  }

  #happen(event: DoorEvent): void {
    const before = this.#view.state;
    const { door, alarms } = this.#stepped(this.#view, event);
    this.#view = door;
    for (const { alarm, active } of alarms) this.#ports.alarms.set(this.#config.entrance, alarm, active);
    if (door.state !== before) this.#ports.changed();
    this.#schedule();
  }

  #stepped(view: DoorView, event: DoorEvent): ReturnType<typeof step> {
    return step(view, event, { mono: this.#ports.clock.mono(), heldOpenMs: this.#config.heldOpenMs });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const { bounceMs } = this.#config;
    const contactAt = bouncesUntil(this.#contact, bounceMs) ?? Number.POSITIVE_INFINITY;
    const stateAt = deadline(this.#view)?.at ?? Number.POSITIVE_INFINITY;
    const inMs = Math.min(contactAt, stateAt, this.#keeper.dueAt()) - this.#ports.clock.mono();
    this.#timer = setTimeout(() => this.#advance(), Math.max(0, Math.ceil(inMs)));
  }

  #advance(): void {
    const mono = this.#ports.clock.mono();
    const { contact, moved } = settle(this.#contact, mono, this.#config.bounceMs);
    this.#contact = contact;
    if (moved && contact.open !== null) this.#moveLeaf(contact.open, false);
    const due = deadline(this.#view);
    if (due && mono >= due.at) this.#happen({ type: due.type });
    this.#keeper.advance();
    this.#schedule();
  }
}
