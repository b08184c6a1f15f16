import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testApp, type TestApp } from '../test-app.ts';
import { open } from './auth.ts';
import { httpStatus } from './errors.ts';
import { createApi } from './http.ts';

describe('the API', () => {
  let world: TestApp;
  let pages: string;
  beforeAll(async () => {
    pages = mkdtempSync(join(tmpdir(), 'gatecast-pages-'));
    mkdirSync(join(pages, 'operator/assets'), { recursive: true });
    writeFileSync(join(pages, 'operator/index.html'), '<!doctype html><title>Operator</title>');
    writeFileSync(join(pages, 'operator/assets/app-1a2b3c.js'), 'export {};');
    writeFileSync(join(pages, 'operator/assets/app-1a2b3c.js.br'), brotliCompressSync('export {};'));
    writeFileSync(join(pages, 'operator/assets/app-1a2b3c.js.gz'), gzipSync('export {};'));
    world = await testApp({
      env: { GATECAST_DASHBOARDS_DIR: pages, GATECAST_FRAME_ANCESTORS: 'http://127.0.0.1:7000' },
    });
  });
  afterAll(async () => {
    await world.close();
    rmSync(pages, { recursive: true, force: true });
  });

  it('answers errors as problem details with a stable code', async () => {
    const wrong = await world.call('POST', '/v1/sessions', { body: { email: 'nobody', password: '' } });
    expect(wrong.headers.get('content-type')).toContain('application/problem+json');
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid-request', status: 400 } });
    expect(wrong.body.faults.length).toBeGreaterThan(0);
    expect(await world.call('GET', '/v1/nowhere')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await world.call('POST', '/v1/sessions', { body: '{"email"' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it('takes no NUL character, which PostgreSQL could not store, and minds no backslash before a u', async () => {
    const call = (email: string) => world.call('POST', '/v1/sessions', { body: `{"email":"${email}","password":"x"}` });
    const refused = await call(String.raw`a\u0000@b.example`);
    expect(refused.body).toMatchObject({ code: 'invalid-request', title: 'a text may hold no NUL character' });
    const other = await call(String.raw`a\\u0000@b.example`);
    expect(other.body.title).not.toContain('NUL');
  });

  it('says nothing about the inside of a bug', async () => {
    const answer = await faultyApi(world).request('/v1/bug');
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
    expect(text).not.toContain('secret');
  });

  it('lets nothing out that the contract does not name', async () => {
    expect(await (await faultyApi(world).request('/v1/leak')).json()).toEqual({ n: 1 });
  });

  it('refuses a body that is too large and a key that is none', async () => {
    const body = { email: 'a@b.test', password: 'x'.repeat(300_000) };
    expect(await world.call('POST', '/v1/sessions', { body })).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    });
    const odd = await world.call('POST', '/v1/sessions', { body: {}, headers: { 'idempotency-key': 'ü' } });
    expect(odd).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('describes every route, with its right, and loads its reference from nowhere else', async () => {
    const { body } = await world.call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const { method, path } of world.app.platform.api.routes) {
      expect(body.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method]?.description).toMatch(/^Right: /);
    }
    const docs = await (await world.app.fetch(new Request('http://gatecast.test/docs'))).text();
    expect(docs).toContain('/v1/terminals');
    expect(docs).not.toMatch(/<script|https?:\/\//);
  });

  it('tells how it is', async () => {
    expect((await world.call('GET', '/healthz')).status).toBe(200);
    expect((await world.call('GET', '/readyz')).body).toMatchObject({ ready: true, broker: false });
    await world.call('GET', '/v1/me');
    const metrics = await world.app.fetch(new Request('http://gatecast.test/metrics'));
    expect(await metrics.text()).toContain(
      'gatecast_http_request_seconds_count{method="GET",route="/v1/bug",status="500"} 1',
    );
  });

  it('serves the pages, each path below them, and hashed files for a year', async () => {
    const get = (path: string) => world.app.fetch(new Request(`http://gatecast.test${path}`));
    const page = await get('/operator/review');
    expect(await page.text()).toContain('<title>Operator</title>');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self' http://127.0.0.1:7000");
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const file = await get('/operator/assets/app-1a2b3c.js');
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect((await get('/operator/assets/gone-0.js')).status).toBe(404);
    expect((await get('/operator/..%2f..%2fcloud.sqlite')).headers.get('content-type')).toContain('text/html');
    expect((await get('/merchant/')).status).toBe(503);
    const short = await get('/operator?enter=abc');
    expect(short.headers.get('location')).toBe('/operator/?enter=abc');
  });

  it('serves a page’s files as packed as the browser takes them, and plain to whoever takes nothing else', async () => {
    const get = async (takes?: string) => {
      const headers = takes === undefined ? {} : { 'accept-encoding': takes };
      const url = 'http://gatecast.test/operator/assets/app-1a2b3c.js';
      const answer = await world.app.fetch(new Request(url, { headers }));
      expect(answer.headers.get('vary')).toBe('accept-encoding');
      expect(answer.headers.get('content-type')).toContain('text/javascript');
      expect(answer.headers.get('cache-control')).toContain('immutable');
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { encoding: answer.headers.get('content-encoding'), bytes };
    };
    const brotli = await get('gzip, deflate, br');
    expect([brotli.encoding, brotliDecompressSync(brotli.bytes).toString()]).toEqual(['br', 'export {};']);
    const gzip = await get('gzip, deflate');
    expect([gzip.encoding, gunzipSync(gzip.bytes).toString()]).toEqual(['gzip', 'export {};']);
    const plain = await get();
    expect([plain.encoding, plain.bytes.toString()]).toEqual([null, 'export {};']);
  });
});

/** An API with a route that fails and one that says too much. */
function faultyApi({ app: { platform } }: TestApp) {
  const api = createApi({
    ...platform,
    authenticate: async () => undefined,
    hashRequest: async (text) => text,
    addressOf: () => undefined,
  });
  const endpoint = {
    method: 'get',
    tag: 'test',
    summary: 'Test',
    right: open('a test'),
    reply: z.object({ n: z.int() }),
  } as const;
  api.route({ ...endpoint, path: '/v1/bug' }, async () => {
    throw new Error('secret inside');
  });
  api.route({ ...endpoint, path: '/v1/leak' }, async () => ({ n: 1, passwordHash: 'x' }));
  return api.app;
}

it('every code has a status that is an error', () => {
  for (const status of Object.values(httpStatus)) expect(status).toBeGreaterThanOrEqual(400);
});
