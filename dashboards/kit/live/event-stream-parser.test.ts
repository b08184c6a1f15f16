import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventStreamParser, type StreamedEvent } from './event-stream-parser.ts';

function parse(chunks: readonly string[]): StreamedEvent[] {
  const events: StreamedEvent[] = [];
  const parser = createEventStreamParser((event) => events.push(event));
  for (const chunk of chunks) parser.take(chunk);
  return events;
}

it('reads id, type and data, and passes over comments and heartbeats', () => {
  expect(parse([': hello\n\nid: 7\nevent: access\ndata: {"a":1}\n\n:\n\n'])).toEqual([
    { id: '7', type: 'access', data: '{"a":1}' },
  ]);
});

it('knows from where to go on before the first event, and not from the middle of one', () => {
  const parser = createEventStreamParser(() => undefined);
  parser.take('id: 41\n: connected\n\n');
  expect(parser.lastId()).toBe('41');
  parser.take('id: 42\ndata: half of');
  expect(parser.lastId()).toBe('41');
  parser.take(' it\n\n');
  expect(parser.lastId()).toBe('42');
});

it('keeps the id of an earlier event and joins lines of data', () => {
  expect(parse(['id:1\ndata:a\ndata:b\n\ndata: c\n\n'])).toEqual([
    { id: '1', type: 'message', data: 'a\nb' },
    { id: '1', type: 'message', data: 'c' },
  ]);
});

it('finds the same events wherever the network cuts the text, with any line ends', () => {
  const text = 'id: 1\r\nevent: play\r\ndata: 门\r\n\r\nid: 2\rdata: x\r\rid: 3\ndata: y\n\n';
  const whole = parse([text]);
  expect(whole.map((event) => event.id)).toEqual(['1', '2', '3']);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      expect(parse(at.slice(1).map((end, i) => text.slice(at[i], end)))).toEqual(whole);
    }),
  );
});

it('refuses a line without end', () => {
  expect(() => parse(['data: ', 'x'.repeat(70_000)])).toThrow(RangeError);
});
