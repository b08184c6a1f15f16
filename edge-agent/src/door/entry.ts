import { newId } from '@gatecast/firmware-protocol';
import type { Refusal, Via } from '@gatecast/firmware-protocol/messages';
import type { Store } from '../store/store.ts';
import type { Admission } from './admission.ts';
import { decide, type AccessView, type Decision } from './decide.ts';
import { alarmEntry, refusedEntry } from './door-entries.ts';
import type { DoorPorts } from './door-ports.ts';
import type { Door } from './door.ts';
import type { CredentialRecord } from './list-index.ts';
import type { Typed } from './typed-code.ts';
import { WrongCodes } from './wrong-codes.ts';

export interface EntryParts {
  readonly ports: DoorPorts;
  /** The list in force, or null before the first. */
  readonly access: () => AccessView | null;
  readonly store: Pick<Store, 'snapshot'>;
  readonly admission: Pick<Admission, 'admit'>;
}

type Side = 'entry' | 'exit';

interface Refused {
  readonly via: Via;
  readonly side: Side;
  readonly reason: Refusal;
  readonly credential?: CredentialRecord | null;
}

const refusedLightMs = 1_000;

/** What people do at the readers: typed codes are decided, cards and QR codes are not known yet. */
export class Entry {
  readonly #parts: EntryParts;
  readonly #wrongCodes = new WrongCodes();

  constructor(parts: EntryParts) {
    this.#parts = parts;
  }

  press(door: Door, side: Side, keys: string): void {
    door.keypads[side].press(keys, this.#parts.ports.clock.mono(), (typed) => this.#enter(door, side, typed));
  }

  present(door: Door, side: Side, via: 'card' | 'qr'): void {
    const unknown = via === 'card' ? 'unknown-card' : 'unknown-qr';
    this.#refuse(door, { via, side, reason: isLockedDown(door, side) ? 'lockdown' : unknown });
  }

  /** From here to the line nothing waits, unless the credential's uses are counted. */
  #enter(door: Door, side: Side, typed: Typed): void {
    const { ports, admission } = this.#parts;
    const list = this.#parts.access();
    const via = typed.kind === 'unit-pin' ? 'pin' : 'code';
    const decision = this.#decide(door, side, typed, list);
    const { credential } = decision;
    if (decision.open) {
      this.#wrongCodes.right(decision.lane);
      const passing = {
        via,
        side,
        credential,
        list: list?.version ?? null,
        command: null,
        touch: newId('touch'),
      } as const;
      void admission.admit(door, passing).then((admitted) => {
        if (admitted !== 'yes') this.#refuse(door, { via, side, reason: admitted, credential });
      });
    } else {
      this.#refuse(door, { via, side, reason: decision.reason, credential });
      this.#noteWrong(door, decision);
    }
    // Nothing at the door may tell this from an ordinary entry.
    if (credential?.duress) ports.write(momentary(door, 'duress', credential));
  }

  #decide(door: Door, side: Side, typed: Typed, list: AccessView | null): Decision {
    const { ports, store } = this.#parts;
    const { clock } = ports;
    return decide({
      list,
      typed,
      entrance: door.config.entrance,
      now: clock.now(),
      clock: ports.clockQuality(),
      usesOf: (credential) => store.snapshot.uses.get(credential) ?? 0,
      isLocked: (lane) => this.#wrongCodes.isLocked(lane, clock.mono()),
      isLockedDown: isLockedDown(door, side),
    });
  }

  #noteWrong(door: Door, { wrongIn }: Extract<Decision, { open: false }>): void {
    const { clock, write } = this.#parts.ports;
    if (wrongIn && this.#wrongCodes.wrong(wrongIn, clock.mono())) write(momentary(door, 'wrong-codes'));
  }

  #refuse(door: Door, { via, side, reason, credential = null }: Refused): void {
    const { hardware, listener, write } = this.#parts.ports;
    const { entrance } = door.config;
    hardware()?.readers.feedback(entrance, reason === 'lockdown' ? 'locked-down' : 'refused', refusedLightMs);
    if (side === 'entry') listener.refused(entrance, reason);
    const list = this.#parts.access()?.version ?? null;
    write(refusedEntry({ entrance, via, reason, list, credential: credential?.id ?? null }));
  }
}

/** A lockdown keeps people out, never in. */
const isLockedDown = (door: Door, side: Side): boolean => door.mode === 'lockdown' && side === 'entry';

/** An alarm about a moment, which nothing ends. */
const momentary = (door: Door, alarm: 'duress' | 'wrong-codes', credential?: CredentialRecord) =>
  alarmEntry({
    entrance: door.config.entrance,
    alarm,
    active: true,
    ...(credential && { credential: credential.id }),
  });
