import { DomainError, newId, type Clock } from '@gatecast/firmware-protocol';
import type { ClockQuality, DoorConfig, Refusal } from '@gatecast/firmware-protocol/messages';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { Store } from '../store/store.ts';
import { unbillableReason } from './billable.ts';
import { decide, type AccessView } from './decide.ts';
import { alarmEntry, openedEntry, refusedEntry, type Alarm, type Passing } from './door-entries.ts';
import type { HardwareEvent, Obeyed, ReaderEvent } from './door-controller.ts';
import type { DoorListener } from './door-listener.ts';
import type { DoorHardware } from './hardware.ts';
import { expectLeaf, forgetInputs, isForced, newDoorState, stopTimers, type DoorState } from './door-state.ts';
import type { CredentialRecord } from './list-index.ts';
import { RecentCredentials } from './recent-credentials.ts';
import { emptyBuffer, keyGapMsMax, typeKey, type Typed } from './typed-code.ts';
import { WrongCodes } from './wrong-codes.ts';

export interface DoorkeeperParts {
  readonly clock: Clock;
  readonly clockQuality: () => ClockQuality;
  readonly journal: Pick<Journal, 'append' | 'appended' | 'draft'>;
  readonly store: Pick<Store, 'snapshot' | 'useCredential'>;
  readonly listener: DoorListener;
  /** The list in force, or null before the first. */
  readonly access: () => AccessView | null;
  /** The hardware of a door has begun or ceased to answer. */
  readonly onHealth: () => void;
  readonly newHardware: (doors: readonly DoorConfig[], listeners: HardwareListeners) => DoorHardware;
  readonly log: { error(facts: object, message: string): void; info(facts: object, message: string): void };
}

export interface HardwareListeners {
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onReader: (event: ReaderEvent) => void;
}

/** What became of a remote opening: the row that tells it, or why not. */
export type RemoteOpening =
  | { readonly opened: true; readonly row: JournalEntry }
  | { readonly opened: false; readonly reason: Refusal };

const refusedLightMs = 1_000;
const identifyLightMs = 5_000;

/** Drives the doors of one terminal: who may come in, the lock, the contact, the alarms. Needs nothing but this machine. */
export class Doorkeeper {
  readonly #parts: DoorkeeperParts;
  readonly #doors = new Map<string, DoorState>();
  readonly #wrongCodes = new WrongCodes();
  readonly #recent = new RecentCredentials();
  #hardware: DoorHardware | undefined;
  #wiring = '';

  constructor(parts: DoorkeeperParts) {
    this.#parts = parts;
  }

