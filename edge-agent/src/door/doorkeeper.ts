import type { Clock, InstantMs } from '@gatecast/firmware-protocol';
import {
  learningWindowMs,
  pairingWindowMs,
  type ClockQuality,
  type Command,
  type DoorConfig,
  type DoorLinkHealth,
  type DoorStanding,
  type Refusal,
} from '@gatecast/firmware-protocol/messages';
import type { Card } from '@gatecast/firmware-protocol/pass';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { Log } from '../log.ts';
import { LatestValue } from '../store/latest-value.ts';
import { valueKeys } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import type { AccessView, CardTag } from './access.ts';
import { Admission } from './admission.ts';
import type { DoorListener } from './door-listener.ts';
import type { DoorPorts } from './door-ports.ts';
import { Door } from './door.ts';
import { Entry } from './entry.ts';
import { hardwareListeners, type HardwareListeners } from './hardware-listeners.ts';
import type { DoorHardware } from './hardware.ts';
import { Learning } from './learning.ts';
import { PhoneCounters } from './phone-counters.ts';
import { StandingAlarms } from './standing-alarms.ts';
import { WrongCodes } from './wrong-codes.ts';

export interface DoorkeeperParts {
  readonly clock: Clock;
  readonly clockQuality: () => ClockQuality;
  /** The latest moment that a trusted clock has shown; undefined if none ever did. */
  readonly provenNow: () => InstantMs | undefined;
  readonly journal: Pick<Journal, 'append' | 'appended' | 'draft'>;
  readonly store: Pick<Store, 'snapshot' | 'useCredential' | 'returnUse' | 'savePhoneCounter' | 'setValue'>;
  readonly listener: DoorListener;
  /** The list in force, or null before the first. */
  readonly access: () => AccessView | null;
  /** A door stands otherwise than before; called in a later turn of the event loop than what has changed it. */
  readonly onChange: () => void;
  readonly newHardware: (doors: readonly DoorConfig[], listeners: HardwareListeners) => DoorHardware;
  readonly log: Pick<Log, 'error'>;
}

/** What became of a remote opening: the row that tells it, or why not. */
export type RemoteOpening =
  | { readonly opened: true; readonly row: JournalEntry }
  | { readonly opened: false; readonly reason: Refusal };

/** Why the keys of an entrance's devices cannot be changed now. */
export type KeyRefusal = 'wrong-entrance' | 'door-offline' | 'no-reader';

/** What became of a card that was to be learned. */
export type CardLearning =
  | { readonly learned: true; readonly card: CardTag & Pick<Card, 'format' | 'last4'> }
  | { readonly learned: false; readonly reason: KeyRefusal | 'no-list' | 'busy' | 'no-card' };

/** Which door, and on whose order. */
type RemoteOrder = Pick<Extract<Command['action'], { kind: 'open' }>, 'entrance' | 'by'>;

const identifyLightMs = 5_000;

/** What the hardware has to know of a door. A lift's car is called for its opening time. */
const wiringOf = ({ entrance, hardware, readers, lift, openMs }: DoorConfig) => [
  entrance,
  hardware,
  readers,
  lift && { ...lift, openMs },
];

/** Keeps the doors of one terminal: who may come in, the lock, the contact, the modes, the alarms. Needs nothing but this machine. */
export class Doorkeeper {
  readonly #parts: DoorkeeperParts;
  readonly #ports: DoorPorts;
  readonly #alarms: StandingAlarms;
  readonly #admission: Admission;
  readonly #entry: Entry;
  readonly #wrongCodes = new WrongCodes();
  readonly #keptWrongCodes: LatestValue;
  readonly #phones: PhoneCounters;
  readonly #learning = new Learning();
  readonly #doors = new Map<string, Door>();
  #hardware: DoorHardware | undefined;
  #wiring = '';
  #hasStarted = false;
  #hasEnded = false;
  #telling: NodeJS.Immediate | undefined;

