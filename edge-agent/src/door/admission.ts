import { DomainError, newId, type DurationMs, type Id, type InstantMs } from '@gatecast/firmware-protocol';
import type { Via } from '@gatecast/firmware-protocol/messages';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-writer.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { unbillableReason } from './billable.ts';
import { openWithinMs, type Obeyed } from './door-controller.ts';
import { alarmEntry, exitEntry, openedEntry, type Opened } from './door-entries.ts';
import { eventAt } from './door-listener.ts';
import type { DoorPorts } from './door-ports.ts';
import type { Door } from './door.ts';
import { callLift, tellsArrival } from './lift-call.ts';
import { Passback } from './passback.ts';
import { RecentCredentials } from './recent-credentials.ts';
import type { Right } from './right.ts';

export interface AdmissionParts {
  readonly ports: DoorPorts;
  readonly journal: Pick<Journal, 'appended' | 'draft'>;
  readonly store: Pick<Store, 'snapshot' | 'useCredential' | 'returnUse'>;
  readonly log: Pick<Log, 'error'>;
}

/** Somebody who may pass. */
export interface Passing {
  readonly via: Via;
  readonly side: 'entry' | 'exit';
  readonly credential: Right | null;
  /** Version of the list that decided. */
  readonly list: number | null;
  readonly command: string | null;
  readonly touch: Id<'touch'>;
}

export type Admitted = 'yes' | 'door-offline' | 'used-up' | 'cannot-commit';

interface Order {
  readonly obeyed: Obeyed;
  readonly startedAt: InstantMs;
  readonly startedMono: DurationMs;
}

/** Lets people pass: the order to the lock or the lift, and what follows when the hardware has obeyed. */
export class Admission {
  readonly #parts: AdmissionParts;
  readonly #recent = new RecentCredentials();
  readonly #passback = new Passback();

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /**
   * Relay first, journal after; a credential whose uses are counted, or whose time begins with its first use, is committed before. The order has left when
   * this returns its promise.
   */
  admit(door: Door, passing: Passing): Promise<Admitted> {
    const { credential } = passing;
    return credential && this.#isCounted(credential)
      ? this.#admitCounted(door, passing, credential)
      : this.#admitAtOnce(door, passing);
  }

  /**
   * For a command whose receipt is on the disk and that opens nothing after `notAfterMono`; the row is the caller's to write, together with the
   * command's end. Undefined: the hardware is not there. It opens in a lockdown too: the property manager, who signs it, is who locked the door.
   */
  async openRemotely(door: Door, command: string, notAfterMono: number): Promise<JournalEntry | undefined> {
    const passing: Passing = {
      via: 'remote',
      side: 'entry',
      credential: null,
      list: null,
      command,
      touch: newId('touch'),
    };
    const obeyed = await this.#letPass(door, passing, notAfterMono);
    return obeyed === 'no' ? undefined : openedEntry(told(door, passing), obeyed === 'yes');
  }

  /** The hardware has opened by itself; the agent only takes note. */
  noteExit(door: Door): void {
    const { clock, write } = this.#parts.ports;
    const { entrance, openMs } = door.config;
    door.letPass('exit', openMs);
    const passing = { via: 'exit', side: 'exit', credential: null, list: null, command: null } as const;
    const order = { obeyed: 'yes', startedAt: clock.now(), startedMono: clock.mono() } as const;
    this.#beginTouch(door, { ...passing, touch: newId('touch') }, order, null);
    write(exitEntry(entrance));
  }

  #isCounted({ countedAs, uses, firstUse }: Right): boolean {
    const isFirst = (this.#parts.store.snapshot.uses.get(countedAs)?.firstUsedAt ?? null) === null;
    return uses !== null || (firstUse !== null && isFirst);
  }