  /** Puts the doors of a configuration in force. The line stays up unless the wiring itself has changed: then it returns true. */
  configure(doors: readonly DoorConfig[]): boolean {
    const wiring = JSON.stringify(doors.map((door) => [door.entrance, door.hardware, door.readers, door.lift]));
    const gone = new Set(this.#doors.keys());
    for (const config of doors) {
      gone.delete(config.entrance);
      const known = this.#doors.get(config.entrance);
      if (known) known.config = config;
      else this.#doors.set(config.entrance, newDoorState(config));
    }
    for (const entrance of gone) this.#forget(entrance);
    if (wiring === this.#wiring) return false;
    this.#wiring = wiring;
    for (const door of this.#doors.values()) forgetInputs(door);
    this.#hardware?.stop();
    this.#hardware = this.#parts.newHardware(doors, {
      onHardware: (event) => this.#hear(event),
      onReader: (event) => this.#read(event),
    });
    this.#hardware.start();
    return true;
  }

  stop(): void {
    this.#hardware?.stop();
    this.#hardware = undefined;
    this.#wiring = '';
    for (const entrance of this.#doors.keys()) this.#forget(entrance);
  }

  /** True while the hardware of every door answers. */
  isOnline(): boolean {
    const doors = [...this.#doors.keys()];
    return doors.length > 0 && doors.every((entrance) => this.#hardware?.doors.health(entrance).online);
  }

  /**
   * For a command whose receipt is on the disk and that opens nothing after `notAfterMono`. The row is the caller's to write, together with
   * the command's end.
   */
  async openRemotely(entrance: string, command: string, notAfterMono: number): Promise<RemoteOpening> {
    const door = this.#doors.get(entrance);
    if (!door) return { opened: false, reason: 'wrong-entrance' };
    const passing = this.#passing(door, { via: 'remote', command, pulseMs: door.config.openMs });
    const released = await this.#release(door, passing, notAfterMono);
    if (released === 'no') return { opened: false, reason: 'door-offline' };
    return { opened: true, row: openedEntry(passing, released === 'yes') };
  }

  /** Light and sound at every reader, so that an installer finds this terminal. */
  identify(): void {
    for (const entrance of this.#doors.keys()) this.#hardware?.readers.feedback(entrance, 'granted', identifyLightMs);
  }

  #forget(entrance: string): void {
    const door = this.#doors.get(entrance);
    if (door) stopTimers(door);
    this.#doors.delete(entrance);
  }

  #read(event: ReaderEvent): void {
    const door = this.#doors.get(event.entrance);
    if (!door) return;
    switch (event.type) {
      case 'keys':
        for (const key of event.keys) this.#key(door, key);
        return this.#showTyping(door);
      case 'card':
        return this.#refuse(door, 'card', 'unknown-card');
      case 'qr':
        return this.#refuse(door, 'qr', 'unknown-qr');
      default:
        return undefined;
    }
  }

  #hear(event: HardwareEvent): void {
    const door = this.#doors.get(event.entrance);
    if (!door) return;
    switch (event.type) {
      case 'contact':
        return this.#contact(door, event.open, event.isFirst);
      case 'exit':
        return this.#exit(door);
      case 'fire':
        door.fire = event.active;
        return this.#write({ stream: 'door', kind: 'fire', body: { entrance: event.entrance, active: event.active } });
      case 'tamper':
        return event.active ? this.#alarm(door, 'tamper') : undefined;
      case 'online':
        this.#alarm(door, event.online ? 'door-online' : 'door-offline');
        return this.#parts.onHealth();
      default:
        return undefined;
    }
  }

  #key(door: DoorState, key: string): void {
    const { buffer, entered } = typeKey(door.typed, key, this.#parts.clock.mono());
    door.typed = buffer;
    if (entered) this.#enter(door, entered);
  }

  #showTyping(door: DoorState): void {
    const { listener } = this.#parts;
    listener.typing(door.config.entrance, door.typed.keys.length);
    clearTimeout(door.typingTimer);
    if (door.typed.keys === '') return;
    door.typingTimer = setTimeout(() => {
      door.typed = emptyBuffer;
      listener.typing(door.config.entrance, 0);
    }, keyGapMsMax);
  }

  /** From here to the line nothing waits, unless the credential's uses are counted. */
  #enter(door: DoorState, typed: Typed): void {
    const { clock, store } = this.#parts;
    const list = this.#parts.access();
    const via = typed.kind === 'unit-pin' ? 'pin' : 'code';
    const decision = decide({
      list,
      typed,
      entrance: door.config.entrance,
      now: clock.now(),
      clock: this.#parts.clockQuality(),
      usesOf: (credential) => store.snapshot.uses.get(credential) ?? 0,
      isLocked: (lane) => this.#wrongCodes.isLocked(lane, clock.mono()),
    });
    if (!decision.open) {
      this.#refuse(door, via, decision.reason, decision.credential);
      if (decision.wrongIn && this.#wrongCodes.wrong(decision.wrongIn, clock.mono())) this.#alarm(door, 'wrong-codes');
      return;
    }
    this.#wrongCodes.right(decision.lane);
    const { credential } = decision;
    const passing = this.#passing(door, {
      via,
      credential,
      pulseMs: credential.openMs ?? door.config.openMs,
      list: list?.version ?? null,
    });
    if (credential.uses === null) this.#admit(door, passing);
    else void this.#admitCounted(door, passing, credential.uses);
  }

  /** Relay first, journal after. */
  #admit(door: DoorState, passing: Passing): void {
    void this.#release(door, passing).then((released) => {
      if (released === 'no') this.#refuse(door, passing.via, 'door-offline', passing.credential);
      else this.#write(openedEntry(passing, released === 'yes'));
    });
  }

  /** The use is on the disk before the relay moves: a pass for one opening never opens twice, whatever happens in between. */
  async #admitCounted(door: DoorState, passing: Passing, usesMax: number): Promise<void> {
    const { journal, store } = this.#parts;
    const { entrance, via, credential } = passing;
    if (!this.#hardware?.doors.health(entrance).online) return this.#refuse(door, via, 'door-offline', credential);
    try {
      const row = journal.draft(openedEntry(passing, true));
      await store.useCredential({ credential: credential ?? '', usesMax, row });
    } catch (error) {
      const usedUp = error instanceof DomainError && error.code === 'used-up';
      if (!usedUp) this.#parts.log.error({ err: error }, 'a counted pass could not be committed');
      return this.#refuse(door, via, usedUp ? 'used-up' : 'cannot-commit', credential);
    }
    journal.appended();
    if ((await this.#release(door, passing)) === 'no') this.#refuse(door, via, 'door-offline', credential);
  }

  /** The driver has the order when this returns its promise; a touch begins when the hardware has confirmed it. */
  async #release(door: DoorState, passing: Passing, notAfterMono?: number): Promise<Obeyed> {
    const { clock, listener } = this.#parts;
    const { entrance, pulseMs } = passing;
    const order = this.#hardware?.doors.open(entrance, pulseMs, notAfterMono);
    const [startedAt, startedMono] = [clock.now(), clock.mono()];
    expectLeaf(door, startedMono, pulseMs);
    const released = (await order) ?? 'no';
    if (released !== 'yes') return released;
    this.#hardware?.readers.feedback(entrance, 'granted', pulseMs);
    const { touch, unbillable } = passing;
    listener.opened({ touch, entrance, placement: door.config.placement, unbillable, startedAt, startedMono });
    return released;
  }

  #passing(
    door: DoorState,
    how: Pick<Passing, 'via' | 'pulseMs'> & {
      readonly credential?: CredentialRecord;
      readonly list?: number | null;
      readonly command?: string;
    },
  ): Passing {
    const { via, pulseMs, credential, list = null, command = null } = how;
    const person = credential?.person ?? null;
    const sinceLastMs = credential ? this.#recent.opened(credential.id, this.#parts.clock.mono()) : null;
    return {
      entrance: door.config.entrance,
      via,
      person,
      credential: credential?.id ?? null,
      list,
      command,
      pulseMs,
      unbillable: unbillableReason({ via, person, sinceLastMs, fire: door.fire }),
      touch: newId('touch'),
    };
  }

  #refuse(door: DoorState, via: Passing['via'], reason: Refusal, credential: string | null = null): void {
    const { entrance } = door.config;
    this.#hardware?.readers.feedback(entrance, 'refused', refusedLightMs);
    this.#parts.listener.refused(entrance, reason);
    this.#write(refusedEntry({ entrance, via, reason, list: this.#parts.access()?.version ?? null, credential }));
  }

  #contact(door: DoorState, open: boolean, isFirst: boolean): void {
    const { entrance, heldOpenMs } = door.config;
    const { clock, listener } = this.#parts;
    listener.contact(entrance, open);
    this.#write({ stream: 'door', kind: 'contact', body: { entrance, open } });
    clearTimeout(door.heldTimer);
    if (!open) return;
    if (!isFirst && isForced(door, clock.mono())) this.#alarm(door, 'forced');
    door.heldTimer = setTimeout(() => this.#alarm(door, 'held-open'), heldOpenMs);
  }

  /** The hardware has opened by itself; the agent only takes note. */
  #exit(door: DoorState): void {
    const { entrance, openMs, placement } = door.config;
    const { clock, listener } = this.#parts;
    expectLeaf(door, clock.mono(), openMs);
    const { touch, unbillable } = this.#passing(door, { via: 'exit', pulseMs: openMs });
    listener.opened({ touch, entrance, placement, unbillable, startedAt: clock.now(), startedMono: clock.mono() });
    this.#write({ stream: 'door', kind: 'exit', body: { entrance } });
  }

  #alarm(door: DoorState, alarm: Alarm): void {
    this.#write(alarmEntry(door.config.entrance, alarm));
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
}
