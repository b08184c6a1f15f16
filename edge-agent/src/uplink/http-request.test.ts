import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { askCloud, bytesOf } from './cloud-http.ts';

describe('asking the cloud', () => {
  let server: Server | undefined;
  let connections = 0;

  const cloud = async (listener: RequestListener): Promise<string> => {
    connections = 0;
    server = createServer(listener).on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => void server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const get = (url: string, signal?: AbortSignal) =>
    askCloud(url, { method: 'GET', path: '/x', ...(signal && { signal }) });
  const textOf = async (url: string) => Buffer.from(await bytesOf(await get(url))).toString();

  it('takes an answer as it is or compressed, and uses one connection', async () => {
    const text = '门'.repeat(100_000);
    const url = await cloud((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      if (request.headers.authorization === undefined) response.end(text);
      else response.setHeader('content-encoding', 'gzip').end(gzipSync(text));
    });
    expect(await textOf(url)).toBe(text);
    const zipped = await askCloud(url, { method: 'GET', path: '/x', token: 'token' });
    expect(Buffer.from(await bytesOf(zipped)).toString()).toBe(text);
    expect(connections).toBe(1);
  });

  it('uses its connection again after an answer without a body', async () => {
    const url = await cloud((_request, response) => void response.writeHead(204).end());
    for (let n = 0; n < 3; n += 1) {
      await (await get(url)).body?.cancel();
      // The connection is free after this turn.
      await setImmediate();
    }
    expect(connections).toBe(1);
  });

  it('sends a body with its length and its kind', async () => {
    const url = await cloud((request, response) => {
      request
        .setEncoding('utf8')
        .once('data', (body: string) =>
          response.end(
            `${request.method} ${request.headers['content-length']} ${request.headers['content-type']} ${body}`,
          ),
        );
    });
    const answer = await askCloud(url, { method: 'POST', path: '/x', body: '{"名":1}' });
    expect(Buffer.from(await bytesOf(answer)).toString()).toBe('POST 9 application/json {"名":1}');
  });

  it('follows no redirect', async () => {
    const url = await cloud((_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    await expect(get(url)).rejects.toMatchObject({ code: 'cloud-answer-invalid', details: { status: 302 } });
  });

  it('hands on what a refusal says, and bears one that says nothing or far too much', async () => {
    const bodies = ['{"code":"too-many-rows","title":"later","limit":5}', 'not JSON', 'x'.repeat(1_000_000)];
    const url = await cloud(
      (_request, response) => void response.writeHead(429, { 'retry-after': '7' }).end(bodies.shift()),
    );
    await expect(get(url)).rejects.toMatchObject({
      code: 'too-many-rows',
      details: { status: 429, retryAfterSeconds: 7, limit: 5 },
    });
    for (let n = 0; n < 2; n += 1)
      await expect(get(url)).rejects.toMatchObject({ code: 'cloud-answer-invalid', details: { status: 429 } });
  });

  it.each([
    ['before its head', (response) => void response.destroy()],
    [
      'in its body',
      (response) => void response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy()),
    ],
    [
      'in its compressed body',
      (response) => {
        const zipped = gzipSync(Buffer.alloc(100_000, 'abc'));
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length });
        response.write(zipped.subarray(0, 50), () => response.destroy());
      },
    ],
  ] satisfies [string, (response: Parameters<RequestListener>[1]) => void][])(
    'says that the cloud cannot be reached when an answer breaks off %s',
    async (_where, answer) => {
      const url = await cloud((_request, response) => answer(response));
      await expect(textOf(url)).rejects.toMatchObject({ code: 'cloud-unreachable' });
    },
  );

  it('is not filled by an answer without end, nor by a small one that unpacks to it', async () => {
    const huge = gzipSync(Buffer.alloc(40_000_000));
    const url = await cloud((_request, response) => response.setHeader('content-encoding', 'gzip').end(huge));
    await expect(textOf(url)).rejects.toMatchObject({ code: 'cloud-answer-invalid' });
  });

  it('gives up at once when it is told to, before the answer and in it', async () => {
    const url = await cloud((request, response) => {
      if (request.method === 'GET') response.writeHead(200).write('a beginning');
    });
    const stop = new AbortController();
    const answer = await get(url, stop.signal);
    const read = bytesOf(answer);
    const waiting = askCloud(url, { method: 'POST', path: '/x', signal: stop.signal });
    stop.abort();
    expect(await Promise.allSettled([read, waiting])).toMatchObject([
      { reason: { code: 'cloud-unreachable' } },
      { reason: { code: 'cloud-unreachable' } },
    ]);
  });
});
