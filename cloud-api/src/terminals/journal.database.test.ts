import { brotliCompressSync } from 'node:zlib';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { isCheckpoint } from '@gatecast/firmware-protocol/node';
import { hours, minutes } from '@gatecast/firmware-protocol';
import { genesisHash, journalAck, type JournalCheckpoint } from '@gatecast/firmware-protocol/messages';
import { and, eq, gt } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { batchesUnderWayMax } from './ingest.ts';
import { disputesMax } from './journal-disputes.ts';
import { packedBody, sendBody } from './journal.fixture.ts';

describeStores('the journal of a terminal that signs', (its) => {
  let world: TestApp;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    terminal = await claimedTerminal(world, await neighbourhood(world));
  });
  afterAll(() => world.close());

  const row = (n: number) => ({ kind: 'boot', body: { agentVersion: `1.${n}`, unclean: false } });
  const send = (batch: Parameters<typeof packedBody>[1], extras?: Parameters<typeof packedBody>[2]) =>
    sendBody(world, terminal, packedBody(terminal, batch, extras));
  const alarms = async () => {
    const { events } = world.store.read.t;
    const told = await world.store.read.select().from(events).where(eq(events.subject, terminal.id));
    return told.filter(({ type }) => type === 'alarm').map(({ facts }) => facts);
  };
  const checkpointOf = (answer: { body: unknown }) => journalAck.parse(answer.body).checkpoint;
  const key = () => ({ terminal: terminal.id, epoch: 1, stream: 'health' }) as const;
  const pinned = () => (terminal.claim['timeKey'] as { publicKey: string }).publicKey;

  it('is acknowledged with a checkpoint that both sides have signed', async () => {
    const batch = testJournal(world, terminal, 'health')(row(1), row(2));
    const answer = await send(batch);
    expect(answer).toMatchObject({ status: 200, body: { upTo: 2 } });
    const checkpoint = checkpointOf(answer);
    expect(checkpoint).toMatchObject({ seq: 2, hash: batch.head, proof: { publicKey: terminal.identity.publicKey } });
    if (!checkpoint) throw new Error('there is a checkpoint');
    expect(isCheckpoint(key(), checkpoint, pinned())).toBe(true);
    expect(isCheckpoint({ ...key(), stream: 'door' }, checkpoint, pinned())).toBe(false);
    expect(isCheckpoint(key(), { ...checkpoint, seq: 1 }, pinned())).toBe(false);
    expect(checkpointOf(await send(batch)), 'the same again').toEqual(checkpoint);
  });

  it('that came before anything was signed is signed when it comes again', async () => {
    const batch = testJournal(world, terminal, 'health')(row(1));
    await send(batch);
    const { journalHeads: t } = world.store.read.t;
    await world.store.tx((q) =>
      q.update(t).set({ checkpoint: null, keptSeq: null, keptAt: null }).where(eq(t.terminalId, terminal.id)),
    );
    expect(checkpointOf(await send(batch))).toMatchObject({ seq: 1, hash: batch.head, proof: null });
  });

  it('is the same journal whether it comes packed or as older terminals send it', async () => {
    const journal = testJournal(world, terminal, 'health');
    await send(journal(row(1)));
    const plain = journal(row(2));
    const answer = await world.call('POST', `/v1/terminals/${terminal.id}/journal`, {
      token: terminal.token,
      body: plain,
    });
    expect(checkpointOf(answer)).toMatchObject({ seq: 2, hash: plain.head, proof: null });
    expect(await send(journal(row(3)))).toMatchObject({ status: 200, body: { upTo: 3 } });
  });

  it('is refused when another key signed it, when it is no Brotli, when it unfolds to too much, and in other encodings', async () => {
    const batch = testJournal(world, terminal, 'health')(row(1));
    expect(await send(batch, { signer: newKeyPair('ed25519') })).toMatchObject({
      status: 409,
      body: { code: 'journal-signature-wrong' },
    });
    const bomb = new Uint8Array(brotliCompressSync('['.repeat(50_000_000)));
    expect(bomb.byteLength).toBeLessThan(1_000);
    for (const body of [bomb, new Uint8Array([1, 2, 3])]) {
      expect(await sendBody(world, terminal, body)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    }
    const deep = new TextEncoder().encode(`{"v":1,"x":${'['.repeat(400_000)}${']'.repeat(400_000)}}`);
    expect(await sendBody(world, terminal, deep, 'identity')).toMatchObject({ status: 400 });
    expect(await sendBody(world, terminal, packedBody(terminal, batch), 'gzip')).toMatchObject({
      status: 415,
      body: { code: 'unknown-encoding' },
    });
    expect(await send(batch)).toMatchObject({ status: 200 });
  });

  it('that begins anew from an older copy is found, named from its first different row, and told once', async () => {
    const journal = testJournal(world, terminal, 'health');
    const first = journal(row(1), row(2));
    await send(first);
    const kept = checkpointOf(await send(journal(row(3), row(4))));
    const copy = testJournal(world, terminal, 'health');
    copy(row(1), row(2));
    world.clock.advance(1 as Parameters<typeof world.clock.advance>[0]);
    const other = copy(row(33), row(34), row(35));
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await send(other)).toMatchObject({
        status: 409,
        body: { code: 'journal-chain-broken', seq: 3, fault: 'differs-from-stored', checkpoint: kept },
      });
    }
    expect(await alarms()).toEqual([
      { alarm: 'journal-forked', stream: 'health', seq: 3, fault: 'differs-from-stored' },
    ]);
    const { journalDisputes: t } = world.store.read.t;
    const disputes = await world.store.read.select().from(t).where(eq(t.terminalId, terminal.id));
    expect(disputes).toMatchObject([{ seq: 3, fault: 'forked', shownSeq: 5, shownHash: other.head }]);
    expect(await send(journal(row(5)))).toMatchObject({ status: 200, body: { upTo: 5 } });
  });

  describe('that has parted from what is stored', () => {
    /** What the operator's console shows of this terminal now. */
    const shown = async (): Promise<string[]> => {
      await world.app.watch.look();
      const { body } = await world.call('GET', '/v1/fleet/alarms', { token: world.operator });
      const items: { kind: string; terminalId: string | null; severity: string }[] = body.items;
      // That it is not connected to a broker is another alarm.
      return items
        .filter(({ terminalId, kind }) => terminalId === terminal.id && kind !== 'terminal-offline')
        .map(({ kind, severity }) => `${kind} ${severity}`);
    };
    const later = async (ms: Parameters<typeof world.clock.advance>[0]) => {
      world.clock.advance(ms);
      const { id, epoch, identity } = terminal;
      terminal = { ...terminal, token: (await signInTerminal(world, id, epoch, identity)).body.token };
    };
    const brokenChain = ['journal-chain-broken critical'];
    const other = () => {
      const copy = testJournal(world, terminal, 'health');
      return copy(row(99), row(98));
    };

    it('is an alarm of the operator for as long as it goes on to differ, and a day longer', async () => {
      await send(testJournal(world, terminal, 'health')(row(1), row(2)));
      expect(await shown()).toEqual([]);
      const forked = other();
      expect((await send(forked)).body.code).toBe('journal-chain-broken');
      expect(await shown()).toEqual(brokenChain);
      for (let tries = 0; tries < 3; tries += 1) {
        await later(hours(20));
        await send(forked);
        expect(await shown()).toEqual(brokenChain);
      }
      await later(hours(24));
      await shown();
      world.clock.advance(minutes(3));
      expect(await shown()).toEqual([]);
    });

    it('is one also after more meetings of two copies than are kept', async () => {
      await send(testJournal(world, terminal, 'health')(row(1), row(2)));
      for (let turn = 0; turn < disputesMax + 2; turn += 1)
        await send(testJournal(world, terminal, 'health')(row(100 + turn)));
      const { journalDisputes: t } = world.store.read.t;
      const disputes = await world.store.read.select().from(t).where(eq(t.terminalId, terminal.id));
      expect(disputes).toHaveLength(disputesMax);
      await later(hours(30));
      await send(testJournal(world, terminal, 'health')(row(1_000)));
      expect(await shown()).toEqual(brokenChain);
    });

    it('is one when rows do not hang together, and when another key has signed them', async () => {
      const whole = testJournal(world, terminal, 'door')({ kind: 'note', body: { n: 1 } });
      await send({ ...whole, head: genesisHash });
      expect(await shown()).toEqual(brokenChain);
      terminal = await claimedTerminal(world, await neighbourhood(world));
      await send(testJournal(world, terminal, 'health')(row(1)), { signer: newKeyPair('ed25519') });
      expect(await shown()).toEqual(brokenChain);
      expect(await alarms()).toEqual([{ alarm: 'journal-chain-broken', stream: 'health', seq: 1, fault: 'signature' }]);
    });
  });

  describe('when the cloud has lost rows', () => {
    /** As after a restore from an older copy. */
    async function forgetAfter(seq: number, hash: string, checkpoint: JournalCheckpoint | undefined): Promise<void> {
      await world.store.tx(async (q) => {
        const { journalHeads: heads, journalRows: rows, journalCheckpoints: kept } = q.t;
        await q.delete(rows).where(and(eq(rows.terminalId, terminal.id), gt(rows.seq, seq)));
        await q.delete(kept).where(and(eq(kept.terminalId, terminal.id), gt(kept.seq, seq)));
        await q
          .update(heads)
          .set({ seq, hash, checkpoint: checkpoint ?? null })
          .where(eq(heads.terminalId, terminal.id));
      });
    }

    it('its own signature shows it, the property hears of it, and the journal goes on', async () => {
      const journal = testJournal(world, terminal, 'health');
      const first = journal(row(1));
      const early = checkpointOf(await send(first));
      const late = checkpointOf(await send(journal(row(2), row(3))));
      await forgetAfter(1, first.head, early);
      const next = journal(row(4));
      expect(await send(next)).toMatchObject({ status: 409, body: { code: 'journal-gap', expected: 2 } });
      const forged = late && { ...late, hash: genesisHash };
      expect((await send(next, { checkpoint: forged })).body).toMatchObject({ code: 'journal-gap' });
      expect(await send(next, { checkpoint: late })).toMatchObject({ status: 200, body: { upTo: 4 } });
      expect(await alarms()).toMatchObject([{ alarm: 'journal-forgotten', stream: 'health', seq: 2 }]);
      await world.app.watch.look();
      const { body } = await world.call('GET', '/v1/fleet/alarms', { token: world.operator });
      expect(body.items).toContainEqual(
        expect.objectContaining({ kind: 'journal-chain-broken', terminalId: terminal.id }),
      );
    });

    it('the word of an older claim, or for another stream, is none', async () => {
      const doorWord = checkpointOf(await send({ ...testJournal(world, terminal, 'door')(row(1), row(2)) }));
      const journal = testJournal(world, terminal, 'health');
      journal(row(1), row(2));
      expect((await send(journal(row(3)), { checkpoint: doorWord })).body).toMatchObject({ code: 'journal-gap' });
    });
  });

  it('tells when somebody else has answered a terminal in the cloud’s place', async () => {
    const said = { stream: 'play', fault: 'bad-checkpoint', seq: 4, cloudSeq: 4, cloudHash: genesisHash, moved: 0 };
    await send(testJournal(world, terminal, 'health')({ kind: 'disputed', body: said }));
    expect(await alarms()).toMatchObject([{ alarm: 'journal-chain-broken', stream: 'play', seq: 4 }]);
  });

  it('is asked to wait a moment when too many come in at once', async () => {
    const batch = testJournal(world, terminal, 'health')(row(1));
    const answers = await Promise.all(Array.from({ length: batchesUnderWayMax * 2 }, () => send(batch)));
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.headers.get('retry-after')).toBe('5');
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(await send(batch)).toMatchObject({ status: 200, body: { upTo: 1 } });
  });
});
