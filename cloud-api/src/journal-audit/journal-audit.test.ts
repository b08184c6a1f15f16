import fc from 'fast-check';
import { instant } from '@gatecast/firmware-protocol';
import { genesisHash } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, rowHash } from '@gatecast/firmware-protocol/node';
import { describe, expect, it } from 'vitest';
import { chainOf, newTerminal, signedAt, sourceOfChains, type Chain } from './chains.fixture.ts';
import { auditJournal } from './journal-audit.ts';
import type { RowRecord } from './records.ts';

const bodies = (count: number) => Array.from({ length: count }, (_, n) => ({ kind: 'contact', body: { n } }));
const namesOf = async (...chains: Chain[]) => {
  const { findings } = await auditJournal(sourceOfChains(chains));
  return findings.map(({ stream, fault, seq, to }) => `${stream} ${fault} ${seq}${to === undefined ? '' : `-${to}`}`);
};

/** Each kind of tampering with rows `a` < `b` of a chain, and the rows that it is about. */
const tamperings: Record<string, (chain: Chain, a: number, b: number) => readonly number[]> = {
  alter(chain, a) {
    chain.rows = chain.rows.map((row) => (row.seq === a ? { ...row, body: { n: -1 } } : row));
    return [a];
  },
  'alter a time': (chain, a) => {
    chain.rows = chain.rows.map((row) =>
      row.seq === a ? { ...row, wallMs: (row.wallMs + 1) as RowRecord['wallMs'] } : row,
    );
    return [a];
  },
  drop(chain, a, b) {
    chain.rows = chain.rows.filter(({ seq }) => seq < a || seq >= b);
    return [a];
  },
  truncate(chain, a) {
    chain.rows = chain.rows.filter(({ seq }) => seq < a);
    return [a];
  },
  reorder(chain, a, b) {
    const swap = (seq: number) => (seq === a ? b : seq === b ? a : seq);
    chain.rows = chain.rows.map((row) => ({ ...row, seq: swap(row.seq) })).toSorted((x, y) => x.seq - y.seq);
    return [a, b];
  },
  replay(chain, a) {
    const copied = chain.rows.find(({ seq }) => seq === a);
    const last = chain.rows.length + 1;
    if (copied) chain.rows.push({ ...copied, seq: last });
    return [last];
  },
  'put in place of another': (chain, a, b) => {
    const copied = chain.rows.find(({ seq }) => seq === a);
    chain.rows = chain.rows.map((row) => (row.seq === b && copied ? { ...copied, seq: b } : row));
    return [b];
  },
  rewrite(chain, a) {
    let prev = chain.rows[a - 2]?.hash ?? genesisHash;
    chain.rows = chain.rows.map((row) => {
      if (row.seq < a) return row;
      const changed = row.seq === a ? { ...row, body: { n: -1 } } : row;
      prev = rowHash(chain.key, { ...changed, prev });
      return { ...changed, hash: prev };
    });
    chain.head = { seq: chain.rows.length, hash: prev };
    return [a];
  },
};

