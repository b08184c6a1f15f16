import { createHash } from 'node:crypto';
import { newId } from '@gatecast/firmware-protocol';
import { accessList, canonicalJson, documentEnvelope } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, pinKeyPurpose, unseal } from '@gatecast/firmware-protocol/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLists, type CommunityPart, type TerminalPart } from './list-maker.ts';
import { ListPrinter, listEnding, listOpening, type ListedText, type ListHead } from './list-text.ts';

const head: ListHead = {
  zone: 'Asia/Shanghai',
  pinKeys: [],
  schedules: [],
  holidays: [],
  passes: null,
  deny: [],
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the print of a list', () => {
  it('is that of its canonical JSON, whatever of it opens which entrance', () => {
    const entrances = [newId('entrance'), newId('entrance')];
    const listed = fc.record({
      id: fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', 'b', '0', '_') }),
      places: fc.option(fc.subarray(entrances)),
      note: fc.string(),
    });
    fc.assert(
      fc.property(fc.uniqueArray(listed, { selector: ({ id }) => id, maxLength: 600 }), (credentials) => {
        const texts = credentials.map(({ id, places, note }): ListedText => [id, canonicalJson({ id, note }), places]);
        const printer = new ListPrinter(texts);
        for (const entrance of entrances) {
          const own = credentials.filter(({ places }) => places === null || places.includes(entrance));
          const sorted = own.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, note }) => ({ id, note }));
          const text = canonicalJson({ ...head, credentials: sorted });
          expect(printer.print(entrance, head)).toEqual({ hash: sha256(text), bytes: Buffer.byteLength(text) });
        }
      }),
    );
    expect(listOpening + listEnding(head)).toBe(canonicalJson({ ...head, credentials: [] }));
  });
});

describe('the lists of a community', () => {
  const keys = newKeyPair('x25519');
  const terminal: TerminalPart = {
    terminalId: newId('terminal'),
    entranceId: newId('entrance'),
    doorNo: 4,
    sealingKey: keys.publicKey,
    sealed: { pinKeys: [], codeKeys: [] },
  };
  const denied = [
    { id: newId('credential'), entranceIds: null, codeNo: 9 },
    { id: newId('credential'), entranceIds: [newId('entrance')], codeNo: 5 },
  ];
  const community: CommunityPart = {
    zone: 'Asia/Shanghai',
    holidays: ['2026-10-01'],
    schedules: [],
    pinKeys: [{ epoch: 1, key: Buffer.alloc(32, 1) }],
    codeKeys: [{ epoch: 2_970, key: Buffer.alloc(32, 2) }],
    issuers: [{ kid: 'pass-issuer-1', publicKey: newKeyPair('ed25519').publicKey }],
    denied,
  };

  it('name their doors, keys and whom they deny there, in the form that terminals read', () => {
    const [list] = makeLists([], community, [terminal]);
    const read = accessList.parse({ ...list?.head, credentials: [] });
    expect(read.passes?.doors).toEqual([{ entrance: terminal.entranceId, no: 4 }]);
    expect(read.deny).toEqual([denied[0]?.id]);
    expect(read.passes?.denyCodes).toEqual([9]);
    expect(unseal(keys, pinKeyPurpose(1), read.pinKeys[0]?.sealed ?? '')).toEqual(Buffer.alloc(32, 1));
    expect(documentEnvelope.shape.hash.parse(list?.hash)).toBe(list?.hash);
  });

  it('keep what was sealed before, so that nothing new is nothing new', () => {
    const [first] = makeLists([], community, [terminal]);
    const sealed = { pinKeys: first?.head.pinKeys ?? [], codeKeys: first?.head.passes?.codeKeys ?? [] };
    const again = makeLists([], community, [{ ...terminal, sealed }]);
    expect(again[0]?.hash).toBe(first?.hash);
    const anew = makeLists([], community, [terminal]);
    expect(anew[0]?.hash).not.toBe(first?.hash);
  });
});
