import { createHash } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import {
  credential as credentialSchema,
  ownGroup,
  type AccessList,
  type Credential,
} from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openList, packList } from './list-index.ts';

const tagOf = (text: string) => createHash('sha256').update(text).digest('base64url');
const bytes = (text: string) => Buffer.from(text, 'base64url');
const listOf = (credentials: Credential[], deny: string[] = []): AccessList => ({
  zone: 'Asia/Shanghai',
  pinKeys: [],
  credentials,
  schedules: [],
  holidays: [],
  passes: null,
  deny,
});

const moment = fc.option(fc.integer({ min: 0 }));
const nameAtRandom = fc.option(
  fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .filter((b) => b.some((x) => x > 0))
    .map((b) => Buffer.from(b).toString('base64url')),
  { nil: undefined },
);
const limits = {
  person: fc.constantFrom('visitor' as const, 'resident' as const, 'emergency' as const),
  from: moment,
  to: moment,
  uses: fc.option(fc.integer({ min: 1, max: 1_000 })),
  openMs: fc.option(fc.integer({ min: 5, max: 300 }).map((tenths) => tenths * 100)),
  entrances: fc.option(fc.array(fc.constantFrom('a', 'b', 'c').map((letter) => `entr_${letter.repeat(20)}`))),
  floors: fc.oneof(fc.constant('all' as const), fc.array(fc.integer({ min: -9, max: 199 }), { maxLength: 3 })),
  duress: fc.boolean(),
  pseudonym: nameAtRandom,
  group: fc.option(fc.constantFrom(...ownGroup.options), { nil: undefined }),
  noticeName: nameAtRandom,
  schedule: fc.option(fc.nat({ max: 255 })),
  firstUse: fc.option(
    fc
      .record({ by: moment, lastsMs: fc.option(fc.integer({ min: 1 })) })
      .filter(({ by, lastsMs }) => by !== null || lastsMs !== null),
  ),
};
const shown = fc.oneof(
  fc.record({ kind: fc.constant('unit-pin' as const), unit: fc.stringMatching(/^[0-9]{1,6}$/) }),
  fc.record({ kind: fc.constantFrom('code' as const, 'card' as const) }),
  fc.record({ kind: fc.constant('phone' as const), odd: fc.boolean() }),
);
const drawn = fc.array(fc.tuple(fc.record(limits), shown), { maxLength: 40 });
const credentialOf = ([rest, how]: [object, { kind: string }], n: number): Credential =>
  credentialSchema.parse({
    ...rest,
    ...how,
    id: newId('credential'),
    ...(how.kind === 'phone' ? { x: tagOf(`${n}`) } : { tag: tagOf(`${n}`), epoch: n }),
  });

describe('an access list in flat memory', () => {
  it('gives back every credential as it was, by unit, by tag and by id', () => {
    fc.assert(
      fc.property(drawn, (draws) => {
        const credentials = draws.map(credentialOf);
        const denied = credentials.slice(0, 3).map(({ id }) => id);
        const stranger = newId('credential');
        const packed = packList(listOf(credentials, [...denied, stranger]));
        expect(new Set(packed.pseudonyms)).toEqual(new Set(credentials.flatMap(({ pseudonym }) => pseudonym ?? [])));
        const index = openList(packed);
        for (const wanted of credentials) {
          const found = index.byId(wanted.id);
          const { kind, id, person, from, to, uses, openMs, entrances, floors, duress, schedule, firstUse } = wanted;
          const same = { kind, id, person, from, to, uses, openMs, entrances, floors, duress, schedule, firstUse };
          const { pseudonym = null, group = null, noticeName = null } = wanted;
          const names = { pseudonym, group, noticeName };
          expect(found).toMatchObject({ ...same, ...names, denied: denied.includes(id) });
          if (wanted.kind === 'unit-pin') expect(index.byUnit(wanted.unit)).toContainEqual(found);
          else if (wanted.kind === 'phone') expect(found).toMatchObject({ tag: bytes(wanted.x), isOdd: wanted.odd });
          else expect(index.byTag(wanted.kind, bytes(wanted.tag))).toEqual([found]);
        }
        expect(index.isDenied(stranger)).toBe(true);
        expect(index.isDenied(newId('credential'))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('finds nobody for a tag, a unit or an id that is not on the list', () => {
    const index = openList(packList(listOf([])));
    expect(index.byTag('code', new Uint8Array(32))).toEqual([]);
    expect(index.byUnit('012')).toEqual([]);
    for (const id of [newId('credential'), '', 'x'.repeat(99)]) {
      expect(index.byId(id)).toBeUndefined();
      expect(index.isDenied(id)).toBe(false);
    }
  });

  const of = (part: object): Credential =>
    credentialSchema.parse({
      id: newId('credential'),
      person: 'resident',
      entrances: null,
      from: null,
      to: null,
      uses: null,
      openMs: null,
      epoch: 1,
      tag: tagOf('same'),
      ...part,
    });

  it('tells unit 12 from unit 012', () => {
    const [short, long] = [of({ kind: 'unit-pin', unit: '12' }), of({ kind: 'unit-pin', unit: '012' })];
    const index = openList(packList(listOf([short, long])));
    expect(index.byUnit('12').map(({ id }) => id)).toEqual([short.id]);
    expect(index.byUnit('012').map(({ id }) => id)).toEqual([long.id]);
  });

  it('never takes a code for a card, and knows all that share one', () => {
    const [code, first, second] = [of({ kind: 'code' }), of({ kind: 'card' }), of({ kind: 'card' })];
    const index = openList(packList(listOf([code, first, second])));
    expect(index.byTag('code', bytes(tagOf('same'))).map(({ id }) => id)).toEqual([code.id]);
    const cards = index.byTag('card', bytes(tagOf('same'))).map(({ id }) => id);
    expect(new Set(cards)).toEqual(new Set([first.id, second.id]));
  });

  it('holds numbers that no record has room for, and lets nobody in by them', () => {
    const huge = of({ kind: 'code', schedule: 70_000, epoch: 2 ** 40, uses: 2 ** 40 });
    const [found] = openList(packList(listOf([huge]))).byTag('code', bytes(tagOf('same')));
    expect(found).toMatchObject({ id: huge.id, uses: 0xffff_ffff });
    expect(found?.schedule).toBeGreaterThan(255);
    expect(found?.epoch).not.toBe(2 ** 40);
  });
});
