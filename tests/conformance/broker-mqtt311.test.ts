import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '@gatecast/firmware-protocol';
import { createBroker, type AccessPolicy, type Broker } from '@gatecast/broker';
import { waitUntil } from '../harness/wait-until.ts';
import { connectFrame, frame, MqttLine, type as packet, type ConnectOptions } from './mqtt-line.ts';

/**
 * MQTT 3.1.1 as its own sentences have it, over bytes: everything that the Paho project's client test asks of a broker, and the refusals of
 * malformed packets besides. The broker's core, bounds and all, with a policy that knows nobody and lets everybody speak.
 */
const everybody: AccessPolicy = {
  keepsSessions: true,
  ready: true,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  signIn: ({ clientId }) =>
    Promise.resolve({
      subject: clientId,
      kind: 'cloud', // the wide bounds: the rates are not what is tested here
      mayPublish: (topic) => !topic.startsWith('closed/'),
      maySubscribe: (filter) => !filter.startsWith('closed/'),
      lapse: () => undefined,
    }),
};

let broker: Broker;
let port: number;
let lines: MqttLine[];
let names = 0;

const limits = {
  keepaliveSeconds: { min: 1, max: 120 },
  kept: { sessions: 10, queuedMessages: 20, bytes: 100_000 },
};

beforeAll(async () => {
  lines = [];
  const log = pino({ level: 'silent' });
  broker = createBroker({
    host: '127.0.0.1',
    ports: { mqtt: 0 },
    httpPort: 0,
    policy: () => everybody,
    clock: systemClock,
    log,
    limits,
  });
  port = (await broker.start()).mqttPort ?? 0;
});

afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.drop()));
});

afterAll(() => broker.stop());

const unused = (what: string) => `${what}-${(names += 1)}`;

async function open(): Promise<MqttLine> {
  const line = await MqttLine.open(port);
  lines.push(line);
  return line;
}

async function client(options: ConnectOptions = {}): Promise<MqttLine> {
  const line = await open();
  expect(await line.connect({ clientId: unused('client'), ...options })).toMatchObject({ code: 0 });
  return line;
}

/** U+D800 alone, as UTF-8 must not have it. */
const illFormed = Buffer.from([0xed, 0xa0, 0x80]);

const texts = (line: MqttLine) => line.messages.map(({ text }) => text);

describe('CONNECT (3.1)', () => {
  test('is answered', async () => {
    expect(await (await open()).connect({ clientId: unused('client') })).toEqual({ present: false, code: 0 });
  });

  test('without a client id is taken with a clean session only (3.1.3-8)', async () => {
    expect(await (await open()).connect({ clientId: '', clean: true })).toEqual({ present: false, code: 0 });
    const line = await open();
    expect(await line.connect({ clientId: '', clean: false })).toEqual({ present: false, code: 2 });
    await line.ended();
  });

  test.each([3, 4])('of level %i is taken', async (level) => {
    const protocol = level === 3 ? 'MQIsdp' : 'MQTT';
    expect(await (await open()).connect({ clientId: unused('c'), protocol, level })).toMatchObject({ code: 0 });
  });

  test.each([
    ['x'.repeat(23), 'as long as 3.1 let it be'],
    ['a client id that is longer than 23 characters, ü', 'longer, with blanks (3.1.3-5; Paho: client ids)'],
  ])('with the client id «%s» is taken: %s', async (clientId) => {
    expect(await (await open()).connect({ clientId })).toEqual({ present: false, code: 0 });
  });

  test.each([2, 5, 6, 100])('of level %i is answered with return code 1 (3.1.2-2)', async (level) => {
    const line = await open();
    expect(await line.connect({ clientId: unused('client'), level })).toEqual({ present: false, code: 1 });
    await line.ended();
  });

  test.each([
    ['another protocol name (3.1.2-1)', connectFrame({ clientId: 'x', protocol: 'MQTX' })],
    ['the reserved flag (3.1.2-3)', connectFrame({ clientId: 'x', flags: 1 })],
    ['a will of QoS 3 (3.1.2-14)', connectFrame({ clientId: 'x', will: { topic: 'a', text: 'b', qos: 3 } })],
    ['a QoS of no will (3.1.2-13)', connectFrame({ clientId: 'x', flags: 0b0000_1000 })],
    ['«retain» of no will (3.1.2-15)', connectFrame({ clientId: 'x', flags: 0b0010_0000 })],
    ['a user name that is not there', connectFrame({ clientId: 'x', flags: 0b1000_0000 })],
    ['a password of nobody (3.1.2-22)', connectFrame({ clientId: 'x', password: 'secret' })],
    ['flags in its fixed header (2.2.2-2)', frame(packet.connect, 1, connectFrame({ clientId: 'x' }).subarray(2))],
    ['U+0000 in the client id (1.5.3-2)', connectFrame({ clientId: 'a\0b' })],
    ['half a surrogate pair in the client id (1.5.3-1)', connectFrame({ clientId: illFormed })],
  ])('with %s is not taken', async (_what, bytes) => {
    const line = await open();
    line.send(bytes);
    await line.ended();
    expect(line.heard.filter(({ type, body }) => type === packet.connack && body[1] === 0)).toEqual([]);
  });

  test('has to come first (3.1.0-1), and once (3.1.0-2)', async () => {
    const early = await open();
    early.send(frame(packet.pingreq, 0));
    await early.ended();
    const twice = await client();
    twice.send(connectFrame({ clientId: unused('client') }));
    await twice.ended();
  });

  test('of a client that is here already ends the older line (3.1.4-2)', async () => {
    const clientId = unused('client');
    const first = await client({ clientId });
    const second = await client({ clientId });
    await first.ended();
    await second.settled();
  });

  test('arrives in pieces of one byte', async () => {
    const line = await open();
    for (const byte of connectFrame({ clientId: unused('client') })) line.send(Buffer.from([byte]));
    expect((await line.next(packet.connack)).body).toEqual(Buffer.from([0, 0]));
  });

  test('gives a keepalive, and who breaks it by half is gone (3.1.2-24)', async () => {
    const mourner = await client();
    await mourner.subscribe(['lost/+', 2]);
    const quiet = await client({ keepalive: 1, will: { topic: 'lost/one', text: 'gone', qos: 2 } });
    await quiet.ended();
    expect(await mourner.hears(1)).toMatchObject([{ text: 'gone', qos: 2 }]);
  });
});

