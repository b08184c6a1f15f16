import { describe, expect, it } from 'vitest';
import { sendFile } from './send-file.ts';

const bytes = Buffer.from('0123456789');
const name = 'ab'.repeat(32);
const etag = `"${name}"`;
let opened = 0;
const blobs = {
  size: async (asked: string) => (asked === name ? bytes.length : undefined),
  async read(_name: string, from: number, to: number) {
    opened += 1;
    return new Blob([bytes.subarray(from, to + 1)]).stream();
  },
};
const ask = (headers: Record<string, string> = {}, method = 'GET') =>
  sendFile(blobs, name, 'video/mp4', new Request('http://x', { method, headers }), 'everybody');

describe('a file that is named by its content', () => {
  it('may be kept by every cache, for a day', async () => {
    const answer = await ask();
    expect(Object.fromEntries(answer.headers)).toEqual({
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=86400, immutable',
      'content-length': '10',
      'content-type': 'video/mp4',
      etag,
    });
    const own = await sendFile(blobs, name, 'video/mp4', new Request('http://x'));
    expect(own.headers.get('cache-control')).toMatch(/^private/);
  });

  it.each([
    [{}, 200, '0123456789', null],
    [{ range: 'bytes=4-' }, 206, '456789', 'bytes 4-9/10'],
    [{ range: 'bytes=4-', 'if-range': etag }, 206, '456789', 'bytes 4-9/10'],
    // Somebody holds a part of something else: all of it comes.
    [{ range: 'bytes=4-', 'if-range': '"other"' }, 200, '0123456789', null],
    // A weak tag says nothing of bytes.
    [{ range: 'bytes=4-', 'if-range': `W/${etag}` }, 200, '0123456789', null],
    [{ range: 'bytes=4-', 'if-range': 'Sun, 22 Nov 2026 00:00:00 GMT' }, 200, '0123456789', null],
    [{ range: 'bytes=4-5,7-8' }, 200, '0123456789', null],
    [{ 'if-match': `"other", ${etag}` }, 200, '0123456789', null],
    [{ 'if-match': '*' }, 200, '0123456789', null],
    [{ 'if-none-match': '"other"' }, 200, '0123456789', null],
    [{ 'if-none-match': etag }, 304, '', null],
    [{ 'if-none-match': `"other", W/${etag}` }, 304, '', null],
    [{ 'if-none-match': '*' }, 304, '', null],
    // The condition counts before the range.
    [{ 'if-none-match': etag, range: 'bytes=99-' }, 304, '', null],
    [{ 'if-none-match': 'not a tag' }, 200, '0123456789', null],
  ])('answers %j with %i', async (headers, status, body, contentRange) => {
    const answer = await ask(headers);
    expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
    expect(answer.headers.get('etag')).toBe(etag);
  });

  it.each([
    [{ 'if-match': '"other"' }, 'precondition-failed'],
    [{ 'if-match': `W/${etag}` }, 'precondition-failed'],
    [{ range: 'bytes=10-' }, 'range-not-satisfiable'],
  ])('refuses %j as %s', async (headers, code) => {
    await expect(ask(headers)).rejects.toMatchObject({ code });
  });

  it('tells its head without opening it, and no part of it', async () => {
    opened = 0;
    const answer = await ask({ range: 'bytes=4-' }, 'HEAD');
    expect([answer.status, answer.headers.get('content-length'), answer.body, opened]).toEqual([200, '10', null, 0]);
  });
});
