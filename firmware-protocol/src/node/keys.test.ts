import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../units/time.ts';
import { canonicalJson } from '../messages/canonical-json.ts';
import { genesisHash, type JournalRow } from '../messages/journal.ts';
import { checkChain, privateHash, rowHash } from './hash-chain.ts';
import { seal, unseal } from './seal.ts';
import { newKeyPair, privateKeyOf, publicKeyOf, signText, verifyText } from './sign.ts';

describe('a signature', () => {
  const pair = newKeyPair('ed25519');
  const signature = signText(privateKeyOf('ed25519', pair.privateKey), 'command', 'open');
  const key = publicKeyOf('ed25519', pair.publicKey);

  it('holds for its text in its context and for nothing else', () => {
    expect(verifyText(key, 'command', 'open', signature)).toBe(true);
    expect(verifyText(key, 'document', 'open', signature)).toBe(false);
    expect(verifyText(key, 'command', 'open!', signature)).toBe(false);
    expect(verifyText(key, 'command', 'open', 'AAAA')).toBe(false);
  });
});

describe('a sealed key', () => {
  const pair = newKeyPair('x25519');

  it('opens for the terminal it was made for', () => {
    expect(unseal(pair, 'pin-key|1', seal(pair.publicKey, 'pin-key|1', Buffer.from('secret'))).toString()).toBe(
      'secret',
    );
  });

  it('stays shut for another terminal, another purpose and after a change', () => {
    const box = seal(pair.publicKey, 'pin-key|1', Buffer.from('secret'));
    expect(() => unseal(newKeyPair('x25519'), 'pin-key|1', box)).toThrow('sealed key');
    expect(() => unseal(pair, 'pin-key|2', box)).toThrow('sealed key');
    expect(() => unseal(pair, 'pin-key|1', `${box.slice(0, -2)}AA`)).toThrow('sealed key');
    expect(() => unseal(pair, 'pin-key|1', 'AAAA')).toThrow('sealed key');
  });
});

describe('the canonical text of a JSON value', () => {
  it('is the same whatever the order of its keys, and means the same value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null))),
        (value) => {
          const shuffled = Object.fromEntries(Object.entries(value).toReversed());
          expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
          expect(JSON.parse(canonicalJson(value))).toEqual({ ...value });
        },
      ),
    );
  });

  it('refuses what two programs could print differently', () => {
    expect(() => canonicalJson(0.1)).toThrow('whole numbers');
    expect(() => canonicalJson(() => 0)).toThrow('function');
  });
});

describe('the chain of a stream', () => {
  const key = { terminal: 'term_x', epoch: 1, stream: 'door' } as const;
  const rows: JournalRow[] = [];
  let prev = genesisHash;
  for (let seq = 1; seq <= 5; seq += 1) {
    const part = { salt: 'c2FsdA', data: { credential: `cred_${seq}` } };
    const row = {
      seq,
      prev,
      kind: 'opened',
      wallMs: instant(seq),
      monoMs: seq,
      boot: 'b',
      clock: 'synced' as const,
      body: { seq },
      privateHash: privateHash(part),
    };
    rows.push({ ...row, private: part });
    prev = rowHash(key, row);
  }
  const head = prev;
  const start = { seq: 0, hash: genesisHash };
  const changed = (index: number, change: Partial<JournalRow>) =>
    rows.map((row, i) => (i === index ? { ...row, ...change } : row));

  it('holds as written, and still holds when a person has been erased from it', () => {
    expect(checkChain(key, start, rows, head)).toHaveProperty('hashes');
    const erased = rows.map(({ private: _part, ...row }) => row);
    expect(checkChain(key, start, erased, head)).toHaveProperty('hashes');
  });

  it('names the row that was altered, dropped, reordered or cut off', () => {
    const fault = (altered: JournalRow[], at = head) => {
      const result = checkChain(key, start, altered, at);
      return 'fault' in result ? result.fault : undefined;
    };
    expect(fault(changed(2, { body: { seq: 99 } }))).toEqual({ seq: 4, fault: 'previous-hash' });
    expect(fault(changed(2, { private: { salt: 'eA', data: {} } }))).toEqual({ seq: 3, fault: 'private-hash' });
    expect(fault(rows.filter((_, i) => i !== 2))).toEqual({ seq: 3, fault: 'sequence-gap' });
    expect(fault([...rows].toReversed())).toEqual({ seq: 1, fault: 'sequence-gap' });
    expect(fault(rows.slice(0, 4))).toEqual({ seq: 4, fault: 'head-hash' });
  });
});
