import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, systemClock } from '@gatecast/firmware-protocol';
import type { ScreenState, Suitor } from '@gatecast/firmware-protocol/messages';
import { newKeyPair, pairingDigits } from '@gatecast/firmware-protocol/node';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Agent } from '../agent.ts';
import { doorLink } from '../door/serial-line.ts';
import { loadOrCreateKeys } from '../store/identity.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { CloudFixture, waitingOffer } from './cloud.fixture.ts';

const soon = { timeout: 15_000, interval: 50 };
/** Nobody hints here: a document is found when the terminal asks again, half a minute later. */
const atTheNextQuestion = { timeout: 60_000, interval: 200 };

/** What a page on the screen is told first. */
async function onScreen(url: string): Promise<ScreenState['enrolment']> {
  const events = new URL(url);
  events.pathname = '/events';
  const answer = await fetch(events);
  const reader = answer.body?.getReader();
  const read = new TextDecoder().decode((await reader?.read())?.value);
  await reader?.cancel();
  const line = read.split('\n').find((one) => one.startsWith('data: ')) ?? '';
  return (JSON.parse(line.slice('data: '.length)) as ScreenState).enrolment;
}

describe('a machine that nobody has claimed', () => {
  let fixture: TerminalFixture;
  let cloud: CloudFixture;
  let dataDir: string;
  let agent: Agent;
  let screenUrl: string;

  const start = async (claimCode?: string) => {
    agent = new Agent({
      dataDir,
      cloudUrl: cloud.url,
      ...(claimCode !== undefined && { claimCode }),
      model: 'test-21',
      doorLinks: { osdp: doorLink('tcp://127.0.0.1:9') },
      clock: systemClock,
      screen: { port: 0, frameAncestors: [], pageDir: dataDir },
      log: pino({ level: 'silent' }),
    });
    const ready = await agent.start();
    screenUrl = ready.screenUrl ?? '';
    return ready;
  };
  const shows = (expected: object | null, waiting: { readonly timeout: number } = soon) =>
    vi.waitFor(async () => {
      const view = await onScreen(screenUrl);
      if (expected) expect(view).toMatchObject(expected);
      else expect(view).toBeNull();
    }, waiting);
  const suitor = (): Suitor => {
    const { doorAuthority, timeKey } = fixture.claim();
    return { company: 'Harbour Property', doorAuthority, timeKey };
  };
  const digitsOf = (keys = suitor()) => {
    const { identity, sealing } = loadOrCreateKeys(dataDir);
    return pairingDigits({ identityKey: identity.publicKey, sealingKey: sealing.publicKey }, keys);
  };
  /** The cloud as it is once somebody has typed the code: it gives the terminal when the right digits are on the screen. */
  const claimWhenShown = () => {
    cloud.offer = ({ shown }) =>
      shown === digitsOf() ? { state: 'claimed', claim: fixture.claim() } : { state: 'seen', suitor: suitor() };
  };

  beforeEach(async () => {
    fixture = new TerminalFixture();
    cloud = new CloudFixture(fixture);
    await cloud.start();
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-enrolment-'));
  });
  afterEach(async () => {
    await agent.stop();
    await cloud.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('shows a code, then digits, then is a terminal: nothing is typed on it', async () => {
    expect(await start()).toMatchObject({ terminal: null });
    await shows({ state: 'waiting', code: waitingOffer.code, qr: expect.stringContaining('<svg') });
    expect(cloud.offers[0]).toMatchObject({ model: 'test-21', shown: null });
    cloud.offer = () => ({ state: 'seen', suitor: suitor() });
    await shows({ state: 'compare', company: 'Harbour Property', digits: digitsOf() });
    await vi.waitFor(() => expect(cloud.offers.at(-1)?.shown).toBe(digitsOf()), soon);
    claimWhenShown();
    await shows({ state: 'claimed' });
    cloud.documents.set('config', fixture.envelope('config', 1, fixture.config(cloud.sealingKey)));
    await shows(null, atTheNextQuestion);
    await agent.stop();
    expect(await start()).toMatchObject({ terminal: fixture.terminal });
  }, 120_000);

  it('pins no other keys than those whose digits it showed', async () => {
    const forged = { ...fixture.claim(), doorAuthority: { kid: 'door-1', publicKey: newKeyPair('ed25519').publicKey } };
    await start();
    cloud.offer = ({ shown }) =>
      shown === null ? { state: 'seen', suitor: suitor() } : { state: 'claimed', claim: forged };
    await shows({ state: 'no-network', reason: 'claim-keys-differ' });
    await agent.stop();
    expect(await start()).toMatchObject({ terminal: null });
    await shows({ state: 'no-network', reason: 'claim-keys-differ' });
    claimWhenShown();
    await shows({ state: 'claimed' });
  });

  it('that was switched off after the digits were compared is told again, and takes only what it showed', async () => {
    await start();
    cloud.offer = () => ({ state: 'seen', suitor: suitor() });
    await shows({ state: 'compare' });
    await agent.stop();
    cloud.offer = () => ({ state: 'claimed', claim: fixture.claim() });
    await start();
    await shows({ state: 'claimed' });
  });

  it('says that there is no way to the cloud, and shows a code as soon as there is one', async () => {
    await cloud.stop();
    await start();
    await shows({ state: 'no-network', reason: 'cloud-unreachable' });
    await cloud.start();
    await shows({ state: 'waiting' });
  });

  it('whose claim code is refused shows a code instead', async () => {
    cloud.beforeClaimAnswer = () => Promise.reject(new DomainError('unknown-claim-code', '', { status: 404 }));
    expect(await start('0123456789AB')).toMatchObject({ terminal: null });
    await shows({ state: 'waiting' });
  });

  it('whose claim by a code was answered to nobody is told again by its key', async () => {
    cloud.beforeClaimAnswer = () => Promise.reject(new DomainError('unknown-claim-code', '', { status: 404 }));
    cloud.offer = () => ({ state: 'claimed', claim: fixture.claim() });
    await start('0123456789AB');
    await shows({ state: 'claimed' });
  });

  it('whose data was lost, but not its keys, is another machine from then on', async () => {
    const before = loadOrCreateKeys(dataDir).identity.publicKey;
    cloud.offer = ({ identityKey }) =>
      identityKey === before ? { state: 'claimed', claim: fixture.claim() } : { state: 'waiting', ...waitingOffer };
    await start();
    await shows({ state: 'waiting' });
    expect(loadOrCreateKeys(dataDir).identity.publicKey).not.toBe(before);
  });

  describe('once it is a terminal', () => {
    beforeEach(async () => {
      await start('0123456789AB');
      await signedIn(1);
    });
    /** So many sign-ins were taken, and the terminal knows it: its journal leaves with the token. */
    const signedIn = (times: number) =>
      vi.waitFor(() => {
        expect(cloud.sessions).toHaveLength(times);
        expect(cloud.rows.health.filter(({ kind }) => kind === 'boot')).toHaveLength(times);
      }, soon);
    const restart = async () => {
      await agent.stop();
      await start();
    };

    it('says at each sign-in where it stands, one after the other, also after a restart', async () => {
      await restart();
      await signedIn(2);
      const [first, second] = cloud.sessions;
      expect(second).toMatchObject({ counter: 2, prev: first?.mark, machine: first?.machine });
    });

    it('a copy of its folder stands where it stood', async () => {
      await agent.stop();
      const copy = mkdtempSync(join(tmpdir(), 'gatecast-copy-'));
      cpSync(dataDir, copy, { recursive: true });
      const original = dataDir;
      await start();
      await signedIn(2);
      await agent.stop();
      dataDir = copy;
      await start();
      await vi.waitFor(() => expect(cloud.sessions).toHaveLength(3), soon);
      const [, mine, theirs] = cloud.sessions;
      expect(theirs?.counter).toBe(mine?.counter);
      expect(theirs?.mark).not.toBe(mine?.mark);
      rmSync(original, { recursive: true });
    });

    it.each([
      ['terminal-revoked', 'revoked'],
      ['terminal-cloned', 'cloned'],
      ['wrong-epoch', 'replaced'],
    ])('says on its screen why the cloud wants nothing of it any more: %s', async (code, reason) => {
      cloud.signInRefusal = code;
      cloud.tokens.clear();
      await restart();
      await shows({ state: 'out', reason });
    });

    it('has new keys when its property wants it, and opens what is sealed to them and what was sealed before', async () => {
      const before = loadOrCreateKeys(dataDir);
      cloud.documents.set('config', fixture.envelope('config', 1, fixture.config(cloud.sealingKey)));
      await restart();
      await shows(null);
      cloud.rotateKeys = true;
      await restart();
      await vi.waitFor(() => expect(cloud.rotations).toHaveLength(1), soon);
      await vi.waitFor(() => expect(loadOrCreateKeys(dataDir).next).toBeUndefined(), soon);
      expect(loadOrCreateKeys(dataDir).identity.publicKey).not.toBe(before.identity.publicKey);
      await restart();
      await shows(null);
      cloud.documents.set('config', fixture.envelope('config', 2, fixture.config(cloud.sealingKey)));
      await restart();
      await vi.waitFor(
        () => expect(cloud.reports).toContainEqual({ kind: 'config', version: 2, state: 'applied' }),
        soon,
      );
    });

    it('settles new keys whose answer it never heard, with the same keys', async () => {
      cloud.rotateKeys = true;
      cloud.rotationAnswersToLose = 1;
      cloud.tokens.clear();
      await restart();
      await vi.waitFor(() => expect(cloud.rotations).toHaveLength(1), soon);
      const { next } = loadOrCreateKeys(dataDir);
      cloud.tokens.clear();
      await restart();
      await vi.waitFor(() => expect(loadOrCreateKeys(dataDir).next).toBeUndefined(), soon);
      expect(loadOrCreateKeys(dataDir).identity.publicKey).toBe(next?.identity.publicKey);
      expect(readFileSync(join(dataDir, 'keys.json'), 'utf8')).toContain('atRest');
    });
  });
});
