import { newId } from '@gatecast/firmware-protocol';
import type { Refusal, Via } from '@gatecast/firmware-protocol/messages';
import { readCard as cardOf } from '@gatecast/firmware-protocol/pass';
import type { Store } from '../store/store.ts';
import { typedWithoutList, type AccessView } from './access.ts';
import type { Admission } from './admission.ts';
import { decide, type Decision } from './decide.ts';
import { alarmEntry, refusedEntry } from './door-entries.ts';
import type { DoorPorts } from './door-ports.ts';
import type { Door } from './door.ts';
import { HelpCalls } from './help-calls.ts';
import type { Learning } from './learning.ts';
import type { PhoneCounters } from './phone-counters.ts';
import { unreadable, type Presented } from './presented.ts';
import type { Right } from './right.ts';
import type { Typed } from './typed-code.ts';
import type { WrongCodes } from './wrong-codes.ts';

export interface EntryParts {
  readonly ports: DoorPorts;
  /** The list in force, or null before the first. */
  readonly access: () => AccessView | null;
  readonly store: Pick<Store, 'snapshot'>;
  readonly admission: Pick<Admission, 'admit'>;
  readonly wrongCodes: WrongCodes;
  /** What wrong codes cost is not what it was. Called after the order to the lock. */
  readonly wrongCodesChanged: () => void;
  readonly phones: PhoneCounters;
  readonly learning: Learning;
}

type Side = 'entry' | 'exit';

/** Something shown at a reader of a door. */
interface Shown {
  readonly door: Door;
  readonly side: Side;
  readonly via: Via;
  readonly presented: Presented;
}

interface Refused extends Omit<Shown, 'presented'> {
  readonly reason: Refusal;
  readonly credential?: Right | null;
}

/** Card bits as the reader sent them. */
interface CardRead {
  readonly bitCount: number;
  readonly bits: Uint8Array;
}

const refusedLightMs = 1_000;
const notedLightMs = 2_000;

/** What people do at the readers, decided and carried out. */
export class Entry {
  readonly #parts: EntryParts;
  readonly #helpCalls = new HelpCalls();

  constructor(parts: EntryParts) {
    this.#parts = parts;
  }

