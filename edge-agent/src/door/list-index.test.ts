import { createHash } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import type { AccessList, Credential } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openList, packList } from './list-index.ts';

const tagOf = (text: string) => createHash('sha256').update(text).digest('base64url');
const listOf = (credentials: Credential[], deny: string[] = []): AccessList => ({
  zone: 'Asia/Shanghai',
  pinKeys: [],
  credentials,
  deny,
});

const credential = fc.record({
  isCode: fc.boolean(),
  unit: fc.stringMatching(/^[0-9]{1,6}$/),
  from: fc.option(fc.integer({ min: 0 })),
  to: fc.option(fc.integer({ min: 0 })),
  uses: fc.option(fc.integer({ min: 1, max: 1_000 })),
  open: fc.option(fc.integer({ min: 5, max: 300 })),
  entrances: fc.option(fc.array(fc.constantFrom('entr_a', 'entr_b', 'entr_c'), { maxLength: 3 })),
  floors: fc.oneof(fc.constant('all' as const), fc.array(fc.integer({ min: -9, max: 199 }), { maxLength: 3 })),
  duress: fc.boolean(),
});

describe('an access list in flat memory', () => {
  it('gives back every credential as it was, by unit and by tag', () => {
    fc.assert(
      fc.property(fc.array(credential, { maxLength: 40 }), (drawn) => {
        const credentials = drawn.map(({ isCode, unit, open, ...rest }, n): Credential => {
          const shared = { ...rest, id: newId('credential'), person: 'visitor' as const, epoch: n, tag: tagOf(`${n}`) };
          const openMs = open === null ? null : open * 100;
          return (
            isCode ? { ...shared, openMs, kind: 'code' } : { ...shared, openMs, kind: 'unit-pin', unit }
          ) as Credential;
        });
        const denied = credentials.slice(0, 3).map((c) => c.id);
        const index = openList(packList(listOf(credentials, denied)));
        for (const wanted of credentials) {
          const { kind, tag, id, person, from, to, uses, openMs, epoch, entrances, floors, duress } = wanted;
          const found =
            kind === 'code'
              ? index.byTag(Buffer.from(tag, 'base64url'))
              : index.byUnit(wanted.unit).find((c) => c.id === id);
          expect(found).toMatchObject({
            id,
            person,
            from,
            to,
            uses,
            openMs,
            epoch,
            entrances,
            floors,
            duress,
            denied: denied.includes(id),
          });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds nobody for a tag or a unit that is not on the list', () => {
    const index = openList(packList(listOf([])));
    expect(index.byTag(new Uint8Array(32))).toBeUndefined();
    expect(index.byUnit('012')).toEqual([]);
  });

  it('tells unit 12 from unit 012', () => {
    const of = (unit: string): Credential => ({
      kind: 'unit-pin',
      unit,
      id: newId('credential'),
      person: 'resident',
      entrances: null,
      from: null,
      to: null,
      uses: null,
      openMs: null,
      floors: [],
      duress: false,
      epoch: 1,
      tag: tagOf(unit),
    });
    const [short, long] = [of('12'), of('012')];
    const index = openList(packList(listOf([short, long])));
    expect(index.byUnit('12').map((c) => c.id)).toEqual([short.id]);
    expect(index.byUnit('012').map((c) => c.id)).toEqual([long.id]);
  });
});
