import type { AccessList, Credential } from '@gatecast/firmware-protocol/messages';
import {
  idBytes,
  idOf,
  NumberedSets,
  readRecord,
  recordKeys,
  stride,
  unitNumber,
  writeRecord,
  type PackedSets,
} from './packed-record.ts';
import type { CredentialRecord } from './right.ts';

/**
 * An access list made ready for look-ups in flat memory, so that it moves between threads without a copy and costs the event loop nothing,
 * however many credentials it holds.
 */
export interface PackedList {
  readonly records: ArrayBuffer;
  /** Record numbers of codes and cards by tag, of `unit-pin` credentials by unit, and of all by id. */
  readonly byTag: Uint32Array<ArrayBuffer>;
  readonly byUnit: Uint32Array<ArrayBuffer>;
  readonly byId: Uint32Array<ArrayBuffer>;
  /** Ids, sorted. */
  readonly denied: ArrayBuffer;
  readonly sets: PackedSets;
  /** Of those who opted in, each once. */
  readonly pseudonyms: readonly string[];
  readonly rest: Pick<AccessList, 'zone' | 'pinKeys' | 'schedules' | 'holidays' | 'passes'>;
}

/** The buffers to hand over with a packed list. */
export const transferable = ({ records, byTag, byUnit, byId, denied }: PackedList): ArrayBuffer[] => [
  records,
  byTag.buffer,
  byUnit.buffer,
  byId.buffer,
  denied,
];

/** Takes some 100 ms for 20,000 credentials: for a worker thread. */
export function packList(list: AccessList): PackedList {
  const { credentials, zone, pinKeys, schedules, holidays, passes } = list;
  const records = Buffer.from(new ArrayBuffer(credentials.length * stride));
  const sets = { entrances: new NumberedSets<string>(), floors: new NumberedSets<number>() };
  credentials.forEach((credential, n) => writeRecord(records.subarray(n * stride, (n + 1) * stride), credential, sets));
  const sorted = (kinds: readonly Credential['kind'][], order: (a: number, b: number) => number) =>
    Uint32Array.from(credentials.flatMap(({ kind }, n) => (kinds.includes(kind) ? [n] : [])).sort(order));
  const { compareTags, compareIds, unit } = recordKeys;
  return {
    records: records.buffer,
    byTag: sorted(['code', 'card'], (a, b) => compareTags(records, a, b)),
    byUnit: sorted(['unit-pin'], (a, b) => unit(records, a) - unit(records, b)),
    byId: sorted(['unit-pin', 'code', 'card', 'phone'], (a, b) => compareIds(records, a, b)),
    denied: packIds(list.deny),
    sets: { entrances: sets.entrances.all, floors: sets.floors.all },
    pseudonyms: [...new Set(credentials.flatMap(({ pseudonym }) => pseudonym ?? []))],
    rest: { zone, pinKeys, schedules, holidays, passes },
  };
}

function packIds(ids: readonly string[]): ArrayBuffer {
  const packed = Buffer.from(new ArrayBuffer(ids.length * idBytes));
  [...ids].sort().forEach((id, n) => packed.write(id, n * idBytes, idBytes, 'latin1'));
  return packed.buffer;
}

/** The ids that a packed list refuses. */
export function deniedBy({ denied }: Pick<PackedList, 'denied'>): string[] {
  const packed = Buffer.from(denied);
  return Array.from({ length: packed.length / idBytes }, (_, n) =>
    idOf(packed.subarray(n * idBytes, (n + 1) * idBytes)),
  );
}

export interface ListIndex {
  readonly size: number;
  byUnit(unit: string): readonly CredentialRecord[];
  /** Those of the kind that have this tag. */
  byTag(kind: 'code' | 'card', tag: Uint8Array): readonly CredentialRecord[];
  byId(id: string): CredentialRecord | undefined;
  isDenied(id: string): boolean;
}

/** Look-ups in a packed list: a binary search, and only the records found are read. `denied` are refused beside those that the list itself refuses. */
export function openList(list: PackedList, denied: ReadonlySet<string> = new Set()): ListIndex {
  const records = Buffer.from(list.records);
  const refused = Buffer.from(list.denied);
  const isDenied = (id: string) => denied.has(id) || isAmong(refused, idKey(id));
  const read = (n: number): CredentialRecord => {
    const record = readRecord(records.subarray(n * stride, (n + 1) * stride), list.sets);
    return { ...record, denied: isDenied(record.id) };
  };
  const { unit: unitAt, toTag, toId } = recordKeys;
  return {
    size: records.length / stride,
    byUnit(unit) {
      const wanted = unitNumber(unit);
      return equal(list.byUnit, (n) => unitAt(records, n) - wanted).map(read);
    },
    byTag: (kind, tag) => equal(list.byTag, (n) => toTag(records, n, kind, tag)).map(read),
    byId(id) {
      const wanted = idKey(id);
      return equal(list.byId, (n) => toId(records, n, wanted)).map(read)[0];
    },
    isDenied,
  };
}

/** Ids that are longer than any id are found nowhere. */
const idKey = (id: string): Buffer => {
  const key = Buffer.alloc(idBytes);
  if (id.length <= idBytes) key.write(id, 'latin1');
  return key;
};

function isAmong(ids: Buffer, wanted: Uint8Array): boolean {
  const order = (place: number) => ids.compare(wanted, 0, idBytes, place * idBytes, (place + 1) * idBytes);
  const count = ids.length / idBytes;
  const place = lowerBound(count, (candidate) => order(candidate) < 0);
  return place < count && order(place) === 0;
}

/** The record numbers of a sorted index that are equal to what is looked for: `order` is below 0 for those before it. */
function equal(index: Uint32Array, order: (n: number) => number): number[] {
  const at = (place: number) => index[place] ?? 0;
  const found: number[] = [];
  const first = lowerBound(index.length, (place) => order(at(place)) < 0);
  for (let place = first; place < index.length && order(at(place)) === 0; place += 1) found.push(at(place));
  return found;
}

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
