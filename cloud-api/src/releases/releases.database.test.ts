import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@gatecast/firmware-protocol';
import { documentEnvelope, protocolVersion, softwareDocument } from '@gatecast/firmware-protocol/messages';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { healthOf } from '../fleet/health.fixture.ts';
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
      const { body } = await upload(
        file.bytes,
        '?notes=Quieter&fromMinute=60&toMinute=300&bytesPerSecondMax=65536&restartFromMinute=120&restartToMinute=300',
      );
      const { archive } = file.manifest;
      expect(body).toMatchObject({
        version: version(),
        model: 'linux-x64',
        notes: 'Quieter',
        kid: key.kid,
        archive,
        files: 2,
        download: {
          window: { fromMinute: 60, toMinute: 300 },
          bytesPerSecondMax: 65_536,
          restartWindow: { fromMinute: 120, toMinute: 300 },
        },
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
      for (const query of ['?fromMinute=60', '?restartFromMinute=60', '?restartFromMinute=60&restartToMinute=60'])
        expect((await upload(bytes, query)).status, query).toBe(400);
    });
  });

  describe('that a terminal is given', () => {
    it('are told to it as a document with the signature, and it fetches the archive, or what is missing of it', async () => {
      const { id, manifest, bytes } = await uploaded();
      expect((await assign(id)).body).toEqual({ items: [{ terminalId: terminal.id, version: 1 }], notFor: [] });
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

    it('stay as they are when they are assigned again, and are tried again where they failed', async () => {
      const { id } = await uploaded();
      const versionOf = async () => (await assign(id)).body.items[0].version as number;
      expect([await versionOf(), await versionOf()]).toEqual([1, 1]);
      await report('failed', 'not-enough-space');
      expect([await versionOf(), await versionOf()]).toEqual([2, 2]);
      await report('applied', undefined, 2);
      expect(await versionOf()).toBe(2);
    });

    it('are assigned to all or to none', async () => {
      const { id } = await uploaded();
      expect((await assign(id, [terminal.id, newId('terminal')])).status).toBe(404);
      expect(await terminalsOf(id)).toEqual([]);
      expect((await assign(newId('release'))).status).toBe(404);
      expect((await assign(id, [terminal.id], here.manager)).status).toBe(403);
    });

    it('are fetched and restarted for as the operator says, by whoever gets them from then on', async () => {
      const { id } = await uploaded();
      await assign(id);
      const terms = { window: null, bytesPerSecondMax: 65_536, restartWindow: { fromMinute: 120, toMinute: 300 } };
      const path = `/v1/releases/${id}/download`;
      const changed = await world.call('PUT', path, { token: world.operator, body: terms });
      expect(changed.body.download).toEqual(terms);
      const softwareOf = async (of: TestTerminal) => {
        const answer = await world.call('GET', `/v1/terminals/${of.id}/documents/software`, { token: of.token });
        return softwareDocument.parse(documentEnvelope.parse(answer.body).body).download;
      };
      expect((await softwareOf(terminal)).restartWindow).toBeNull();
      const later = await claimedTerminal(world, await neighbourhood(world));
      await assign(id, [later.id]);
      expect(await softwareOf(later)).toEqual(terms);
      expect((await world.call('PUT', path, { token: here.manager, body: terms })).status).toBe(403);
      const empty = { ...terms, restartWindow: { fromMinute: 120, toMinute: 120 } };
      expect((await world.call('PUT', path, { token: world.operator, body: empty })).status).toBe(400);
    });

    it('that a roll-out has called back are not fetched any more, until they are given again', async () => {
      const { id, manifest } = await uploaded();
      await assign(id);
      const d = world.store.read.t.terminalDocuments;
      await world.store.tx(async (q) => {
        const isOfTerminal = and(eq(d.terminalId, terminal.id), eq(d.kind, 'software'));
        await q.update(d).set({ withheld: true }).where(isOfTerminal);
      });
      expect((await fetched(manifest.archive.sha256)).status).toBe(404);
      await assign(id);
      expect((await fetched(manifest.archive.sha256)).status).toBe(200);
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

  describe('that are not for every terminal', () => {
    /** A terminal that has said what it is, with its health, and what it runs. */
    const said = async (model: string | undefined, agentVersion: string) => {
      const entrances = `/v1/communities/${here.communityId}/entrances`;
      const entrance = { token: world.operator, body: { name: 'Gate', placement: 'gate' } };
      const { id: entranceId } = (await world.call('POST', entrances, entrance)).body;
      const one = await claimedTerminal(world, { ...here, entranceId });
      const body = healthOf(one.id, world.clock.now(), { ...(model !== undefined && { model }), agentVersion });
      const answer = await world.call('PUT', `/v1/terminals/${one.id}/health`, { token: one.token, body });
      expect(answer.status).toBe(204);
      const seen = { online: true, doorOnline: true, session: 's', monoMs: 1, lastSeenAt: world.clock.now() };
      await world.store.tx(async (q) => {
        const t = q.t.terminalPresence;
        const row = { terminalId: one.id, agentVersion, ...seen };
        await q.insert(t).values(row).onConflictDoUpdate({ target: t.terminalId, set: { agentVersion } });
      });
      return one;
    };
    const preview = async (id: string, body: object) =>
      (await world.call('POST', `/v1/releases/${id}/assignments/preview`, { token: world.operator, body })).body;

    it('name those at once, with the reason, and are given to the others alone', async () => {
      const { id } = await uploaded();
      const [fits, other, newer] = [
        await said('linux-x64', '0.1.0'),
        await said('linux-arm64', '0.1.0'),
        await said('linux-x64', version(1)),
      ];
      const named = { terminalIds: [terminal.id, fits.id, other.id, newer.id] };
      const notFor = [
        { terminalId: other.id, reason: 'wrong-model', model: 'linux-arm64', agentVersion: '0.1.0' },
        { terminalId: newer.id, reason: 'older-release', model: 'linux-x64', agentVersion: version(1) },
      ].toSorted((a, b) => (a.terminalId < b.terminalId ? -1 : 1));
      expect(await preview(id, named)).toMatchObject({ total: 2, unsaid: 1, notFor });
      expect(await terminalsOf(id)).toEqual([]);
      const { body } = await assign(id, named.terminalIds);
      expect(body.notFor).toMatchObject(notFor);
      const given = (await terminalsOf(id)).map(({ terminalId }: { terminalId: string }) => terminalId);
      expect(given.toSorted()).toEqual([terminal.id, fits.id].toSorted());
      const shown = await world.call('GET', `/v1/terminals/${fits.id}`, { token: here.manager });
      expect(shown.body.model).toBe('linux-x64');
    });

    it('are given to whole communities too, and to nobody where none is named', async () => {
      const { id } = await uploaded();
      const fits: TestTerminal[] = [];
      // More than one transaction takes.
      for (let n = 0; n < 11; n += 1) fits.push(await said('linux-x64', '0.1.0'));
      const elsewhere = await neighbourhood(world);
      await claimedTerminal(world, elsewhere);
      const body = { communityIds: [here.communityId] };
      const path = `/v1/releases/${id}/assignments`;
      const answer = await world.call('POST', path, { token: world.operator, body });
      const given = answer.body.items.map(({ terminalId }: { terminalId: string }) => terminalId);
      expect(given.toSorted()).toEqual([terminal, ...fits].map((one) => one.id).toSorted());
      expect((await world.call('POST', path, { token: world.operator, body: {} })).status).toBe(400);
      expect((await preview(id, { communityIds: [newId('community')] })).total).toBe(0);
    });
  });
});