  press(door: Door, side: Side, keys: string): void {
    door.keypads[side].press(keys, this.#parts.ports.clock.mono(), (entered) => {
      if (entered.kind === 'help') this.#callHelp(door, side);
      else this.#enter(door, side, entered);
    });
  }

  /** Whoever may pass is let in, also while a card is to be learned: theirs is not the new one. */
  readCard(door: Door, side: Side, { bitCount, bits }: CardRead): void {
    const list = this.#parts.access();
    const presented: Presented = list ? list.card(bitCount, bits) : { kind: 'card', named: [] };
    const shown = { door, side, via: 'card', presented } as const;
    if (this.#parts.learning.isOpen(door.config.entrance) && !this.#decide(shown).open)
      this.#learn(door, { bitCount, bits });
    else this.#settle(shown);
  }

  /** The text of a QR code. */
  readCode(door: Door, side: Side, text: string): void {
    const presented = this.#parts.access()?.qr(text) ?? unreadable('unknown-qr');
    this.#settle({ door, side, via: 'qr', presented });
  }

  #enter(door: Door, side: Side, typed: Typed): void {
    const list = this.#parts.access();
    const presented = list ? list.typed(typed, this.#parts.ports.clock.now()) : typedWithoutList(typed);
    const via = typed.kind === 'unit-pin' ? 'pin' : 'code';
    const { wrongCodes, ports } = this.#parts;
    const isSlowed = wrongCodes.isSlowed(laneOf(door, side), ports.clock.mono());
    const decision = this.#settle({ door, side, via, presented });
    // What had to wait was not looked at.
    if (!isSlowed) this.#count(door, side, decision);
  }

  /** From here to the line nothing waits, unless the credential's uses are counted. */
  #settle(shown: Shown): Decision {
    const decision = this.#decide(shown);
    const { credential } = decision;
    if (decision.open) this.#admit(shown, decision.credential);
    else this.#refuse({ ...shown, reason: decision.reason, credential });
    // Nothing at the door may tell this from an ordinary entry.
    if (credential?.duress) this.#parts.ports.write(momentary(shown.door, 'duress', credential));
    return decision;
  }

  #decide({ door, side, presented }: Shown): Decision {
    const { ports, store, wrongCodes, phones } = this.#parts;
    const [now, mono] = [ports.clock.now(), ports.clock.mono()];
    const readerLane = laneOf(door, side);
    return decide({
      hours: this.#parts.access()?.hours ?? null,
      presented,
      entrance: door.config.entrance,
      readerLane,
      now,
      clock: ports.clockQuality(),
      usesOf: (countedAs) => store.snapshot.uses.get(countedAs),
      counterOf: (phone) => phones.counterOf(phone),
      phoneStepMin: phones.stepMin(now, mono),
      isLocked: (lane) => wrongCodes.isLocked(lane, mono),
      isSlowed: wrongCodes.isSlowed(readerLane, mono),
      isLockedDown: isLockedDown(door, side),
    });
  }

  #admit({ door, side, via, presented }: Shown, credential: Right): void {
    const { admission, phones, ports } = this.#parts;
    const giveBack = presented.kind === 'phone' ? phones.take(credential.id, presented.counter) : undefined;
    const list = this.#parts.access()?.version ?? null;
    const passing = { via, side, credential, list, command: null, touch: newId('touch') } as const;
    void admission.admit(door, passing).then((admitted) => {
      if (presented.kind === 'phone' && admitted === 'yes') phones.keep(credential.id, presented.counter);
      if (admitted === 'yes') {
        // Whoever may pass whatever the door’s mode is must never do it unseen.
        if (credential.person === 'emergency') ports.write(momentary(door, 'break-glass', credential));
        return;
      }
      giveBack?.();
      this.#refuse({ door, side, via, reason: admitted, credential });
    });
  }

  /** What was typed counts, after the door has heard of it. */
  #count(door: Door, side: Side, decision: Decision): void {
    const { ports, wrongCodes, wrongCodesChanged } = this.#parts;
    const mono = ports.clock.mono();
    const isGuess = !decision.open && decision.isGuess;
    const wrongIn = decision.open ? null : decision.wrongIn;
    const alarms = wrongCodes.tried({ reader: laneOf(door, side), isGuess, wrongIn }, mono);
    const isForgiven = decision.open && decision.lane !== null && wrongCodes.right(decision.lane);
    if (isGuess || isForgiven) wrongCodesChanged();
    for (const alarm of alarms) ports.write(momentary(door, alarm));
  }

  /** A card that cannot be read is held to the reader again. */
  #learn(door: Door, { bitCount, bits }: CardRead): void {
    const card = cardOf(bitCount, bits);
    const { entrance } = door.config;
    this.#parts.ports.hardware()?.readers.feedback(entrance, card ? 'noted' : 'refused', notedLightMs);
    if (card) this.#parts.learning.take(entrance, card);
  }

  /** The screen stands outside: who calls from inside is not told there. */
  #callHelp(door: Door, side: Side): void {
    const { hardware, listener, write, clock } = this.#parts.ports;
    const { entrance } = door.config;
    hardware()?.readers.feedback(entrance, 'noted', notedLightMs);
    if (side === 'entry') listener.help(entrance);
    if (this.#helpCalls.isNew(entrance, clock.mono())) write(momentary(door, 'help'));
  }

  #refuse({ door, via, side, reason, credential = null }: Refused): void {
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

const laneOf = (door: Door, side: Side): string => `reader ${door.config.entrance} ${side}`;

/** An alarm about a moment, which nothing ends. */
const momentary = (
  door: Door,
  alarm: 'duress' | 'wrong-codes' | 'code-storm' | 'help' | 'break-glass',
  credential?: Right,
) =>
  alarmEntry({
    entrance: door.config.entrance,
    alarm,
    active: true,
    ...(credential && { credential: credential.id }),
  });
