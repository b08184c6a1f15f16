import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, newId, systemClock } from '@gatecast/firmware-protocol';
import type { AccessList, Credential, DocumentEnvelope } from '@gatecast/firmware-protocol/messages';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Agent } from '../agent.ts';
import { readStored } from '../doctor/stored.ts';
import { doorLink } from '../door/serial-line.ts';
import { loadOrCreateKeys } from '../store/identity.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { CloudFixture } from './cloud.fixture.ts';
import { claimTerminal, SignIn } from './sign-in.ts';
import { TerminalApi } from './terminal-api.ts';

const soon = { timeout: 15_000, interval: 20 };

describe('a terminal and its cloud', () => {
  let fixture: TerminalFixture;
  let cloud: CloudFixture;
  let dataDir: string;
  let agent: Agent;

  const newAgent = () =>
    new Agent({
      dataDir,
      cloudUrl: cloud.url,
      claimCode: '0123456789AB',
      doorLinks: { osdp: doorLink('tcp://127.0.0.1:9') },
      clock: systemClock,
      screen: { port: 0, frameAncestors: [], pageDir: dataDir },
      log: pino({ level: 'silent' }),
    });
  const kinds = () =>
    cloud.rows.health.map(({ kind, body }) =>
      typeof body['version'] === 'number' ? `${kind} ${body['version']}` : kind,
    );
  const put = (kind: 'config' | 'access' | 'plan', version: number, body: unknown) =>
    cloud.documents.set(kind, fixture.envelope(kind, version, body));

  beforeEach(async () => {
    fixture = new TerminalFixture();
    cloud = new CloudFixture(fixture);
    await cloud.start();
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-uplink-'));
    agent = newAgent();
  });
  afterEach(async () => {
    await agent.stop();
    await cloud.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('a fresh terminal is claimed, signs in, takes its documents and brings its journal', async () => {
    expect(await agent.start()).toMatchObject({ terminal: fixture.terminal });
    put('config', 1, fixture.config(cloud.sealingKey));
    put('access', 4, fixture.list(cloud.sealingKey, [fixture.unitPin('1', '739154')]));
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await vi.waitFor(() => expect(kinds()).toEqual(['boot', 'boot', 'applied 1', 'applied 4']), soon);
    await vi.waitFor(
      () =>
        expect(cloud.reports).toEqual([
          { kind: 'config', version: 1, state: 'applied' },
          { kind: 'access', version: 4, state: 'applied' },
        ]),
      soon,
    );
    expect(cloud.rows.health.at(-1)?.clock).toBe('synced');
    expect(cloud.rows.health.map((row) => row.body['unclean'] ?? false)).not.toContain(true);
  });

  it('a claim that is under way when the agent is told to end is kept: its code works only once', async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      cloud.beforeClaimAnswer = () => {
        resolve();
        return new Promise((release) => (answer = release));
      };
    });
    const starting = agent.start();
    await asked;
    const stopping = agent.stop();
    answer();
    await Promise.all([starting, stopping]);
    cloud.beforeClaimAnswer = () => Promise.reject(new DomainError('unknown-claim-code', '', { status: 404 }));
    agent = newAgent();
    expect(await agent.start()).toMatchObject({ terminal: fixture.terminal });
  });

  it('a list that somebody else signed, or that was changed, changes nothing', async () => {
    await agent.start();
    const forger = new TerminalFixture();
    Object.defineProperty(forger, 'terminal', { value: fixture.terminal });
    cloud.documents.set('access', forger.envelope('access', 2, fixture.list(cloud.sealingKey, [])));
    const plan = fixture.envelope('plan', 1, { zone: 'Asia/Shanghai' });
    cloud.documents.set('plan', { ...plan, hash: 'a'.repeat(64) });
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await vi.waitFor(
      () =>
        expect(cloud.reports).toEqual([
          { kind: 'access', version: 2, state: 'failed', reason: 'wrong-signature', inForce: 0 },
          { kind: 'plan', version: 1, state: 'failed', reason: 'wrong-hash', inForce: 0 },
        ]),
      soon,
    );
  });

  it('a media manifest that nobody signed is not taken after a signed one that says so', async () => {
    cloud.documents.set('media', fixture.signed(fixture.envelope('media', 2, { clips: [], signedOnly: true })));
    await agent.start();
    await vi.waitFor(() => expect(cloud.reports.at(-1)).toEqual({ kind: 'media', version: 2, state: 'applied' }), soon);
    cloud.documents.set('media', fixture.envelope('media', 3, { clips: [] }));
    await agent.stop();
    agent = newAgent();
    await agent.start();
    const refused = { kind: 'media', version: 3, state: 'failed', reason: 'unsigned', inForce: 2 };
    await vi.waitFor(() => expect(cloud.reports.at(-1)).toEqual(refused), soon);
  });

  it('a list that comes as a difference is in force, and one that does not fit comes whole', async () => {
    await agent.start();
    const resident = fixture.unitPin('1', '739154');
    const before = fixture.list(cloud.sealingKey, [resident]);
    put('access', 1, before);
    await vi.waitFor(() => expect(cloud.reports).toHaveLength(1), soon);
    const { credentials: _credentials, ...head } = before;
    const tell = (version: number, from: DocumentEnvelope, set: readonly Credential[], list: AccessList) => {
      put('access', version, list);
      const { body: _, ...identity } = fixture.envelope('access', version, list);
      const delta = { from: from.version, fromHash: from.hash, head, set: [...set], remove: [] };
      cloud.deltas.set(from.version, { ...identity, delta });
    };
    const [guest, other] = [fixture.code('48151623'), fixture.code('60221407')];
    const two = fixture.list(cloud.sealingKey, [resident, guest], { pinKeys: before.pinKeys });
    const three = fixture.list(cloud.sealingKey, [resident, guest, other], { pinKeys: before.pinKeys });
    tell(2, fixture.envelope('access', 1, before), [guest], two);
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await vi.waitFor(
      () => expect(cloud.reports).toContainEqual({ kind: 'access', version: 2, state: 'applied' }),
      soon,
    );
    tell(3, fixture.envelope('access', 2, two), [guest], three);
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await vi.waitFor(
      () => expect(cloud.reports).toContainEqual({ kind: 'access', version: 3, state: 'applied' }),
      soon,
    );
    expect(cloud.listsAsked).toEqual([null, 1, 2, null]);
  });

  it('a document that the cloud cannot give keeps no other from its place', async () => {
    await agent.start();
    put('config', 1, fixture.config(cloud.sealingKey));
    put('access', 1, fixture.list(cloud.sealingKey, [fixture.unitPin('1', '739154')]));
    cloud.brokenDocuments.add('config');
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await vi.waitFor(() => expect(cloud.reports).toEqual([{ kind: 'access', version: 1, state: 'applied' }]), soon);
  });

  it('keys that were sealed to another terminal are refused whole', async () => {
    await agent.start();
    put('access', 1, fixture.list(newKeyPair('x25519').publicKey, []));
    await agent.stop();
    agent = newAgent();
    await agent.start();
    const failed = { kind: 'access', version: 1, state: 'failed', reason: 'cannot-unseal', inForce: 0 };
    await vi.waitFor(() => expect(cloud.reports).toEqual([failed]), soon);
  });

  it('rows whose ack got lost arrive once', async () => {
    cloud.answersToLose = 2;
    await agent.start();
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await vi.waitFor(() => expect(kinds()).toEqual(['boot', 'boot']), soon);
    expect(cloud.rows.health.map((row) => row.seq)).toEqual([1, 2]);
  });

  const signedIn = async (brokerUrl = 'mqtt://127.0.0.1:1') => {
    const keys = loadOrCreateKeys(dataDir);
    const claim = { ...(await claimTerminal(cloud.url, keys, '0123456789AB', 'test')), brokerUrl };
    const { signal } = new AbortController();
    const sessions = {
      next: async () => ({ counter: 1, mark: 'A'.repeat(22), prev: null, machine: 'B'.repeat(22) }),
      answered: async () => {},
    };
    const signIn = new SignIn({ cloudUrl: cloud.url, keys, claim, clock: systemClock, sessions, signal });
    return { api: new TerminalApi(cloud.url, claim.terminal, signIn), signal, signIn };
  };

  it('a broker that has moved is found where the cloud says at the sign-in, and known after a restart', async () => {
    const broker = createServer((socket) => void socket.on('error', () => undefined).end());
    await once(broker.listen(0, '127.0.0.1'), 'listening');
    const called = once(broker, 'connection');
    cloud.brokerUrl = `mqtt://127.0.0.1:${(broker.address() as AddressInfo).port}`;
    await agent.start();
    await called;
    await agent.stop();
    expect(readStored(dataDir).brokerUrl).toBe(cloud.brokerUrl);
    await new Promise((resolve) => broker.close(resolve));
  });

  it('a terminal that was claimed for a broker behind TLS never goes to one in clear', async () => {
    const { signIn } = await signedIn('mqtts://old.example:8883');
    const movedTo = async (brokerUrl: string): Promise<string> => {
      cloud.brokerUrl = brokerUrl;
      signIn.forget();
      await signIn.token();
      return signIn.brokerUrl;
    };
    expect(await movedTo('mqtt://evil.example:1883')).toBe('mqtts://old.example:8883');
    expect(await movedTo('mqtts://new.example:8883')).toBe('mqtts://new.example:8883');
    expect(await movedTo('wss://new.example/mqtt')).toBe('wss://new.example/mqtt');
  });

  it('a token that the cloud no longer takes is replaced at once', async () => {
    const { api, signal } = await signedIn();
    expect(await api.desired(signal)).toEqual({});
    cloud.tokens.clear();
    expect(await api.desired(signal)).toEqual({});
    expect(cloud.tokens.size).toBe(1);
  });

  it('a card that a reader has learned goes to the cloud by its tag', async () => {
    const { api, signal } = await signedIn();
    const tag = randomBytes(32).toString('base64url');
    const card = { command: newId('command'), epoch: 1, tag, format: 'w26', last4: '5678' } as const;
    await api.tellLearnedCard(card, signal);
    expect(cloud.learnedCards).toEqual([card]);
  });

  it('what happened while the cloud was gone arrives when it is back', async () => {
    await agent.start();
    await vi.waitFor(() => expect(kinds()).toEqual(['boot']), soon);
    await cloud.stop();
    await agent.stop();
    agent = newAgent();
    await agent.start();
    await cloud.start();
    await vi.waitFor(() => expect(kinds()).toEqual(['boot', 'boot']), soon);
  });
});