  constructor(parts: DoorkeeperParts) {
    this.#parts = parts;
    const { journal, store, access, log, clock, clockQuality, provenNow, listener } = parts;
    const write = (entry: JournalEntry) => this.#write(entry);
    this.#alarms = new StandingAlarms({ write, keep: (text) => this.#keepAlarms(text) });
    this.#ports = {
      clock,
      clockQuality,
      provenNow,
      listener,
      write,
      alarms: this.#alarms,
      hardware: () => this.#hardware,
      changed: () => this.#changed(),
    };
    this.#admission = new Admission({ ports: this.#ports, journal, store, log });
    this.#phones = new PhoneCounters({ store, log });
    this.#keptWrongCodes = new LatestValue({
      store,
      key: valueKeys.wrongCodes,
      onFault: (error) => log.error({ err: error }, 'the wrong codes could not be kept'),
    });
    this.#entry = new Entry({
      ports: this.#ports,
      access,
      store,
      admission: this.#admission,
      wrongCodes: this.#wrongCodes,
      wrongCodesChanged: () => this.#keepWrongCodes(),
      phones: this.#phones,
      learning: this.#learning,
    });
  }

  /**
   * Puts the doors of a configuration in force; `zone` is the IANA name for their schedules. The lines stay up unless the wiring itself has changed:
   * then it returns true. After the end it does nothing.
   */
  configure(doors: readonly DoorConfig[], zone: string): boolean {
    if (this.#hasEnded) return false;
    if (!this.#hasStarted) this.#begin();
    const wiring = JSON.stringify(doors.map(wiringOf));
    const isRewired = wiring !== this.#wiring;
    if (isRewired) this.#unwire();
    const wanted = new Set(doors.map(({ entrance }) => entrance));
    for (const entrance of this.#doors.keys()) if (!wanted.has(entrance)) this.#forget(entrance);
    for (const config of doors) this.#door(config, zone).configure(config, zone);
    if (isRewired) this.#wire(doors, wiring);
    this.#changed();
    return isRewired;
  }

  /** Idempotent. */
  stop(): void {
    if (this.#hasStarted && !this.#hasEnded) this.#keepWrongCodes();
    this.#hasEnded = true;
    this.#learning.stop();
    this.#hardware?.stop();
    this.#hardware = undefined;
    this.#wiring = '';
    clearImmediate(this.#telling);
    this.#telling = undefined;
    for (const door of this.#doors.values()) door.stop();
    this.#doors.clear();
  }

  /** True while the hardware of every door answers. */
  isOnline(): boolean {
    const doors = [...this.#doors.keys()];
    return doors.length > 0 && doors.every((entrance) => this.#hardware?.doors.health(entrance).online);
  }

  /** How well each door's hardware answers, since its driver was started. */
  links(): DoorLinkHealth[] {
    return [...this.#doors.values()].map(({ config }) => {
      const { entrance, hardware } = config;
      const { online = false, answers = 0, timeouts = 0 } = this.#hardware?.doors.health(entrance) ?? {};
      return { entrance, driver: hardware.kind, online, exchanges: answers + timeouts, failed: timeouts };
    });
  }

  standings(): DoorStanding[] {
    return [...this.#doors.values()].map((door) => door.standing());
  }

  /** See {@link Admission.openRemotely}. A lockdown is the property manager's own: it refuses a resident's phone. */
  async openRemotely({ entrance, by }: RemoteOrder, command: string, notAfterMono: number): Promise<RemoteOpening> {
    const door = this.#doors.get(entrance);
    if (!door) return { opened: false, reason: 'wrong-entrance' };
    if (by === 'resident' && door.mode === 'lockdown') return { opened: false, reason: 'lockdown' };
    const row = await this.#admission.openRemotely(door, command, notAfterMono);
    return row ? { opened: true, row } : { opened: false, reason: 'door-offline' };
  }

  /** Light and sound at every reader, so that an installer finds this terminal. */
  identify(): void {
    for (const entrance of this.#doors.keys()) this.#hardware?.readers.feedback(entrance, 'granted', identifyLightMs);
  }

  /** Opens the pairing window of the entrance's devices, or says why not. What comes of it is told by `reader` rows. */
  pairReaders(entrance: string): KeyRefusal | null {
    const until = this.#parts.clock.mono() + pairingWindowMs;
    return this.#changeKeys(entrance, (readers) => readers.pair(entrance, until));
  }

  /** Begins to give each paired device of the entrance a fresh key. */
  rotateKeys(entrance: string): KeyRefusal | null {
    return this.#changeKeys(entrance, (readers) => readers.rotateKeys(entrance));
  }

  /**
   * Resolves with the next card at the entrance's readers that does not open the door, or with the reason why there is none. One that a reader could not
   * read is held to it again.
   */
  async learnCard(entrance: string): Promise<CardLearning> {
    const { access } = this.#parts;
    const reason = this.#noLearning(entrance);
    if (reason) return { learned: false, reason };
    this.#hardware?.readers.feedback(entrance, 'awaiting-card', learningWindowMs);
    const card = await this.#learning.begin(entrance);
    if (!card) return { learned: false, reason: 'no-card' };
    const tag = access()?.tagOf(card);
    if (!tag) return { learned: false, reason: 'no-list' };
    return { learned: true, card: { ...tag, format: card.format, last4: card.last4 } };
  }

  #noLearning(entrance: string): Exclude<CardLearning, { learned: true }>['reason'] | undefined {
    if (!this.#parts.access()) return 'no-list';
    if (this.#learning.isOpen(entrance)) return 'busy';
    return this.#noReaders(entrance) ?? (this.#hardware?.readers.wires(entrance).length ? undefined : 'no-reader');
  }

  #changeKeys(entrance: string, begin: (readers: DoorHardware['readers']) => boolean): KeyRefusal | null {
    const readers = this.#hardware?.readers;
    const reason = this.#noReaders(entrance);
    if (!readers || reason) return reason ?? 'wrong-entrance';
    if (!begin(readers)) return 'no-reader';
    this.#changed();
    return null;
  }

  /** Why nothing can be asked of the entrance's readers, if it has any. */
  #noReaders(entrance: string): KeyRefusal | undefined {
    const readers = this.#hardware?.readers;
    if (!readers || !this.#doors.has(entrance)) return 'wrong-entrance';
    const wires = readers.wires(entrance);
    return wires.length > 0 && wires.every(({ wire }) => wire === 'offline') ? 'door-offline' : undefined;
  }

  /** What stood when the program ended is over, unless the hardware tells it again; what wrong codes cost goes on. */
  #begin(): void {
    this.#hasStarted = true;
    const { store, clock } = this.#parts;
    const leftOver = store.snapshot.values.get(valueKeys.standingAlarms);
    if (leftOver !== undefined) this.#alarms.endLeftOver(leftOver);
    const wrongCodes = store.snapshot.values.get(valueKeys.wrongCodes);
    if (wrongCodes !== undefined) this.#wrongCodes.restore(wrongCodes, clock.mono());
    this.#phones.start(clock.mono());
  }

  #door(config: DoorConfig, zone: string): Door {
    const { entrance } = config;
    const door = this.#doors.get(entrance) ?? new Door(this.#ports, config, zone);
    this.#doors.set(entrance, door);
    return door;
  }

  #forget(entrance: string): void {
    this.#doors.get(entrance)?.stop();
    this.#doors.delete(entrance);
    this.#alarms.endAll(entrance);
  }

  #unwire(): void {
    this.#hardware?.stop();
    this.#hardware = undefined;
    for (const door of this.#doors.values()) door.forgetWires();
  }

  #wire(doors: readonly DoorConfig[], wiring: string): void {
    this.#wiring = wiring;
    this.#hardware = this.#parts.newHardware(
      doors,
      hardwareListeners({
        ports: this.#ports,
        doorAt: (entrance) => this.#doors.get(entrance),
        admission: this.#admission,
        entry: this.#entry,
      }),
    );
    this.#hardware.start();
  }

  /** The key that opens a door leaves at the end of its turn: nothing that can wait is done before. */
  #changed(): void {
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined;
      this.#parts.onChange();
    });
  }

  /** What cannot be written is told in the log; the door goes on. */
  #write(entry: JournalEntry): void {
    this.#parts.journal.append(entry).catch((error: unknown) => {
      this.#parts.log.error(
        { err: error, stream: entry.stream, kind: entry.kind },
        'a journal row could not be written',
      );
    });
  }

  #keepWrongCodes(): void {
    this.#keptWrongCodes.keep(() => this.#wrongCodes.text(this.#parts.clock.mono()));
  }

  #keepAlarms(text: string): void {
    this.#parts.store.setValue(valueKeys.standingAlarms, text).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'the standing alarms could not be kept');
    });
  }
}
