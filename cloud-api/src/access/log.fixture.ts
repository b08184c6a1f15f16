import { after, days, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { PersonClass } from '@gatecast/firmware-protocol/messages';
import { placeKey, searchText } from '../communities/place-key.ts';
import type { Store, Tx } from '../platform/db/store.ts';
import type { AccessEvent } from './contract.ts';

/** How big a property company to make. */
export interface LogSize {
  readonly communities: number;
  readonly terminalsPerCommunity: number;
  readonly residentsPerCommunity: number;
  readonly passesPerCommunity: number;
  readonly rows: number;
  /** Over which the rows are spread. */
  readonly days: number;
}

interface SeededResident {
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  readonly unit: string;
}
/** What was made, to ask for. */
export interface SeededCommunity {
  readonly id: string;
  readonly terminals: readonly { readonly id: string; readonly entranceId: string }[];
  readonly residents: readonly SeededResident[];
  readonly passes: readonly { readonly id: string; readonly label: string }[];
}

const batchRows = 20_000;
const surnames = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗');
const givenNames = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰');

/** What happens at a door, with how often among a million. Rare kinds are what an index is for, so some are very rare. */
const happenings: readonly (Pick<AccessEvent, 'kind' | 'via' | 'reason'> & {
  readonly person: PersonClass | null;
  readonly ppm: number;
})[] = [
  { kind: 'opened', via: 'pin', person: 'resident', reason: null, ppm: 480_000 },
  { kind: 'opened', via: 'card', person: 'resident', reason: null, ppm: 270_000 },
  { kind: 'opened', via: 'qr', person: 'resident', reason: null, ppm: 50_000 },
  { kind: 'opened', via: 'remote', person: null, reason: null, ppm: 5_000 },
  { kind: 'opened', via: 'code', person: 'visitor', reason: null, ppm: 40_000 },
  { kind: 'opened', via: 'code', person: 'courier', reason: null, ppm: 20_000 },
  { kind: 'opened', via: 'card', person: 'staff', reason: null, ppm: 5_000 },
  { kind: 'opened', via: 'card', person: 'emergency', reason: null, ppm: 1 },
  { kind: 'exit', via: 'exit', person: null, reason: null, ppm: 80_000 },
  { kind: 'refused', via: 'code', person: null, reason: 'unknown-code', ppm: 30_000 },
  { kind: 'refused', via: 'pin', person: 'resident', reason: 'expired', ppm: 15_000 },
  { kind: 'held-open', via: null, person: null, reason: null, ppm: 4_000 },
  { kind: 'forced', via: null, person: null, reason: null, ppm: 990 },
  { kind: 'fire', via: 'fire', person: null, reason: 'active', ppm: 8 },
  { kind: 'duress', via: null, person: null, reason: null, ppm: 1 },
];

/** Gives a property company years of use, in the order of time. The same seed makes the same town but for the ids. */
export async function seedLog(
  store: Store,
  companyId: string,
  size: LogSize,
  now: InstantMs,
  seed = 7,
): Promise<readonly SeededCommunity[]> {
  const random = randomOf(seed);
  const communities: SeededCommunity[] = [];
  await store.tx(async (q) => {
    for (let i = 0; i < size.communities; i += 1) {
      communities.push(await seedCommunity(q, companyId, size, i, now, random));
    }
  });
  await seedRows(store, communities, size, now, random);
  return communities;
}

async function seedCommunity(
  q: Tx,
  companyId: string,
  size: LogSize,
  index: number,
  createdAt: InstantMs,
  random: () => number,
): Promise<SeededCommunity> {
  const id = newId('community');
  const shares = { familiesPpm: 400_000, commutersPpm: 300_000, elderlyPpm: 100_000 };
  const home = { name: `Court ${index}`, zone: 'Asia/Shanghai', households: size.residentsPerCommunity, ...shares };
  await q.insert(q.t.communities).values({ id, companyId, ...home, createdAt });
  const terminals = Array.from({ length: size.terminalsPerCommunity }, () => ({
    id: newId('terminal'),
    entranceId: newId('entrance'),
  }));
  await q.insertMany(
    q.t.entrances,
    terminals.map(({ entranceId }, n) => ({
      id: entranceId,
      communityId: id,
      name: `Door ${n}`,
      placement: 'unit-door',
    })),
  );
  await q.insertMany(
    q.t.terminals,
    terminals.map(({ id: terminalId, entranceId }, n) => ({
      id: terminalId,
      no: index * size.terminalsPerCommunity + n + 1,
      communityId: id,
      entranceId,
      name: `Screen ${n}`,
      status: 'active',
      epoch: 1,
      openMs: 5_000,
      quietFromMinute: 0,
      quietToMinute: 0,
      volumePercent: 50,
      createdAt,
    })),
  );
  return { id, terminals, ...(await seedPeople(q, id, size, createdAt, random)) };
}

async function seedPeople(q: Tx, communityId: string, size: LogSize, createdAt: InstantMs, random: () => number) {
  const pick = (letters: readonly string[]) => letters[Math.floor(random() * letters.length)] ?? '';
  const residents = Array.from({ length: size.residentsPerCommunity }, (_, n) => ({
    id: newId('resident'),
    credentialId: newId('credential'),
    unitId: newId('unit'),
    building: String(1 + Math.floor(n / 400)),
    unit: `${1 + (Math.floor(n / 8) % 50)}0${1 + (n % 8)}`,
    name: `${pick(surnames)}${pick(givenNames)}${pick(givenNames)}`,
  }));
  await q.insertMany(
    q.t.units,
    residents.map(({ unitId, building, unit }) => ({
      id: unitId,
      communityId,
      building,
      number: unit,
      place: placeKey(building, unit),
    })),
  );
  await q.insertMany(
    q.t.residents,
    residents.map(({ id, unitId, name, building, unit }) => ({
      id,
      communityId,
      unitId,
      name,
      phoneMasked: '138****0000',
      hasPin: true,
      place: placeKey(building, unit),
      searchText: searchText({ name, building, unit, phoneMasked: '138****0000' }),
      createdAt,
    })),
  );
  const passes = Array.from({ length: size.passesPerCommunity }, (_, n) => ({
    id: newId('credential'),
    label: `Visit ${n} ${pick(surnames)}`,
  }));
  const shared = { communityId, epoch: 1, createdAt };
  await q.insertMany(
    q.t.credentials,
    residents.map(({ id: residentId, credentialId, unit }) => ({
      id: credentialId,
      residentId,
      unit,
      kind: 'unit-pin',
      person: 'resident',
      tag: credentialId,
      ...shared,
    })),
  );
  await q.insertMany(
    q.t.credentials,
    passes.map(({ id, label }) => ({
      id,
      label,
      kind: 'code',
      person: 'visitor',
      tag: id,
      from: createdAt,
      to: after(createdAt, days(2)),
      ...shared,
    })),
  );
  return { residents, passes };
}

async function seedRows(
  store: Store,
  communities: readonly SeededCommunity[],
  size: LogSize,
  now: InstantMs,
  random: () => number,
): Promise<void> {
  const sequences = new Map<string, number>();
  const start = now - days(size.days);
  const of = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const row = (n: number) => {
    const community = of(communities);
    const terminal = of(community?.terminals ?? []);
    const { person, ppm: _ppm, ...what } = happening(random() * 1_000_000);
    const isResident = person === 'resident' || what.via === 'remote';
    const resident = isResident ? of(community?.residents ?? []) : undefined;
    const pass = person !== null && !isResident ? of(community?.passes ?? []) : undefined;
    const terminalId = terminal?.id ?? '';
    const seq = (sequences.get(terminalId) ?? 0) + 1;
    sequences.set(terminalId, seq);
    const at = instant(Math.floor(start + (n / size.rows) * days(size.days)));
    return {
      terminalId,
      epoch: 1,
      seq,
      communityId: community?.id ?? '',
      entranceId: terminal?.entranceId ?? '',
      ...what,
      person,
      pulseMs: what.kind === 'opened' ? 5_000 : null,
      at,
      receivedAt: at,
      credentialId: resident?.credentialId ?? pass?.id ?? null,
      residentId: resident?.id ?? null,
      touchId: null,
      salt: (resident ?? pass) ? 'c2FsdA' : null,
    };
  };
  for (let from = 0; from < size.rows; from += batchRows) {
    const rows = Array.from({ length: Math.min(batchRows, size.rows - from) }, (_, n) => row(from + n));
    await store.tx((q) => q.insertMany(q.t.accessEvents, rows));
  }
}

function happening(at: number): (typeof happenings)[number] {
  let left = at;
  for (const one of happenings) {
    left -= one.ppm;
    if (left < 0) return one;
  }
  return happenings[0] as (typeof happenings)[number];
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
