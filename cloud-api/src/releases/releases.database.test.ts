import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@gatecast/firmware-protocol';
import { documentEnvelope, protocolVersion, softwareDocument } from '@gatecast/firmware-protocol/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type Answer, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import { keyFileOf, newUpdateKey, releaseFile, type ReleaseFile } from './release.fixture.ts';

describeStores('releases of the agent', (its) => {
  let dir: string;
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  /** Each test has versions of its own: the store is one for all. */
  let major = Math.floor(Math.random() * 100_000);
  const version = (minor = 0) => `${major}.${minor}.0`;
  const key = newUpdateKey();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-cloud-releases-'));
    writeFileSync(join(dir, 'update-keys.json'), keyFileOf(key));
    const env = { GATECAST_DATA_DIR: dir, GATECAST_UPDATE_KEYS_FILE: join(dir, 'update-keys.json') };
    world = await testApp({ store: its.store, env });
  });
  beforeEach(async () => {
    major += 1;
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
  });
  afterAll(async () => {
    await world.close();
    rmSync(dir, { recursive: true });
  });

  const upload = async (bytes: Uint8Array, query = '', idempotencyKey?: string, token = world.operator) => {
    const headers = new Headers({ authorization: `Bearer ${token}`, 'content-length': String(bytes.length) });
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
    const body = new Uint8Array(bytes);
    const request = new Request(`http://gatecast.test/v1/releases${query}`, { method: 'POST', headers, body });
    const answer = await world.app.fetch(request);
    return { status: answer.status, body: await answer.json() } as Pick<Answer, 'status' | 'body'>;
  };
  const uploaded = async (minor = 0): Promise<ReleaseFile & { readonly id: string }> => {
    const file = await releaseFile(version(minor), key);
    const { status, body } = await upload(file.bytes);
    expect([status, body]).toEqual([201, expect.objectContaining({ version: version(minor) }) as unknown]);
    return { ...file, id: body.id as string };
  };
  const assign = (id: string, terminalIds: readonly string[] = [terminal.id], token = world.operator) =>
    world.call('POST', `/v1/releases/${id}/assignments`, { token, body: { terminalIds } });
  const report = (state: string, reason?: string, wanted = 1) =>
    world.call('PUT', `/v1/terminals/${terminal.id}/reported`, {
      token: terminal.token,
      body: { kind: 'software', version: wanted, state, reason },
    });
  const fetched = (sha256: string, headers: Record<string, string> = {}, at = terminal) =>
    world.app.fetch(
      new Request(`http://gatecast.test/v1/terminals/${at.id}/releases/${sha256}`, {
        headers: { authorization: `Bearer ${at.token}`, ...headers },
      }),
    );
  const terminalsOf = async (id: string) =>
    (await world.call('GET', `/v1/releases/${id}/terminals`, { token: world.operator })).body.items;

  describe('that the operator uploads', () => {
    it('are listed with what they are, once they were checked', async () => {
      const file = await releaseFile(version(), key);
      const { body } = await upload(file.bytes, '?notes=Quieter&fromMinute=60&toMinute=300&bytesPerSecondMax=65536');
      const { archive } = file.manifest;
      expect(body).toMatchObject({
        version: version(),
        model: 'linux-x64',
        notes: 'Quieter',
        kid: key.kid,
        archive,
        files: 2,
        download: { window: { fromMinute: 60, toMinute: 300 }, bytesPerSecondMax: 65_536 },
        withdrawnAt: null,
        terminals: { pending: 0, applied: 0, failed: 0 },
      });
      const list = await world.call('GET', '/v1/releases', { token: world.operator });
      expect(list.body.items[0].id).toBe(body.id);
      expect(readdirSync(join(dir, 'releases', 'desk'))).toEqual([]);
    });

    it('are taken once, however often the upload is repeated', async () => {
      const { bytes } = await releaseFile(version(), key);
      const [first, again] = [await upload(bytes, '', version()), await upload(bytes, '', version())];
      expect(again.body.id).toBe(first.body.id);
      expect(await upload(bytes)).toMatchObject({ status: 409, body: { code: 'release-known' } });
    });

    it('are refused when they are not whole, not signed, or signed by somebody else', async () => {
      const file = await releaseFile(version(), key);
      const cases: [Uint8Array, string][] = [
        [Buffer.from('no release'), 'release-unreadable'],
        [(await releaseFile(version(), undefined)).bytes, 'release-unsigned'],
        [(await releaseFile(version(), newUpdateKey())).bytes, 'release-key-unknown'],
        [file.bytes.subarray(0, -2), 'release-damaged'],
        [Buffer.concat([file.bytes, Buffer.from('more')]), 'release-damaged'],
        [
          Buffer.from(file.bytes.toString('latin1').replace(version(), version(9)), 'latin1'),
          'release-signature-wrong',
        ],
      ];
      for (const [bytes, code] of cases) expect((await upload(bytes)).body.code).toBe(code);
      expect(readdirSync(join(dir, 'releases', 'desk'))).toEqual([]);
      expect((await upload(file.bytes)).status).toBe(201);
    });

    it('are refused where nobody said whose signature counts', async () => {
      const other = await testApp({ store: its.store });
      try {
        const { bytes } = await releaseFile(version(), key);
        const headers = { authorization: `Bearer ${other.operator}`, 'content-length': String(bytes.length) };
        const request = { method: 'POST', headers, body: new Uint8Array(bytes) };
        const answer = await other.app.fetch(new Request('http://gatecast.test/v1/releases', request));
        expect(await answer.json()).toMatchObject({ code: 'no-update-keys' });
      } finally {
        await other.close();
      }
    });

    it('are nobody else’s to upload', async () => {
      const { bytes } = await releaseFile(version(), key);
      expect((await upload(bytes, '', undefined, here.manager)).status).toBe(403);
      expect((await upload(bytes, '?fromMinute=60')).status).toBe(400);
    });
  });

  describe('that a terminal is given', () => {
    it('are told to it as a document with the signature, and it fetches the archive, or what is missing of it', async () => {
      const { id, manifest, bytes } = await uploaded();
      expect((await assign(id)).body).toEqual({ items: [{ terminalId: terminal.id, version: 1 }] });
      const path = `/v1/terminals/${terminal.id}`;
      const { token } = terminal;
      const desired = await world.call('GET', `${path}/desired?protocol=${protocolVersion}`, { token });
      expect(desired.body).toMatchObject({ software: 1 });
      const { body } = documentEnvelope.parse((await world.call('GET', `${path}/documents/software`, { token })).body);
      expect(softwareDocument.parse(body).release).toMatchObject({ manifest, signature: { kid: key.kid } });
      const whole = Buffer.from(await (await fetched(manifest.archive.sha256)).arrayBuffer());
      expect(whole).toEqual(bytes.subarray(bytes.length - manifest.archive.bytes));
      const rest = await fetched(manifest.archive.sha256, { range: 'bytes=10-' });
      expect([rest.status, Buffer.from(await rest.arrayBuffer())]).toEqual([206, whole.subarray(10)]);
    });

    it('are no other terminal’s to fetch', async () => {
      const { id, manifest } = await uploaded();
      expect((await fetched(manifest.archive.sha256)).status).toBe(404);
      await assign(id);
      const other = await claimedTerminal(world, await neighbourhood(world));
      expect((await fetched(manifest.archive.sha256, {}, other)).status).toBe(404);
      expect((await fetched(manifest.archive.sha256)).status).toBe(200);
    });

    it('are pending until it says that it runs them, or why not', async () => {
      const [first, second] = [await uploaded(0), await uploaded(1)];
      await assign(first.id);
      expect(await terminalsOf(first.id)).toMatchObject([{ terminalId: terminal.id, state: 'pending', reason: null }]);
      await report('failed', 'door-silent');
      expect(await terminalsOf(first.id)).toMatchObject([{ state: 'failed', reason: 'door-silent' }]);
      await assign(second.id);
      await report('applied', undefined, 2);
      expect(await terminalsOf(first.id)).toEqual([]);
      expect(await terminalsOf(second.id)).toMatchObject([{ state: 'applied', reason: null }]);
      const shown = await world.call('GET', `/v1/releases/${second.id}`, { token: world.operator });
      expect(shown.body.terminals).toEqual({ pending: 0, applied: 1, failed: 0 });
    });

    it('are assigned to all or to none', async () => {
      const { id } = await uploaded();
      expect((await assign(id, [terminal.id, newId('terminal')])).status).toBe(404);
      expect(await terminalsOf(id)).toEqual([]);
      expect((await assign(newId('release'))).status).toBe(404);
      expect((await assign(id, [terminal.id], here.manager)).status).toBe(403);
    });

    it('that were withdrawn are given to nobody, and not fetched any more', async () => {
      const { id, manifest } = await uploaded();
      await assign(id);
      for (let time = 0; time < 2; time += 1) {
        const answer = await world.call('POST', `/v1/releases/${id}/withdraw`, { token: world.operator });
        expect(answer.body.withdrawnAt).toBe(world.clock.now());
      }
      expect((await assign(id)).body.code).toBe('release-withdrawn');
      expect((await fetched(manifest.archive.sha256)).status).toBe(404);
    });

    it('and who gave them stands in the audit', async () => {
      const { id } = await uploaded();
      await assign(id);
      const { body } = await world.call('GET', '/v1/audit?limit=20', { token: world.operator });
      const actions = (body.items as { action: string; subject: string }[]).filter(({ subject }) => subject === id);
      expect(actions.map(({ action }) => action).toSorted()).toEqual(['release.assign', 'release.upload']);
    });
  });
});
