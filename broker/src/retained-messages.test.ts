import { expect, test } from 'vitest';
import type { Session } from './access-policy.ts';
import { RetainedMessages } from './retained-messages.ts';

const limits = { messages: 3, bytes: 100, payloadBytes: 50 };
const message = (topic: string, bytes = 10) => ({ topic, payload: Buffer.alloc(bytes, 1), qos: 1 as const });
const topics = (retained: RetainedMessages, filter: string) => [...retained.matching(filter)].map(({ topic }) => topic);

test('a topic has one, the last, until an empty one takes it away', () => {
  const retained = new RetainedMessages(limits);
  expect([retained.put(message('a', 10), undefined), retained.put(message('a', 20), undefined)]).toEqual([true, true]);
  expect([retained.count, retained.bytes]).toEqual([1, 21]);
  retained.put(message('a', 0), undefined);
  expect([retained.count, retained.bytes]).toEqual([0, 0]);
});

test('there is room for so many, so many bytes, and so many in one', () => {
  const retained = new RetainedMessages(limits);
  expect(retained.put(message('one', 51), undefined)).toBe(false);
  expect([1, 2, 3, 4].map((n) => retained.put(message(`${n}`), undefined))).toEqual([true, true, true, false]);
  expect(retained.put(message('1', 50), undefined)).toBe(true);
  expect(retained.put(message('2', 50), undefined)).toBe(false);
  expect(topics(retained, '#')).toEqual(['1', '2', '3']);
});

test('what is kept does not hold on to the chunk that it came in', () => {
  const retained = new RetainedMessages(limits);
  const chunk = Buffer.alloc(65_536, 1);
  retained.put({ topic: 'a', payload: chunk.subarray(0, 8), qos: 0 }, undefined);
  chunk.fill(2);
  expect([...retained.matching('a')][0]?.payload).toEqual(Buffer.alloc(8, 1));
});

test('what a revoked terminal said is forgotten', () => {
  const retained = new RetainedMessages(limits);
  let over = false;
  const by: Session = {
    subject: 'terminal:x',
    kind: 'terminal',
    mayPublish: () => true,
    maySubscribe: () => true,
    lapse: () => (over ? 'revoked' : undefined),
  };
  retained.put(message('a'), by);
  retained.put(message('b'), undefined);
  retained.dropRevoked();
  expect(retained.count).toBe(2);
  over = true;
  retained.dropRevoked();
  expect(topics(retained, '#')).toEqual(['b']);
  expect(retained.bytes).toBe(11);
});