describe('messages (3.3, 4.3)', () => {
  test.each([0, 1, 2])('of QoS %i arrive at no more than the QoS granted (3.8.4)', async (sent) => {
    for (const granted of [0, 1, 2]) {
      for (const filter of ['level/topic', 'level/+', 'level/#']) {
        const reader = await client();
        expect(await reader.subscribe([filter, granted])).toEqual([granted]);
        const writer = await client();
        await writer.publish('level/topic', `${sent}`, sent);
        expect(await reader.hears(1)).toMatchObject([{ text: `${sent}`, qos: Math.min(sent, granted), dup: false }]);
      }
    }
  });

  test('reach the one who sent them too, each once (Paho: basic)', async () => {
    const line = await client();
    await line.subscribe(['own', 2]);
    for (const qos of [0, 1, 2]) await line.publish('own', `qos ${qos}`, qos);
    await line.hears(3);
    await line.settled();
    expect(line.messages.map(({ text, qos }) => [text, qos])).toEqual([
      ['qos 0', 0],
      ['qos 1', 1],
      ['qos 2', 2],
    ]);
  });

  test('of QoS 2 are forgotten with the session: the identifiers of the next one are its own (3.1.2-6)', async () => {
    const reader = await client();
    await reader.subscribe(['ids', 2]);
    const clientId = unused('client');
    const first = await client({ clientId });
    first.publishOnly('ids', 'of the first session', 2, { id: 7 });
    await first.next(packet.pubrec);
    await first.drop();
    const second = await client({ clientId });
    second.publishOnly('ids', 'of the second', 2, { id: 7 });
    await second.next(packet.pubrec);
    await reader.hears(2);
    expect(texts(reader)).toEqual(['of the first session', 'of the second']);
  });

  test('of QoS 2 are delivered once, however often they are sent before PUBREL (4.3.3)', async () => {
    const reader = await client();
    await reader.subscribe(['once', 2]);
    const writer = await client();
    const id = writer.publishOnly('once', 'first', 2);
    await writer.next(packet.pubrec);
    writer.publishOnly('once', 'first', 2, { dup: true, id });
    await writer.next(packet.pubrec);
    writer.release(id);
    await writer.next(packet.pubcomp);
    writer.release(id);
    await writer.next(packet.pubcomp);
    await writer.publish('once', 'second', 2);
    await reader.hears(2);
    expect(texts(reader)).toEqual(['first', 'second']);
  });

  test('of one client arrive in the order in which they were sent (4.6)', async () => {
    const reader = await client();
    await reader.subscribe(['order', 2]);
    const writer = await client();
    const sent = Array.from({ length: 300 }, (_, n) => `${n}`);
    for (const text of sent) writer.publishOnly('order', text, 1);
    await reader.hears(sent.length);
    expect(texts(reader)).toEqual(sent);
  });

  test('do not carry on the mark of a duplicate (3.3.1-3)', async () => {
    const reader = await client();
    await reader.subscribe(['again', 1]);
    const writer = await client();
    writer.publishOnly('again', 'x', 1, { dup: true });
    expect(await reader.hears(1)).toMatchObject([{ dup: false }]);
  });

  test('with an empty payload and of 200 kB arrive', async () => {
    const reader = await client();
    await reader.subscribe(['size', 1]);
    const writer = await client();
    await writer.publish('size', '', 1);
    await writer.publish('size', 'x'.repeat(200_000), 1);
    await reader.hears(2);
    expect(texts(reader).map(({ length }) => length)).toEqual([0, 200_000]);
  });

  test('come once to a client whose filters overlap, with the highest QoS of them (3.3.5-1)', async () => {
    for (const filters of [
      ['over/#', 'over/+', 'over/lap'],
      ['over/lap', 'over/+', 'over/#'],
    ]) {
      for (const qos of [
        [2, 1, 0],
        [0, 1, 2],
        [1, 0, 2],
      ]) {
        const reader = await client();
        await reader.subscribe(...filters.map((filter, at) => [filter, qos[at] ?? 0] as const));
        const writer = await client();
        await writer.publish('over/lap', 'one', 2);
        await writer.publish('over/lap', 'two', 2);
        await reader.hears(2);
        expect(reader.messages).toMatchObject([
          { text: 'one', qos: 2 },
          { text: 'two', qos: 2 },
        ]);
      }
    }
  });

  test.each([
    ['a wildcard in its topic (3.3.2-2)', frame(packet.publish, 0, Buffer.from([0, 3]), Buffer.from('a/+'))],
    ['U+0000 in its topic (1.5.3-2)', frame(packet.publish, 0, Buffer.from([0, 3]), Buffer.from('a\0b'))],
    ['QoS 3 (3.3.1-4)', frame(packet.publish, 6, Buffer.from([0, 1]), Buffer.from('a'), Buffer.from([0, 1]))],
    ['no topic', frame(packet.publish, 0, Buffer.from([0, 0]))],
    ['identifier 0 (2.3.1-1)', frame(packet.publish, 2, Buffer.from([0, 1]), Buffer.from('a'), Buffer.from([0, 0]))],
    ['half a surrogate pair (1.5.3-1)', frame(packet.publish, 0, Buffer.from([0, 3]), illFormed)],
    ['a topic longer than itself', frame(packet.publish, 0, Buffer.from([0, 9]), Buffer.from('a'))],
    ['a topic that the policy closes to it', frame(packet.publish, 0, Buffer.from([0, 8]), Buffer.from('closed/x'))],
  ])('a PUBLISH with %s ends the line', async (_what, bytes) => {
    const line = await client();
    line.send(bytes);
    await line.ended();
  });

  test.each([
    ['PUBREL with other flags (3.6.1-1)', frame(packet.pubrel, 0, Buffer.from([0, 1]))],
    ['CONNACK, which is for brokers', frame(packet.connack, 0, Buffer.from([0, 0]))],
    ['SUBACK, which is for brokers', frame(packet.suback, 0, Buffer.from([0, 1, 0]))],
    ['PINGRESP, which is for brokers', frame(packet.pingresp, 0)],
    ['the type 0', Buffer.from([0x00, 0])],
    ['the type 15', Buffer.from([0xf0, 0])],
    ['a length of five bytes (2.2.3)', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ])('a %s ends the line', async (_what, bytes) => {
    const line = await client();
    line.send(bytes);
    await line.ended();
  });

  test.each([
    ['PUBACK', frame(packet.puback, 0, Buffer.from([0, 99]))],
    ['PUBREC', frame(packet.pubrec, 0, Buffer.from([0, 99]))],
    ['PUBCOMP', frame(packet.pubcomp, 0, Buffer.from([0, 99]))],
  ])('a %s of a message that never was hurts nobody', async (_what, bytes) => {
    const line = await client();
    line.send(bytes);
    await line.settled();
  });
});

describe('retained messages (3.3.1.3)', () => {
  test('greet who subscribes later, marked, and nobody who is there already', async () => {
    const topic = unused('kept');
    const there = await client();
    await there.subscribe([topic, 1]);
    const writer = await client();
    await writer.publish(topic, 'old', 1, { retain: true });
    await writer.publish(topic, 'new', 1, { retain: true });
    expect((await there.hears(2)).map(({ retain }) => retain)).toEqual([false, false]);
    const later = await client();
    await later.subscribe([topic, 2]);
    expect(await later.hears(1)).toMatchObject([{ text: 'new', retain: true, qos: 1 }]);
  });

  test('of all QoS come to a wildcard, and are gone after an empty one (Paho: retained messages)', async () => {
    const root = unused('kept');
    const writer = await client();
    for (const qos of [0, 1, 2]) await writer.publish(`${root}/${qos}`, `qos ${qos}`, qos, { retain: true });
    const reader = await client();
    await reader.subscribe([`${root}/+`, 2]);
    const greetings = (await reader.hears(3)).map(({ text, qos }) => `${text} at ${qos}`);
    expect(greetings.toSorted()).toEqual(['qos 0 at 0', 'qos 1 at 1', 'qos 2 at 2']);
    for (const qos of [0, 1, 2]) await writer.publish(`${root}/${qos}`, '', qos, { retain: true });
    await writer.settled();
    const late = await client();
    await late.subscribe([`${root}/+`, 2]);
    await writer.publish(`${root}/end`, 'end', 1);
    expect((await late.hears(1)).map(({ text }) => text)).toEqual(['end']);
  });

  test('are sent again to who subscribes again (3.8.4-3)', async () => {
    const topic = unused('kept');
    const line = await client();
    await line.publish(topic, 'here', 1, { retain: true });
    await line.subscribe([topic, 0]);
    await line.subscribe([topic, 1]);
    expect(await line.hears(2)).toMatchObject([
      { qos: 0, retain: true },
      { qos: 1, retain: true },
    ]);
  });

  test('of a wildcard do not include the topics of the broker (4.7.2-1)', async () => {
    const writer = await client();
    await writer.publish('$own/kept', 'x', 1, { retain: true });
    const reader = await client();
    await reader.subscribe(['+/kept', 1], ['$own/kept', 1]);
    await writer.publish('any/kept', 'end', 1);
    await waitUntil('the last', () => texts(reader).includes('end'));
    expect(texts(reader)).toEqual(['x', 'end']);
  });
});

describe('SUBSCRIBE and UNSUBSCRIBE (3.8, 3.10)', () => {
  test('each filter has its answer, a refused one 0x80 (3.9.3)', async () => {
    const line = await client();
    const granted = await line.subscribe(['a/b', 0], ['closed/b', 1], ['c/+', 2], ['closed/#', 0]);
    expect(granted).toEqual([0, 0x80, 2, 0x80]);
    await line.publish('c/d', 'heard', 1);
    expect(await line.hears(1)).toMatchObject([{ text: 'heard' }]);
  });

  test('what is unsubscribed is heard no more, and what never was is answered too (3.10.4-5)', async () => {
    const line = await client();
    await line.subscribe(['leave/a', 2], ['leave/b', 2], ['leave/c', 2]);
    await line.unsubscribe('leave/a', 'never/was');
    for (const topic of ['leave/a', 'leave/b', 'leave/c']) await line.publish(topic, topic, 1);
    expect((await line.hears(2)).map(({ text }) => text)).toEqual(['leave/b', 'leave/c']);
  });

  test('a new subscription takes the place of the old one (3.8.4-3)', async () => {
    const line = await client();
    await line.subscribe(['swap', 2]);
    await line.subscribe(['swap', 0]);
    await line.publish('swap', 'one', 2);
    expect(await line.hears(1)).toMatchObject([{ qos: 0 }]);
  });

  test.each([
    ['+', 'a', true],
    ['+', '/a', false],
    ['/+', '/a', true],
    ['+/+', '/a', true],
    ['a/+', 'a', false],
    ['a/+', 'a/', true],
    ['a/+/c', 'a/b/c', true],
    ['+/C', 'TopicA/C', true],
    ['/#', '/TopicA', true],
    ['/#', 'TopicA', false],
    ['/+', 'TopicA/C', false],
    ['+/+', 'TopicA/B/C', false],
    ['TopicA/+', 'TopicA', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['#', '/', true],
    ['#', '$gatecast/a', false],
    ['+/a', '$gatecast/a', false],
    ['$gatecast/#', '$gatecast/a', true],
    ['a b/ü', 'a b/ü', true],
    ['A', 'a', false],
  ])('the filter %s and the topic %s: %s (4.7)', async (filter, topic, isMatch) => {
    const line = await client();
    await line.subscribe([filter, 1], ['end/of/test', 1]);
    await line.publish(topic, 'message', 1);
    await line.publish('end/of/test', 'end', 1);
    await waitUntil('the end', () => texts(line).includes('end'), { everyMs: 2 });
    const live = line.messages.filter(({ retain }) => !retain).map(({ text }) => text); // others' tests may have left some
    expect(live).toEqual(isMatch ? ['message', 'end'] : ['end']);
  });

  test.each([
    ['SUBSCRIBE of nothing (3.8.3-3)', frame(packet.subscribe, 2, Buffer.from([0, 1]))],
    ['SUBSCRIBE with other flags (3.8.1-1)', frame(packet.subscribe, 0, Buffer.from([0, 1, 0, 1, 0x61, 0]))],
    ['SUBSCRIBE for QoS 3 (3.8.3-4)', frame(packet.subscribe, 2, Buffer.from([0, 1, 0, 1, 0x61, 3]))],
    ['SUBSCRIBE under identifier 0 (2.3.1-1)', frame(packet.subscribe, 2, Buffer.from([0, 0, 0, 1, 0x61, 0]))],
    ['UNSUBSCRIBE under identifier 0 (2.3.1-1)', frame(packet.unsubscribe, 2, Buffer.from([0, 0, 0, 1, 0x61]))],
    [
      'SUBSCRIBE to half a surrogate pair (1.5.3-1)',
      frame(packet.subscribe, 2, Buffer.from([0, 1, 0, 3]), illFormed, Buffer.from([0])),
    ],
    ['SUBSCRIBE to a#', frame(packet.subscribe, 2, Buffer.from([0, 1, 0, 2, 0x61, 0x23, 0]))],
    ['UNSUBSCRIBE of nothing (3.10.3-2)', frame(packet.unsubscribe, 2, Buffer.from([0, 1]))],
    ['UNSUBSCRIBE with other flags (3.10.1-1)', frame(packet.unsubscribe, 0, Buffer.from([0, 1, 0, 1, 0x61]))],
  ])('%s ends the line', async (_what, bytes) => {
    const line = await client();
    line.send(bytes);
    await line.ended();
  });
});

describe('wills (3.1.2.5)', () => {
  test.each([0, 1, 2])('of QoS %i are heard when a line breaks, and not after DISCONNECT', async (qos) => {
    const reader = await client();
    await reader.subscribe(['will/+', 2]);
    const orderly = await client({ will: { topic: 'will/a', text: 'not this', qos } });
    await orderly.leave();
    const broken = await client({ will: { topic: 'will/b', text: 'this', qos } });
    await broken.drop();
    expect(await reader.hears(1)).toMatchObject([{ topic: 'will/b', text: 'this', qos, retain: false }]);
  });

  test('are heard when the broker ends the line, for a breach of the rules or for another that bears the name (3.1.2-8)', async () => {
    const reader = await client();
    await reader.subscribe(['will/+', 1]);
    const rude = await client({ will: { topic: 'will/rude', text: 'gone', qos: 1 } });
    rude.send(frame(packet.publish, 0, Buffer.from([0, 3]), Buffer.from('a/+')));
    await rude.ended();
    expect(await reader.hears(1)).toMatchObject([{ topic: 'will/rude' }]);
    const clientId = unused('client');
    const older = await client({ clientId, will: { topic: 'will/older', text: 'gone', qos: 1 } });
    await client({ clientId });
    await older.ended();
    expect((await reader.hears(2)).at(-1)).toMatchObject({ topic: 'will/older' });
  });

  test('may be retained', async () => {
    const topic = unused('will');
    const broken = await client({ will: { topic, text: 'gone', qos: 1, retain: true } });
    await broken.drop();
    const reader = await client();
    await waitUntil('the will', async () => {
      await reader.subscribe([topic, 1]);
      return reader.messages.length > 0;
    });
    expect(reader.messages[0]).toMatchObject({ text: 'gone', retain: true });
  });

  test('to a topic that the policy closes are refused with the CONNECT', async () => {
    const line = await open();
    expect(await line.connect({ clientId: unused('c'), will: { topic: 'closed/x', text: '' } })).toMatchObject({
      code: 5,
    });
    await line.ended();
  });
});

describe('sessions of clean=false (3.1.2.4), where a policy keeps them', () => {
  async function away(qos = 2): Promise<{ clientId: string; topic: string }> {
    const clientId = unused('keeper');
    const topic = unused('queue');
    const line = await client({ clientId, clean: false });
    await line.subscribe([`${topic}/#`, qos]);
    await line.leave();
    return { clientId, topic };
  }

  test('messages of QoS 1 and 2 wait for the client (Paho: offline message queueing)', async () => {
    const { clientId, topic } = await away();
    const writer = await client();
    for (const qos of [1, 2]) await writer.publish(`${topic}/${qos}`, `${qos}`, qos);
    const back = await open();
    expect(await back.connect({ clientId, clean: false })).toEqual({ present: true, code: 0 });
    expect((await back.hears(2)).map(({ text, qos, retain, dup }) => ({ text, qos, retain, dup }))).toEqual([
      { text: '1', qos: 1, retain: false, dup: false },
      { text: '2', qos: 2, retain: false, dup: false },
    ]);
    await writer.publish(`${topic}/live`, 'live', 1);
    expect((await back.hears(3)).at(-1)).toMatchObject({ text: 'live' });
  });

  test('end with a clean one', async () => {
    const { clientId, topic } = await away();
    const writer = await client();
    await writer.publish(topic, 'lost', 1);
    await (await client({ clientId, clean: true })).leave();
    const back = await open();
    expect(await back.connect({ clientId, clean: false })).toEqual({ present: false, code: 0 });
    await back.subscribe(['end', 1]);
    await writer.publish('end', 'end', 1);
    expect(await back.hears(1)).toMatchObject([{ text: 'end' }]);
  });

  test('what was not acknowledged comes again, as a duplicate with its identifier (4.4; Paho: redelivery on reconnect)', async () => {
    const clientId = unused('keeper');
    const topic = unused('queue');
    const line = await client({ clientId, clean: false });
    line.acknowledges = false;
    await line.subscribe([topic, 2]);
    const writer = await client();
    await writer.publish(topic, 'one', 1);
    await writer.publish(topic, 'two', 2);
    const first = await line.hears(2);
    await line.drop();
    const back = await client({ clientId, clean: false });
    const again = await back.hears(2);
    expect(again).toMatchObject(first.map(({ text, qos, id }) => ({ text, qos, id, dup: true })));
    await back.settled();
    await back.drop();
    const third = await client({ clientId, clean: false });
    await writer.publish(topic, 'three', 1);
    expect((await third.hears(1)).map(({ text }) => text)).toEqual(['three']);
  });

  test('a QoS 2 message that was received goes on with PUBREL (4.4)', async () => {
    const clientId = unused('keeper');
    const topic = unused('queue');
    const line = await client({ clientId, clean: false });
    line.acknowledges = false;
    await line.subscribe([topic, 2]);
    await (await client()).publish(topic, 'two', 2);
    const [message] = await line.hears(1);
    const id = Buffer.from([(message?.id ?? 0) >> 8, (message?.id ?? 0) & 0xff]);
    line.send(frame(packet.pubrec, 0, id));
    await line.next(packet.pubrel);
    await line.drop();
    const back = await open();
    back.acknowledges = false;
    await back.connect({ clientId, clean: false });
    expect((await back.next(packet.pubrel)).body).toEqual(id);
    expect(back.messages).toEqual([]);
  });

  test('a queue without room gives up the oldest', async () => {
    const { clientId, topic } = await away();
    const writer = await client();
    for (let n = 0; n < 30; n += 1) await writer.publish(topic, `${n}`, 1);
    const back = await client({ clientId, clean: false });
    const kept = await back.hears(limits.kept.queuedMessages);
    expect(kept.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 10}`));
  });

  test('there is room for so many sessions, and the oldest gives way', async () => {
    const { clientId } = await away();
    for (let n = 0; n < limits.kept.sessions; n += 1) await away();
    expect(await (await open()).connect({ clientId, clean: false })).toEqual({ present: false, code: 0 });
  });

  test('a filter that was refused is not in a session', async () => {
    const clientId = unused('keeper');
    const line = await client({ clientId, clean: false });
    expect(await line.subscribe(['closed/a', 1])).toEqual([0x80]);
    await line.leave();
    const back = await client({ clientId, clean: false });
    await back.settled();
  });
});

test('PINGREQ is answered (3.12.4-1), and after DISCONNECT the line ends (3.14.4)', async () => {
  const line = await client();
  await line.settled();
  await line.leave();
});
