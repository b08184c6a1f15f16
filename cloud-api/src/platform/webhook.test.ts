import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedLookup, isPublicAddress, postWebhook, urlFault, webhookSignature } from './webhook.ts';

describe('where a webhook may go', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
    '2001::1',
    '2001:db8::1',
    'nobody',
  ])('%s is nobody’s in the world', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2400:3200::1'])('%s is reached by anybody', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('says why an address may not be called, however it is written', () => {
    expect(urlFault('http://hooks.example/x', false)).toBe('not-https');
    expect(urlFault('https://user:pass@hooks.example/', false)).toBe('has-credentials');
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', 'a.localhost'])
      expect([host, urlFault(`https://${host}/`, false)]).toEqual([host, 'private']);
    expect(urlFault('https://hooks.example/', false)).toBeUndefined();
    expect(urlFault('http://127.0.0.1:1/', true)).toBeUndefined();
    expect(urlFault('ftp://127.0.0.1/', true)).toBe('not-https');
  });

  it('looks a name up and refuses one that leads inside', async () => {
    const error = await new Promise((done) => guardedLookup('localhost', { all: true }, (found) => done(found)));
    expect(String(error)).toContain('private');
  });
});

describe('a webhook', () => {
  let server: Server;
  let url: string;
  const calls: { readonly request: IncomingMessage; readonly body: string }[] = [];
  beforeAll(async () => {
    server = createServer((request, answer) => {
      void text(request).then((body) => {
        calls.push({ request, body });
        if (request.url === '/away') answer.writeHead(302, { location: '/elsewhere' }).end();
        else answer.writeHead(request.url === '/broken' ? 500 : 204).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const post = (path: string, mayBePrivate = true) =>
    postWebhook({
      url: `${url}${path}`,
      body: '{"é":1}',
      headers: { 'x-a': 'b' },
      mayBePrivate,
      signal: AbortSignal.timeout(60_000),
    });

  it('arrives as it was signed', async () => {
    expect(await post('/')).toBe(204);
    const call = calls.at(-1);
    expect(call?.body).toBe('{"é":1}');
    expect(call?.request.headers).toMatchObject({ 'x-a': 'b', 'content-type': 'application/json' });
    const hmac = createHmac('sha256', 'secret').update('17.{}').digest('hex');
    expect(webhookSignature('secret', 17, '{}')).toBe(`t=17,v1=${hmac}`);
  });

  it('is not delivered by another answer, and follows nobody elsewhere', async () => {
    await expect(post('/broken')).rejects.toThrow('500');
    const before = calls.length;
    await expect(post('/away')).rejects.toThrow('302');
    expect(calls.length).toBe(before + 1);
  });

  it('goes to no private address unless a setting allows it', async () => {
    const before = calls.length;
    await expect(post('/', false)).rejects.toThrow('not-https');
    expect(calls.length).toBe(before);
  });
});
