import { InvariantError } from '@gatecast/firmware-protocol';
import {
  credential as credentialSchema,
  ownGroup,
  personClass,
  type Credential,
} from '@gatecast/firmware-protocol/messages';
import type { CredentialRecord } from './right.ts';

/** Bytes of one credential, the same for all. */
export const stride = 152;
export const tagBytes = 32;
export const idBytes = 26;
const at = {
  tag: 0,
  id: 32,
  kind: 58,
  person: 59,
  entrances: 60,
  open: 62,
  from: 64,
  to: 72,
  uses: 80,
  epoch: 84,
  unit: 88,
  floors: 92,
  schedule: 94,
  firstBy: 96,
  /** Six bytes: eight thousand years of milliseconds. */
  firstLasts: 104,
  flags: 112,
  pseudonym: 113,
  noticeName: 129,
} as const;
/** Of a name at random; all zero stands for none, which is as likely as any other one of 2^128. */
const nameBytes = 16;
const flag = { duress: 1, odd: 2 } as const;
/** Above the flags in their byte: the group's number from 1 on; 0 is none. */
const groupShift = 2;
/** In place of a set's number: every entrance, all floors, at all hours. */
const everything = 0xffff;
const openStepMs = 100;
/** More uses than this are as good as any number, and no key has such an epoch. */
const numberMax = 0xffff_ffff;
/** A place that no list of schedules has: such a credential opens at no hour. */
const noSchedule = everything - 1;

const kinds = credentialSchema.options.map(({ shape }) => shape.kind.value);

/** Sets of entrances and floors, which most credentials share with others: a record holds a set's number. */
export interface PackedSets {
  readonly entrances: readonly (readonly string[])[];
  readonly floors: readonly (readonly number[])[];
}

/** Gives equal sets the same number. */
export class NumberedSets<T extends string | number> {
  readonly all: (readonly T[])[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(set: readonly T[]): number {
    const name = set.join();
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.all.length);
    return this.all.push(set) - 1;
  }
}

interface RecordSets {
  readonly entrances: NumberedSets<string>;
  readonly floors: NumberedSets<number>;
}

/** Units are told apart by their digits, leading zeros included: `12` is not `012`. */
export const unitNumber = (unit: string): number => unit.length * 1_000_000 + Number(unit);

const scheduleNumber = (schedule: number | null): number =>
  schedule === null ? everything : Math.min(schedule, noSchedule);

export function writeRecord(record: Buffer, credential: Credential, sets: RecordSets): void {
  const { entrances, floors, firstUse } = credential;
  const isPhone = credential.kind === 'phone';
  record.write(isPhone ? credential.x : credential.tag, at.tag, tagBytes, 'base64url');
  record.write(credential.id, at.id, idBytes, 'latin1');
  record.writeUInt8(kinds.indexOf(credential.kind), at.kind);
  record.writeUInt8(personClass.options.indexOf(credential.person), at.person);
  record.writeUInt16LE(entrances === null ? everything : sets.entrances.numberOf(entrances), at.entrances);
  record.writeUInt16LE((credential.openMs ?? 0) / openStepMs, at.open);
  record.writeDoubleLE(credential.from ?? Number.NaN, at.from);
  record.writeDoubleLE(credential.to ?? Number.NaN, at.to);
  record.writeUInt32LE(Math.min(credential.uses ?? 0, numberMax), at.uses);
  record.writeUInt32LE(isPhone ? 0 : Math.min(credential.epoch, numberMax), at.epoch);
  record.writeUInt32LE(credential.kind === 'unit-pin' ? unitNumber(credential.unit) : 0, at.unit);
  record.writeUInt16LE(floors === 'all' ? everything : sets.floors.numberOf(floors), at.floors);
  record.writeUInt16LE(scheduleNumber(credential.schedule), at.schedule);
  record.writeDoubleLE(firstUse?.by ?? Number.NaN, at.firstBy);
  record.writeDoubleLE(firstUse?.lastsMs ?? Number.NaN, at.firstLasts);
  record.writeUInt8(flagsOf(credential), at.flags);
  record.write(credential.pseudonym ?? '', at.pseudonym, nameBytes, 'base64url');
  record.write(credential.noticeName ?? '', at.noticeName, nameBytes, 'base64url');
}

