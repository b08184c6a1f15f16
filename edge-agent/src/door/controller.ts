import { DomainError, newId, type Clock } from '@gatecast/firmware-protocol';
import type { ClockQuality, DoorConfig, Refusal } from '@gatecast/firmware-protocol/messages';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { Store } from '../store/store.ts';
import { unbillableReason } from './billable.ts';
import { decide, type AccessView } from './decide.ts';
import { alarmEntry, openedEntry, refusedEntry, type Alarm, type Passing } from './door-entries.ts';
import type { DoorDriver, DoorEvent, Released } from './door-driver.ts';
import type { DoorListener } from './door-listener.ts';
import { expectLeaf, forgetInputs, isForced, newDoorState, stopTimers, type DoorState } from './door-state.ts';
import type { CredentialRecord } from './list-index.ts';
import { RecentCredentials } from './recent-credentials.ts';
import { emptyBuffer, keyGapMsMax, typeKey, type Typed } from './typed-code.ts';
import { WrongCodes } from './wrong-codes.ts';

export interface DoorControllerParts {
  readonly clock: Clock;
  readonly clockQuality: () => ClockQuality;
  readonly journal: Pick<Journal, 'append' | 'appended' | 'draft'>;
  readonly store: Pick<Store, 'snapshot' | 'useCredential'>;
  readonly listener: DoorListener;
  /** The list in force, or null before the first. */
  readonly access: () => AccessView | null;
  /** The hardware of a door has begun or ceased to answer. */
  readonly onHealth: () => void;
  readonly newDriver: (doors: readonly DoorConfig[], onEvent: (event: DoorEvent) => void) => DoorDriver;
  readonly log: { error(facts: object, message: string): void; info(facts: object, message: string): void };
}

/** What became of a remote opening: the row that tells it, or why not. */
export type RemoteOpening =
  | { readonly opened: true; readonly row: JournalEntry }
  | { readonly opened: false; readonly reason: Refusal };

const refusedLightMs = 1_000;
const identifyLightMs = 5_000;

/** Drives the doors of one terminal: who may come in, the lock, the contact, the alarms. Needs nothing but this machine. */
export class DoorController {
  readonly #parts: DoorControllerParts;
  readonly #doors = new Map<string, DoorState>();
  readonly #wrongCodes = new WrongCodes();
  readonly #recent = new RecentCredentials();
  #driver: DoorDriver | undefined;
  #wiring = '';

  constructor(parts: DoorControllerParts) {
    this.#parts = parts;
  }

  /** Puts the doors of a configuration in force. The line stays up unless the wiring itself has changed: then it returns true. */
  configure(doors: readonly DoorConfig[]): boolean {
    const wiring = JSON.stringify(
      doors.map((d) => [d.entrance, d.osdpAddress, d.lockOutput, d.contactInput, d.exitInput, d.fireInput]),
    );
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
    this.#driver?.stop();
    this.#driver = this.#parts.newDriver(doors, (event) => this.#hear(event));
    this.#driver.start();
    return true;
  }

  stop(): void {
    this.#driver?.stop();
    this.#driver = undefined;
    this.#wiring = '';
    for (const entrance of this.#doors.keys()) this.#forget(entrance);
  }

  /** True while the hardware of every door answers. */
  isOnline(): boolean {
    const doors = [...this.#doors.keys()];
    return doors.length > 0 && doors.every((entrance) => this.#driver?.isOnline(entrance));
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
    for (const entrance of this.#doors.keys()) this.#driver?.feedback(entrance, 'granted', identifyLightMs);
  }

  #forget(entrance: string): void {
    const door = this.#doors.get(entrance);
    if (door) stopTimers(door);
    this.#doors.delete(entrance);
  }

  #hear(event: DoorEvent): void {
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
      case 'contact':
        return this.#contact(door, event.open, event.isFirst);
      case 'exit':
        return this.#exit(door);
      case 'fire':
        door.fire = event.active;
        return this.#write({ stream: 'door', kind: 'fire', body: { entrance: event.entrance, active: event.active } });
      case 'tamper':
        return this.#alarm(door, 'tamper');
      case 'online':
        this.#alarm(door, event.online ? 'door-online' : 'door-offline');
        return this.#parts.onHealth();
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
    if (!this.#driver?.isOnline(entrance)) return this.#refuse(door, via, 'door-offline', credential);
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
  async #release(door: DoorState, passing: Passing, notAfterMono?: number): Promise<Released> {
    const { clock, listener } = this.#parts;
    const { entrance, pulseMs } = passing;
    const order = this.#driver?.open(entrance, pulseMs, notAfterMono);
    const [startedAt, startedMono] = [clock.now(), clock.mono()];
    expectLeaf(door, startedMono, pulseMs);
    const released = (await order) ?? 'no';
    if (released !== 'yes') return released;
    this.#driver?.feedback(entrance, 'granted', pulseMs);
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
    this.#driver?.feedback(entrance, 'refused', refusedLightMs);
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
