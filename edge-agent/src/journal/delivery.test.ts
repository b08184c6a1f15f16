import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, newId, instant } from '@gatecast/firmware-protocol';
import type { JournalAck, JournalStream } from '@gatecast/firmware-protocol/messages';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../store/store.ts';
import { CloudJournal } from './cloud-journal.fixture.ts';
import { Delivery } from './delivery.ts';
import { createJournal, type Journal } from './journal.ts';

const rawKey = 'A'.repeat(43);

describe('a terminal and a cloud that remember the journal differently', () => {
  const terminal = newId('terminal');
  const identity = newKeyPair('ed25519');
  let folder: string;
  let cloud: CloudJournal;
  let store: Store;
  let journal: Journal;
  let delivery: Delivery;
  let answer: (ack: JournalAck) => JournalAck;

  const claim = () => ({
    terminal,
    epoch: 1,
    doorAuthority: { kid: 'door', publicKey: rawKey },
    brokerUrl: 'mqtt://127.0.0.1:1',
    timeKey: { kid: 'cloud', publicKey: cloud.keys.publicKey },
  });
  const open = async (dataDir = join(folder, 'a')) => {
    store = new Store({ dataDir });
    await store.start();
    const clock = manualClock(instant(1_000));
    journal = createJournal({ store, clock, clockQuality: () => 'synced', boot: 'boot' });
    const send = async (body: Uint8Array) => answer(await cloud.take(body));
    delivery = new Delivery({ store, journal, claim: claim(), keys: { identity }, send });
  };
  const write = async (stream: JournalStream, ...names: string[]) => {
    for (const name of names) await journal.append({ stream, kind: 'contact', body: { name } });
  };
  const deliver = async (stream: JournalStream) => {
    const batch = await store.nextBatch({ stream, rowsMax: 100, bytesMax: 1_000_000 });
    if (batch) await delivery.deliver(stream, batch, new AbortController().signal);
  };
  const inCloud = (stream: JournalStream) => cloud.kept[stream].map(({ row }) => row.body['name'] ?? row.body['fault']);
  const disputes = async () => {
    const { health } = await store.reached();
    if (health.rows > 0) await deliver('health');
    return cloud.kept.health.map(({ row }) => row.body);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-delivery-'));
    cloud = new CloudJournal(terminal, identity.publicKey);
    answer = (ack) => ack;
    mkdirSync(join(folder, 'a'));
    await open();
    await store.saveClaim(claim());
  });
  afterEach(async () => {
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  it('a cloud that lost rows which it has signed for is shown its signature, and takes what comes after them', async () => {
    await write('play', 'one', 'two', 'three');
    await deliver('play');
    expect(await store.checkpoint('play')).toMatchObject({ seq: 3, hash: cloud.head('play').hash });
    cloud.forgetAfter('play', 1);
    await write('play', 'four');
    await deliver('play');
    expect(inCloud('play')).toEqual(['one', 'four']);
    expect(cloud.alarms).toEqual(['forgot 2-3']);
    expect(await disputes()).toMatchObject([{ stream: 'play', fault: 'cloud-forgot', seq: 2, cloudSeq: 3, moved: 0 }]);
  });

  it('a terminal that was put back to an older copy goes on behind what the cloud has, and both say so', async () => {
    await write('play', 'one', 'two');
    await deliver('play');
    await write('play', 'three');
    await store.stop();
    cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true });
    await open();
    await write('play', 'four');
    await deliver('play');
    await store.stop();
    await open(join(folder, 'b'));
    await write('play', 'other four', 'other five');
    await deliver('play');
    await deliver('play');
    expect(inCloud('play')).toEqual(['one', 'two', 'three', 'four', 'other four', 'other five']);
    expect(cloud.alarms).toEqual(['forked at 4']);
    expect(await disputes()).toMatchObject([{ stream: 'play', fault: 'forked', seq: 4, cloudSeq: 4, moved: 2 }]);
    expect((await store.reached()).play).toEqual({ seq: 6, acked: 6, rows: 0 });
  });

  it('a terminal that lost its newest rows after they were acknowledged does not get stuck', async () => {
    await write('play', 'one');
    await store.stop();
    cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true });
    await open();
    await write('play', 'two');
    await deliver('play');
    await store.stop();
    await open(join(folder, 'b'));
    await deliver('play');
    await write('play', 'three');
    await deliver('play');
    expect(inCloud('play')).toEqual(['one', 'two', 'three']);
    expect(await disputes()).toMatchObject([{ fault: 'forked', seq: 2, cloudSeq: 2, moved: 0 }]);
  });

  it('a word that somebody else signed, or that is about other rows, deletes nothing and is told once', async () => {
    await write('play', 'one', 'two');
    const stranger = newKeyPair('ed25519');
    answer = (ack) => ({ ...ack, checkpoint: cloud.checkpoint(ack.stream, 1, stranger) });
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(deliver('play')).rejects.toMatchObject({ code: 'bad-checkpoint' });
    }
    answer = (ack) => ack;
    expect((await store.reached()).play).toMatchObject({ acked: 0, rows: 2 });
    expect(await disputes()).toMatchObject([{ stream: 'play', fault: 'bad-checkpoint' }]);
    await deliver('play');
    expect((await store.reached()).play).toMatchObject({ acked: 2, rows: 0 });
  });

  it('rows are not moved for a fork that nobody has signed', async () => {
    await write('play', 'one');
    await deliver('play');
    await write('play', 'two');
    cloud.kept.play = cloud.kept.play.map((one) => ({ ...one, hash: 'f'.repeat(64) }));
    const honest = cloud.checkpoint.bind(cloud);
    const stranger = newKeyPair('ed25519');
    cloud.checkpoint = (stream, epoch) => honest(stream, epoch, stranger);
    await expect(deliver('play')).rejects.toMatchObject({ code: 'journal-chain-broken' });
    expect((await store.reached()).play).toMatchObject({ seq: 2, rows: 1 });
  });
});