function flagsOf(credential: Credential): number {
  const isOdd = credential.kind === 'phone' && credential.odd;
  const group = credential.group === undefined ? 0 : ownGroup.options.indexOf(credential.group) + 1;
  return (credential.duress ? flag.duress : 0) | (isOdd ? flag.odd : 0) | (group << groupShift);
}

/** `denied` is not in the record: it is the list's to say. */
export function readRecord(record: Buffer, sets: PackedSets): Omit<CredentialRecord, 'denied'> {
  const set = record.readUInt16LE(at.entrances);
  const floorSet = record.readUInt16LE(at.floors);
  const schedule = record.readUInt16LE(at.schedule);
  const flags = record.readUInt8(at.flags);
  const id = idOf(record.subarray(at.id, at.id + idBytes));
  return {
    kind: named(kinds, record.readUInt8(at.kind)),
    id,
    countedAs: id,
    person: named(personClass.options, record.readUInt8(at.person)),
    entrances: set === everything ? null : (sets.entrances[set] ?? []),
    from: limit(record, at.from),
    to: limit(record, at.to),
    uses: record.readUInt32LE(at.uses) || null,
    openMs: record.readUInt16LE(at.open) * openStepMs || null,
    floors: floorSet === everything ? 'all' : (sets.floors[floorSet] ?? []),
    duress: (flags & flag.duress) !== 0,
    schedule: schedule === everything ? null : schedule,
    firstUse: firstUseOf(record),
    epoch: record.readUInt32LE(at.epoch),
    tag: record.subarray(at.tag, at.tag + tagBytes),
    isOdd: (flags & flag.odd) !== 0,
    pseudonym: nameAt(record, at.pseudonym),
    group: ownGroup.options[(flags >> groupShift) - 1] ?? null,
    noticeName: nameAt(record, at.noticeName),
  };
}

function nameAt(record: Buffer, offset: number): string | null {
  const bytes = record.subarray(offset, offset + nameBytes);
  return bytes.some((byte) => byte !== 0) ? bytes.toString('base64url') : null;
}

/** An id in its {@link idBytes}, filled up with zeros. */
export const idOf = (bytes: Buffer): string => bytes.toString('latin1').replace(/\0+$/, '');

function firstUseOf(record: Buffer): CredentialRecord['firstUse'] {
  const by = limit(record, at.firstBy);
  const lastsMs = limit(record, at.firstLasts);
  return by === null && lastsMs === null ? null : { by, lastsMs };
}

function limit(record: Buffer, offset: number): number | null {
  const value = record.readDoubleLE(offset);
  return Number.isNaN(value) ? null : value;
}

function named<T>(names: readonly T[], number: number): T {
  const name = names[number];
  if (name === undefined) throw new InvariantError(`a packed list names the ${number}th of ${names.length}`);
  return name;
}

/** What records are sorted and looked up by: the kind and then the tag, the unit, or the id. */
export const recordKeys = {
  compareTags: (records: Buffer, a: number, b: number): number =>
    records.readUInt8(a * stride + at.kind) - records.readUInt8(b * stride + at.kind) ||
    records.compare(records, b * stride, b * stride + tagBytes, a * stride, a * stride + tagBytes),
  /** Of the record `n` to a tag of that kind. */
  toTag: (records: Buffer, n: number, kind: Credential['kind'], tag: Uint8Array): number =>
    records.readUInt8(n * stride + at.kind) - kinds.indexOf(kind) ||
    records.compare(tag, 0, tagBytes, n * stride, n * stride + tagBytes),
  unit: (records: Buffer, n: number): number => records.readUInt32LE(n * stride + at.unit),
  compareIds: (records: Buffer, a: number, b: number): number => {
    const [startA, startB] = [a * stride + at.id, b * stride + at.id];
    return records.compare(records, startB, startB + idBytes, startA, startA + idBytes);
  },
  toId: (records: Buffer, n: number, id: Uint8Array): number =>
    records.compare(id, 0, idBytes, n * stride + at.id, n * stride + at.id + idBytes),
} as const;
