import { InvariantError } from '@gatecast/firmware-protocol';
import { personClass, type AccessList, type Credential, type PersonClass } from '@gatecast/firmware-protocol/messages';

/** One credential as the door looks at it. */
export interface CredentialRecord {
  readonly id: string;
  readonly person: PersonClass;
  /** Null: every entrance of this terminal. */
  readonly entrances: readonly string[] | null;
  /** UTC milliseconds; half-open. */
  readonly from: number | null;
  readonly to: number | null;
  readonly uses: number | null;
  readonly openMs: number | null;
  /** What a lift releases for it. */
  readonly floors: readonly number[] | 'all';
  /** Typed under threat: opens as usual, and the property is told. */
  readonly duress: boolean;
  readonly epoch: number;
  readonly tag: Uint8Array;
  readonly denied: boolean;
}

/**
 * An access list made ready for look-ups in flat memory, so that it moves between threads without a copy and costs the event loop nothing,
 * however many credentials it holds.
 */
export interface PackedList {
  readonly records: ArrayBuffer;
  /** Record numbers of `code` credentials by tag, and of `unit-pin` credentials by unit. */
  readonly byTag: Uint32Array<ArrayBuffer>;
  readonly byUnit: Uint32Array<ArrayBuffer>;
  readonly entranceSets: readonly (readonly string[])[];
  readonly floorSets: readonly (readonly number[])[];
  readonly pinKeys: AccessList['pinKeys'];
}

const stride = 96;
const at = {
  tag: 0,
  id: 32,
  denied: 58,
  person: 59,
  entrances: 60,
  open: 62,
  from: 64,
  to: 72,
  uses: 80,
  epoch: 84,
  unit: 88,
  floors: 92,
  duress: 94,
};
const tagBytes = 32;
const idBytes = 26;
/** In place of a set's number: every entrance, all floors. */
const everything = 0xffff;
const openStepMs = 100;

/** Units are told apart by their digits, leading zeros included: `12` is not `012`. */
const unitNumber = (unit: string): number => unit.length * 1_000_000 + Number(unit);

/** The buffers to hand over with a packed list. */
export const transferable = (list: PackedList): ArrayBuffer[] => [list.records, list.byTag.buffer, list.byUnit.buffer];

/** Takes some 100 ms for 20,000 credentials: for a worker thread. */
export function packList(list: AccessList): PackedList {
  const records = Buffer.from(new ArrayBuffer(list.credentials.length * stride));
  const denied = new Set(list.deny);
  const sets = { entrances: new NumberedSets<string>(), floors: new NumberedSets<number>() };
  list.credentials.forEach((credential, n) =>
    writeRecord(records.subarray(n * stride, (n + 1) * stride), credential, sets, denied.has(credential.id)),
  );
  const numbers = (kind: Credential['kind']) => list.credentials.flatMap((c, n) => (c.kind === kind ? [n] : []));
  const tagOf = (n: number) => records.subarray(n * stride, n * stride + tagBytes);
  const unitOf = (n: number) => records.readUInt32LE(n * stride + at.unit);
  return {
    records: records.buffer,
    byTag: Uint32Array.from(numbers('code').sort((a, b) => Buffer.compare(tagOf(a), tagOf(b)))),
    byUnit: Uint32Array.from(numbers('unit-pin').sort((a, b) => unitOf(a) - unitOf(b))),
    entranceSets: sets.entrances.all,
    floorSets: sets.floors.all,
    pinKeys: list.pinKeys,
  };
}

/** Most credentials share one of a few sets of entrances and floors: a record holds the set's number. */
class NumberedSets<T extends string | number> {
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

function writeRecord(record: Buffer, credential: Credential, sets: RecordSets, denied: boolean): void {
  const { entrances, floors } = credential;
  record.write(credential.tag, at.tag, tagBytes, 'base64url');
  record.write(credential.id, at.id, idBytes, 'latin1');
  record.writeUInt8(denied ? 1 : 0, at.denied);
  record.writeUInt8(personClass.options.indexOf(credential.person), at.person);
  record.writeUInt16LE(entrances === null ? everything : sets.entrances.numberOf(entrances), at.entrances);
  record.writeUInt16LE((credential.openMs ?? 0) / openStepMs, at.open);
  record.writeDoubleLE(credential.from ?? Number.NaN, at.from);
  record.writeDoubleLE(credential.to ?? Number.NaN, at.to);
  record.writeUInt32LE(credential.uses ?? 0, at.uses);
  record.writeUInt32LE(credential.epoch, at.epoch);
  record.writeUInt32LE(credential.kind === 'unit-pin' ? unitNumber(credential.unit) : 0, at.unit);
  record.writeUInt16LE(floors === 'all' ? everything : sets.floors.numberOf(floors), at.floors);
  record.writeUInt8(credential.duress ? 1 : 0, at.duress);
}

export interface ListIndex {
  readonly size: number;
  byUnit(unit: string): readonly CredentialRecord[];
  byTag(tag: Uint8Array): CredentialRecord | undefined;
}

/** Look-ups in a packed list: a binary search, and only the records found are read. */
export function openList(list: PackedList): ListIndex {
  const records = Buffer.from(list.records);
  const read = (n: number) => readRecord(records.subarray(n * stride, (n + 1) * stride), list);
  return {
    size: records.length / stride,
    byUnit(unit) {
      const wanted = unitNumber(unit);
      const unitAt = (place: number) => records.readUInt32LE(numberAt(list.byUnit, place) * stride + at.unit);
      const found: CredentialRecord[] = [];
      const first = lowerBound(list.byUnit.length, (place) => unitAt(place) < wanted);
      for (let place = first; place < list.byUnit.length && unitAt(place) === wanted; place += 1) {
        found.push(read(numberAt(list.byUnit, place)));
      }
      return found;
    },
    byTag(tag) {
      const order = (place: number) => {
        const start = numberAt(list.byTag, place) * stride;
        return records.compare(tag, 0, tagBytes, start, start + tagBytes);
      };
      const place = lowerBound(list.byTag.length, (candidate) => order(candidate) < 0);
      return place < list.byTag.length && order(place) === 0 ? read(numberAt(list.byTag, place)) : undefined;
    },
  };
}

const numberAt = (order: Uint32Array, place: number): number => order[place] ?? 0;

/** The first of `length` places that is not `below`. */
function lowerBound(length: number, below: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (below(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readRecord(record: Buffer, { entranceSets, floorSets }: PackedList): CredentialRecord {
  const limit = (offset: number) => {
    const value = record.readDoubleLE(offset);
    return Number.isNaN(value) ? null : value;
  };
  const set = record.readUInt16LE(at.entrances);
  const floorSet = record.readUInt16LE(at.floors);
  return {
    id: record.toString('latin1', at.id, at.id + idBytes).replace(/\0+$/, ''),
    person: personOf(record.readUInt8(at.person)),
    entrances: set === everything ? null : (entranceSets[set] ?? []),
    from: limit(at.from),
    to: limit(at.to),
    uses: record.readUInt32LE(at.uses) || null,
    openMs: record.readUInt16LE(at.open) * openStepMs || null,
    floors: floorSet === everything ? 'all' : (floorSets[floorSet] ?? []),
    duress: record.readUInt8(at.duress) === 1,
    epoch: record.readUInt32LE(at.epoch),
    tag: record.subarray(at.tag, at.tag + tagBytes),
    denied: record.readUInt8(at.denied) === 1,
  };
}

function personOf(number: number): PersonClass {
  const person = personClass.options[number];
  if (!person) throw new InvariantError(`no class of person has the number ${number}`);
  return person;
}