describe('the audit of a journal', () => {
  it('names nothing in one that is as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), async (rows, every) => {
        expect(await namesOf(chainOf(newTerminal(), 'play', bodies(rows), every))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(Object.entries(tamperings))(
    'names the rows that somebody wanted to %s, whichever they are',
    async (_, tamper) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 2, max: 15 }),
          fc.integer({ min: 1, max: 9 }),
          async (a, every, further) => {
            const chain = chainOf(newTerminal(), 'play', bodies(50), every);
            const touched = tamper(chain, a, a + further);
            const { findings } = await auditJournal(sourceOfChains([chain]));
            for (const row of touched) {
              expect(
                findings.some(({ seq, to = seq }) => seq <= row && row <= to),
                `row ${row}`,
              ).toBe(true);
            }
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  it('says of each what it is, and names no neighbour', async () => {
    const named = async (name: string, a: number, b: number) => {
      const chain = chainOf(newTerminal(), 'play', bodies(30), 10);
      tamperings[name]?.(chain, a, b);
      return namesOf(chain);
    };
    expect(await named('alter', 7, 9)).toEqual(['play altered 7']);
    expect(await named('drop', 7, 8)).toEqual(['play dropped 7']);
    expect(await named('drop', 7, 12)).toEqual(['play dropped 7-11']);
    expect(await named('truncate', 25, 0)).toEqual(['play truncated 25-30']);
    expect(await named('reorder', 7, 15)).toEqual(['play reordered 7', 'play reordered 15']);
    expect(await named('reorder', 7, 8)).toEqual(['play reordered 7', 'play reordered 8']);
    expect(await named('replay', 7, 0)).toEqual(['play replayed 31']);
    expect(await named('put in place of another', 4, 17)).toEqual(['play replayed 17']);
    expect(await named('rewrite', 17, 0)).toEqual(['play rewritten 11-30']);
  });

  it('names rows that hold what others said, and rows that were added with the right hash', async () => {
    const swapped = chainOf(newTerminal(), 'play', bodies(20), 10);
    const bodyOf = (seq: number) => swapped.rows[(seq === 5 ? 9 : seq === 9 ? 5 : seq) - 1]?.body ?? {};
    const time = (seq: number) => swapped.rows[(seq === 5 ? 9 : seq === 9 ? 5 : seq) - 1];
    swapped.rows = swapped.rows.map((row) => ({
      ...row,
      ...time(row.seq),
      seq: row.seq,
      hash: row.hash,
      body: bodyOf(row.seq),
    }));
    expect(await namesOf(swapped)).toEqual(['play reordered 5', 'play reordered 9']);

    const longer = chainOf(newTerminal(), 'play', bodies(20), 10);
    const shorter = {
      ...longer,
      checkpoints: longer.checkpoints.slice(0, 1),
      head: { seq: 10, hash: longer.rows[9]?.hash ?? '' },
    };
    expect(await namesOf(shorter)).toEqual(['play added 11-20']);
  });

  it('takes exactly what a terminal says it has lost, and nothing more', async () => {
    const terminal = newTerminal();
    const play = chainOf(terminal, 'play', bodies(30), 30);
    const lost = {
      stream: 'play',
      from: 5,
      to: 9,
      count: 5,
      firstHash: play.rows[4]?.hash,
      lastHash: play.rows[8]?.hash,
    };
    const health = chainOf(terminal, 'health', [{ kind: 'lost', body: lost }], 1);
    const without = (from: number, to: number) => ({
      ...play,
      rows: play.rows.filter(({ seq }) => seq < from || seq > to),
    });
    const result = await auditJournal(sourceOfChains([health, without(5, 9)]));
    expect(result).toMatchObject({ findings: [], counts: { declaredLost: 5, rows: 26 } });
    expect(await namesOf(health, without(5, 10))).toEqual(['play dropped 10']);
    expect(await namesOf(health, without(4, 9))).toEqual(['play dropped 4-9']);
    expect(await namesOf(without(5, 9))).toEqual(['play dropped 5-9']);

    const short = chainOf(terminal, 'health', [{ kind: 'lost', body: { ...lost, count: 4 } }], 1);
    expect(await namesOf(short, without(5, 9))).toContain('health loss-wrong 1');
    const other = chainOf(terminal, 'health', [{ kind: 'lost', body: { ...lost, to: 8, count: 4 } }], 1);
    expect(await namesOf(other, play), 'a loss of rows that are there').toContain('health loss-wrong 1');
  });

  it('knows the cloud’s own word for rows that it has lost', async () => {
    const chain = chainOf(newTerminal(), 'play', bodies(30), 10);
    chain.rows = chain.rows.filter(({ seq }) => seq <= 12 || seq > 20);
    const { findings } = await auditJournal(sourceOfChains([chain]));
    expect(findings).toMatchObject([{ fault: 'dropped', seq: 13, to: 20, detail: 'the cloud had signed for row 20' }]);
  });

  it('names a terminal whose key has signed two chains', async () => {
    const terminal = newTerminal();
    const chain = chainOf(terminal, 'play', bodies(10), 5);
    const other = chainOf(terminal, 'play', [...bodies(6), { kind: 'contact', body: { n: 99 } }], 5);
    const { hash = '' } = other.rows[6] ?? {};
    const { proof } = signedAt(other.key, { seq: 7, hash });
    chain.disputes = [
      { type: 'dispute', seq: 7, fault: 'forked', shownSeq: 7, shownHash: hash, proof, at: instant(6_000) },
    ];
    expect(await namesOf(chain)).toEqual(['play cloned 7']);
  });

  it('believes no checkpoint that was changed, or that somebody else has signed', async () => {
    const chain = chainOf(newTerminal(), 'play', bodies(20), 10);
    const [first, second] = chain.checkpoints;
    if (!first || !second) throw new Error('there are two checkpoints');
    chain.checkpoints = [{ ...first, hash: genesisHash }, second];
    expect(await namesOf(chain)).toEqual(['play forged-checkpoint 10']);
    chain.checkpoints = [first, second];
    const stranger = new Map([['cloud', newKeyPair('ed25519').publicKey]]);
    const { findings } = await auditJournal(sourceOfChains([chain]), stranger);
    expect(findings.map(({ fault }) => fault)).toEqual(['forged-checkpoint', 'forged-checkpoint']);
    const nobody = await auditJournal(sourceOfChains([chain]), new Map());
    expect(nobody.findings.map(({ fault }) => fault)).toEqual(['unknown-key', 'unknown-key']);
  });

  it('ends in time when everything was changed', async () => {
    const chain = chainOf(newTerminal(), 'play', bodies(3_000), 1_000);
    chain.rows = chain.rows.map((row) => ({ ...row, body: {} }));
    const { findings } = await auditJournal(sourceOfChains([chain]));
    expect(findings).toHaveLength(3_000);
  });
});