  async #admitAtOnce(door: Door, passing: Passing): Promise<Admitted> {
    const obeyed = await this.#letPass(door, passing);
    if (obeyed === 'no') return 'door-offline';
    this.#parts.ports.write(openedEntry(told(door, passing), obeyed === 'yes'));
    return 'yes';
  }

  /**
   * The use is on the disk before the relay moves: a pass for one opening never opens twice, whatever happens in between. A disk that takes too long opens
   * for nobody, and a use that surely opened nothing is given back.
   */
  async #admitCounted(door: Door, passing: Passing, { countedAs: credential, uses, to }: Right): Promise<Admitted> {
    const { journal, store, ports, log } = this.#parts;
    const notAfterMono = ports.clock.mono() + openWithinMs;
    const isOnline = ports.hardware()?.doors.health(door.config.entrance).online ?? false;
    if (!isOnline) return 'door-offline';
    try {
      const row = journal.draft(openedEntry(told(door, passing), true));
      await store.useCredential({ credential, usesMax: uses, at: ports.clock.now(), keepUntil: to, row });
    } catch (error) {
      if (error instanceof DomainError && error.code === 'used-up') return 'used-up';
      log.error({ err: error }, 'a counted pass could not be committed');
      return 'cannot-commit';
    }
    journal.appended();
    if ((await this.#letPass(door, passing, notAfterMono)) !== 'no') return 'yes';
    await store.returnUse(credential).catch((error: unknown) => {
      log.error({ err: error }, 'the use of a pass that opened nothing could not be given back');
    });
    return 'door-offline';
  }

  async #letPass(door: Door, passing: Passing, notAfterMono?: number): Promise<Obeyed> {
    const { clock } = this.#parts.ports;
    const pulseMs = pulseOf(door, passing);
    const ordered = this.#order(door, passing, pulseMs, notAfterMono);
    const [startedAt, startedMono] = [clock.now(), clock.mono()];
    const takeBack = door.letPass('release', pulseMs);
    const order = { obeyed: await ordered, startedAt, startedMono };
    if (order.obeyed === 'no') takeBack();
    else this.#passed(door, passing, order, pulseMs);
    return order.obeyed;
  }

  #order(door: Door, { credential }: Passing, pulseMs: number, notAfterMono?: number): Promise<Obeyed> {
    const { clock, hardware } = this.#parts.ports;
    const { entrance, lift } = door.config;
    const ways = hardware();
    if (!ways || clock.mono() > (notAfterMono ?? Number.POSITIVE_INFINITY)) return Promise.resolve('no');
    if (lift) return callLift(ways.lifts, entrance, credential?.floors ?? []);
    return door.isHeld ? door.keeper.renewHold() : ways.doors.open(entrance, pulseMs, notAfterMono);
  }

  /** A touch begins when the hardware has confirmed the order; where its answer is missing, nothing is sold. */
  #passed(door: Door, passing: Passing, order: Order, pulseMs: number): void {
    const { credential, side } = passing;
    const { entrance, placement } = door.config;
    const { hardware, write } = this.#parts.ports;
    const sinceLastMs = credential ? this.#recent.opened(credential.id, order.startedMono) : null;
    if (order.obeyed === 'yes') {
      hardware()?.readers.feedback(entrance, 'granted', pulseMs);
      this.#beginTouch(door, passing, order, sinceLastMs);
    }
    if (!credential || !watchesPassback(door)) return;
    if (!this.#passback.passed(placement, credential.id, side)) return;
    write(alarmEntry({ entrance, alarm: 'passback', active: true, credential: credential.id }));
  }

  #beginTouch(door: Door, passing: Passing, { startedAt, startedMono }: Order, sinceLastMs: number | null): void {
    const { entrance, placement } = door.config;
    const { via, side, credential, touch } = passing;
    const person = credential?.person ?? null;
    const isFree = door.mode === 'free-passage';
    const unbillable = unbillableReason({ via, person, side, sinceLastMs, fire: door.isOnFire, isFree });
    this.#parts.ports.listener.opened({
      touch,
      entrance,
      placement,
      event: eventAt(door.config),
      unbillable,
      // A child has none of them, whatever a list says.
      pseudonym: person === 'resident' ? (credential?.pseudonym ?? null) : null,
      group: person === 'resident' ? (credential?.group ?? null) : null,
      noticeName: person === 'resident' ? (credential?.noticeName ?? null) : null,
      startedAt,
      startedMono,
      tellsArrival: tellsArrival(door.config),
    });
  }
}

const watchesPassback = ({ config }: Door): boolean =>
  config.antiPassback && config.readers.some(({ side }) => side === 'exit');

const pulseOf = ({ config }: Door, { credential }: Passing): number => credential?.openMs ?? config.openMs;

function told(door: Door, passing: Passing): Opened {
  const { via, credential, list, command, touch } = passing;
  const { entrance } = door.config;
  const [person, id] = [credential?.person ?? null, credential?.id ?? null];
  return { entrance, via, person, list, command, pulseMs: pulseOf(door, passing), credential: id, touch };
}
