import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { cardPreimage, codePreimage, passCodeCredential, pinPreimage } from '@gatecast/firmware-protocol/messages';
import { codeKeyPurpose, pinKeyPurpose, publicKeyOf, unseal, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import {
  decodePassCode,
  hourOf,
  isOncePass,
  passCodeNo,
  passEpoch,
  passWindowMs,
  readCard,
  readPhoneCode,
  readSignedPass,
  type Card,
  type PassClaims,
  type PassPrf,
  type PassWindow,
} from '@gatecast/firmware-protocol/pass';
import type { AccessHours } from './access-hours.ts';
import { openList, type ListIndex, type PackedList } from './list-index.ts';
import { unreadable, type Presented } from './presented.ts';
import type { CredentialRecord, Right } from './right.ts';
import { isIssued, isOfPhone } from './signatures.ts';
import type { Typed } from './typed-code.ts';

/** The access list in force, with its keys opened: it says whom something names that is shown at a reader, and not yet whether they may pass. */
export interface AccessView {
  readonly version: number;
  readonly hours: AccessHours;
  /** Of all who opted in. */
  readonly pseudonyms: ReadonlySet<string>;
  /** `now`: UTC ms, for pass codes, which mean nothing without an hour. A few HMACs; nothing waits. */
  typed(typed: Typed, now: number): Presented;
  /** Bits as the reader sent them. */
  card(bitCount: number, bits: Uint8Array): Presented;
  /** A signed pass or a phone's code. One signature is checked, in under 2 ms. */
  qr(text: string): Presented;
  /** How lists know a card that is not on this one: its tag under the newest key; undefined for a list without keys. */
  tagOf(card: Card): CardTag | undefined;
}

export interface CardTag {
  readonly epoch: number;
  /** base64url. */
  readonly tag: string;
}

/** What takes the list's keys to do. */
interface Keys {
  /** By epoch. */
  readonly pin: ReadonlyMap<number, KeyObject>;
  /** By the week that pass codes begin in. */
  readonly code: ReadonlyMap<number, PassPrf>;
  readonly issuers: readonly KeyObject[];
}

/**
 * `denied` are credentials that a newer list, which could not be applied, locks out. Throws DomainError `cannot-unseal` if a key was not sealed to this
 * terminal.
 */
export function openAccess(
  version: number,
  list: PackedList,
  sealing: RawKeyPair,
  denied: ReadonlySet<string> = new Set(),
): AccessView {
  const { zone, schedules, holidays } = list.rest;
  const keys = openKeys(list, sealing);
  const index = openList(list, denied);
  const passes = passReader(list, index, keys);
  return {
    version,
    hours: { zone, schedules, holidays: new Set(holidays) },
    pseudonyms: new Set(list.pseudonyms),
    typed: (typed, now) => presentTyped(typed, index, keys, (code) => passes.ofCode(code, now)),
    card(bitCount, bits) {
      const card = readCard(bitCount, bits);
      return card ? { kind: 'card', named: byTag(index, keys, 'card', cardPreimage(card.text)) } : unknownCard;
    },
    qr: (text) => passes.ofText(text) ?? phoneOf(text, index) ?? unreadable('unknown-qr'),
    tagOf(card) {
      const epoch = Math.max(...keys.pin.keys());
      const key = keys.pin.get(epoch);
      return key && { epoch, tag: hmac(key, cardPreimage(card.text)).toString('base64url') };
    },
  };
}

const unknownCard = unreadable('unknown-card');

/** What was typed, before there is any list to ask. */
export function typedWithoutList(typed: Typed): Presented {
  if (typed.kind === 'unit-pin') return { kind: 'pin', unit: typed.unit, isUnitKnown: false, named: [] };
  return typed.kind === 'code' ? { kind: 'code', named: [], passes: null } : unreadable('bad-format');
}

/** With a key object: bytes as a key take five times as long, which is most of a look-up. */
const hmac = (key: KeyObject, message: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(message).digest();

function openKeys({ rest: { pinKeys, passes } }: PackedList, sealing: RawKeyPair): Keys {
  const open = (purpose: string, sealed: string) => createSecretKey(unseal(sealing, purpose, sealed));
  const pin = pinKeys.map(({ epoch, sealed }) => [epoch, open(pinKeyPurpose(epoch), sealed)] as const);
  const code = (passes?.codeKeys ?? []).map(({ epoch, sealed }): [number, PassPrf] => {
    const key = open(codeKeyPurpose(epoch), sealed);
    return [epoch, (message) => hmac(key, message)];
  });
  const issuers = (passes?.issuers ?? []).map(({ publicKey }) => publicKeyOf('ed25519', publicKey));
  return { pin: new Map(pin), code: new Map(code), issuers };
}

function presentTyped(
  typed: Typed,
  index: ListIndex,
  keys: Keys,
  passesOf: (code: string) => readonly Right[] | null,
): Presented {
  if (typed.kind === 'bad-format') return unreadable('bad-format');
  if (typed.kind === 'code') {
    const named = byTag(index, keys, 'code', codePreimage(typed.code));
    if (named.length === 0) return { kind: 'code', named, passes: passesOf(typed.code) };
    return { kind: 'code', named: named.map((right) => countedAsPass(right, typed.code, passesOf)), passes: null };
  }
  const known = index.byUnit(typed.unit);
  const named = known.filter((credential) => isPinOf(credential, typed.pin, keys));
  return { kind: 'pin', unit: typed.unit, isUnitKnown: known.length > 0, named };
}

/**
 * A pass that the list names may have been used before the list did: its uses are those of its digits. That they stand for a pass is not enough, as digits of
 * any code may by chance: it has to be this one's window.
 */
function countedAsPass(right: Right, code: string, passesOf: (code: string) => readonly Right[] | null): Right {
  if (right.uses === null) return right;
  const same = passesOf(code)?.find(({ from, to }) => from === right.from && to === right.to);
  return same ? { ...right, countedAs: same.countedAs } : right;
}

function isPinOf({ id, epoch, tag }: CredentialRecord, pin: string, keys: Keys): boolean {
  const key = keys.pin.get(epoch);
  return key !== undefined && timingSafeEqual(hmac(key, pinPreimage(id, pin)), tag);
}

const byTag = (index: ListIndex, keys: Keys, kind: 'code' | 'card', preimage: string): CredentialRecord[] =>
  [...keys.pin].flatMap(([epoch, key]) =>
    index.byTag(kind, hmac(key, preimage)).filter((each) => each.epoch === epoch),
  );

function phoneOf(text: string, index: ListIndex): Presented | undefined {
  const code = readPhoneCode(text);
  const phone = code && index.byId(code.credential);
  if (!phone || phone.kind !== 'phone') return undefined;
  if (!isOfPhone(code, phone)) return unreadable('bad-signature');
  return { kind: 'phone', right: phone, step: code.step, counter: code.counter };
}

/** Passes that no list has to name: by the keys of the weeks, and by the issuers' signatures. */
function passReader({ rest: { passes } }: PackedList, index: ListIndex, keys: Keys) {
  const deniedCodes = new Set(passes?.denyCodes);
  const entrancesOf = (doors: readonly number[] | null) =>
    doors && (passes?.doors ?? []).filter(({ no }) => doors.includes(no)).map(({ entrance }) => entrance);
  return {
    /** What a typed code stands for at this hour; null for what is no pass code. */
    ofCode(code: string, now: number): readonly Right[] | null {
      if (keys.code.size === 0 || !/^[0-9]{9,10}$/.test(code)) return null;
      const hour = hourOf(now);
      // No such pass lasts longer than the week that its key is for.
      return [passEpoch(hour), passEpoch(hour) - 1].flatMap((epoch) => {
        const key = keys.code.get(epoch);
        const window = key && decodePassCode(code, hour, key);
        return window && passEpoch(window.startHour) === epoch ? [codeRight(window, deniedCodes)] : [];
      });
    },
    /** A genuine pass that is on the list too is what the list says of it, and its uses are those of its typed code, if it has one. */
    ofText(text: string): Presented | undefined {
      const pass = readSignedPass(text);
      if (!pass) return undefined;
      if (!isIssued(pass, keys.issuers)) return unreadable('bad-signature');
      const { claims } = pass;
      const { id, doors, codeNo } = claims;
      const denied = index.isDenied(id) || (codeNo !== null && deniedCodes.has(codeNo));
      const right = index.byId(id) ?? passRight(claims, entrancesOf(doors), denied);
      return { kind: 'pass', right: codeNo === null ? right : { ...right, countedAs: passCodeCredential(codeNo) } };
    },
  };
}

/** What a pass does not say of itself. */
const plain = {
  openMs: null,
  floors: [],
  duress: false,
  schedule: null,
  firstUse: null,
  pseudonym: null,
  group: null,
  noticeName: null,
} as const;

function codeRight(window: PassWindow, deniedCodes: ReadonlySet<number>): Right {
  const no = passCodeNo(window);
  const { from, to } = passWindowMs(window);
  const uses = isOncePass(window) ? 1 : null;
  const denied = deniedCodes.has(no);
  const id = passCodeCredential(no);
  return { ...plain, id, countedAs: id, person: 'visitor', entrances: null, from, to, uses, denied };
}

function passRight(claims: PassClaims, entrances: readonly string[] | null, denied: boolean): Right {
  const { id, person, from, to, uses } = claims;
  return { ...plain, id, countedAs: id, person, entrances, from, to, uses, denied };
}
