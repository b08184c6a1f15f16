import { minutes, seconds } from '@gatecast/firmware-protocol';
import {
  documentContext,
  documentEnvelope,
  documentPreimage,
  canonicalJson,
  revocationContext,
  terminalConfig,
  timeContext,
  timePreimage,
} from '@gatecast/firmware-protocol/messages';
import { publicKeyOf, sha256Hex, shortLinkKeyPurpose, unseal, verifyText } from '@gatecast/firmware-protocol/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import {
  claimedTerminal,
  claimTerminal,
  neighbourhood,
  signInTerminal,
  testJournal,
  type Neighbourhood,
  type TestTerminal,
} from '../test-neighbourhood.ts';
import { describeStores } from '../platform/db/test-stores.ts';

describeStores('terminals', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
  });
  afterAll(() => world.close());

  const document = async (kind: string) =>
    documentEnvelope.parse(
      (await world.call('GET', `/v1/terminals/${terminal.id}/documents/${kind}`, { token: terminal.token })).body,
    );

  describe('a claim', () => {
    it('works once', async () => {
      const created = await world.call('POST', `/v1/terminals/${terminal.id}/claim-codes`, { token: here.manager });
      const again = await claimTerminal(world, created.body.claimCode);
      expect(again).toMatchObject({ id: terminal.id, epoch: 2 });
      const { identity, sealing } = again;
      const body = claimBody(created.body.claimCode, identity.publicKey, sealing.publicKey);
      expect((await world.call('POST', '/v1/terminals/claims', { body })).body.code).toBe('unknown-claim-code');
    });

    it('with a key that nothing can be sealed to is refused, and the code stays good', async () => {
      const { body } = await world.call('POST', `/v1/terminals/${terminal.id}/claim-codes`, { token: here.manager });
      const broken = claimBody(body.claimCode, terminal.identity.publicKey, 'A'.repeat(43));
      const answer = await world.call('POST', '/v1/terminals/claims', { body: broken });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request', path: 'sealingKey' } });
      expect(await claimTerminal(world, body.claimCode)).toMatchObject({ epoch: 2 });
    });

    it('of the same terminal again ends the tokens of the hardware before it', async () => {
      const created = await world.call('POST', `/v1/terminals/${terminal.id}/claim-codes`, { token: here.manager });
      await claimTerminal(world, created.body.claimCode);
      expect((await world.call('GET', `/v1/terminals/${terminal.id}/desired`, { token: terminal.token })).status).toBe(
        401,
      );
    });
  });

  describe('signing in', () => {
    it('takes each nonce once, from the right key, within a minute', async () => {
      const { nonce } = (await world.call('POST', `/v1/terminals/${terminal.id}/challenge`)).body;
      const body = { nonce, epoch: 1, signature: 'AAAA' };
      expect((await world.call('POST', `/v1/terminals/${terminal.id}/tokens`, { body })).body.code).toBe(
        'wrong-credentials',
      );
      world.clock.advance(minutes(1));
      expect((await world.call('POST', `/v1/terminals/${terminal.id}/tokens`, { body })).body.code).toBe(
        'challenge-expired',
      );
      const forged = { ...body, nonce: 'A'.repeat(51) };
      expect((await world.call('POST', `/v1/terminals/${terminal.id}/tokens`, { body: forged })).body.code).toBe(
        'challenge-expired',
      );
    });

    it('cannot be had again after a revocation with a code from before it', async () => {
      const path = `/v1/terminals/${terminal.id}`;
      const { claimCode } = (await world.call('POST', `${path}/claim-codes`, { token: here.manager })).body;
      await world.call('POST', `${path}/revoke`, { token: world.operator });
      const body = {
        code: claimCode,
        identityKey: terminal.identity.publicKey,
        sealingKey: terminal.sealing.publicKey,
        agentVersion: '0.1.0',
      };
      const claim = await world.call('POST', '/v1/terminals/claims', { body });
      expect(claim).toMatchObject({ status: 404, body: { code: 'unknown-claim-code' } });
    });

    it('stops after a revocation, which the list tells with the issuer’s signature', async () => {
      await world.call('POST', `/v1/terminals/${terminal.id}/revoke`, { token: world.operator });
      expect((await world.call('GET', `/v1/terminals/${terminal.id}/desired`, { token: terminal.token })).status).toBe(
        401,
      );
      expect((await signInTerminal(world, terminal.id, 1, terminal.identity)).body.code).toBe('terminal-revoked');
      const { payload, signature } = (await world.call('GET', '/v1/terminals/revocations')).body;
      const { keys } = (await world.call('GET', '/.well-known/jwks.json')).body;
      const key = keys.find((one: { kid: string }) => one.kid === signature.kid);
      expect(verifyText(publicKeyOf('ed25519', key.x), revocationContext, payload, signature.value)).toBe(true);
      expect(JSON.parse(payload).revoked.map((one: { subject: string }) => one.subject)).toContain(
        `terminal:${terminal.id}`,
      );
    });
  });

  describe('the config document', () => {
    it('is signed by the pinned door authority and carries a sealed key for the QR links', async () => {
      const config = await document('config');
      const authority = terminal.claim['doorAuthority'] as { kid: string; publicKey: string };
      expect(config.hash).toBe(sha256Hex(canonicalJson(config.body)));
      expect(config.signature?.kid).toBe(authority.kid);
      const key = publicKeyOf('ed25519', authority.publicKey);
      expect(verifyText(key, documentContext, documentPreimage(config), config.signature?.value ?? '')).toBe(true);
      const body = terminalConfig.parse(config.body);
      expect(body.doors.map(({ entrance }) => entrance)).toEqual([here.entranceId]);
      expect(body.shortLinks.base).toBe('https://gatecast.test/q/');
      expect(unseal(terminal.sealing, shortLinkKeyPurpose, body.shortLinks.sealedKey)).toHaveLength(32);
    });

    it('gets a new version when the manager changes the opening time, and shows when it is in force', async () => {
      const changed = await world.call('PATCH', `/v1/terminals/${terminal.id}/config`, {
        token: here.manager,
        body: { openMs: 8_000 },
      });
      expect(changed.body.settings.openMs).toBe(8_000);
      expect(changed.body.documents.config).toMatchObject({ desired: 2, applied: null, state: 'pending' });
      expect(terminalConfig.parse((await document('config')).body).doors[0]?.openMs).toBe(8_000);
      const report = { kind: 'config', version: 2, state: 'applied' };
      const path = `/v1/terminals/${terminal.id}`;
      expect((await world.call('PUT', `${path}/reported`, { token: terminal.token, body: report })).status).toBe(204);
      expect((await world.call('GET', path, { token: here.manager })).body.documents.config.state).toBe('applied');
      const invented = { ...report, version: 9 };
      expect((await world.call('PUT', `${path}/reported`, { token: terminal.token, body: invented })).body.code).toBe(
        'no-such-version',
      );
    });

    it('says what failed while the last good version stays in force', async () => {
      await world.call('PATCH', `/v1/terminals/${terminal.id}/config`, {
        token: here.manager,
        body: { volumePercent: 10 },
      });
      const body = { kind: 'config', version: 2, state: 'failed', reason: 'bad-hash' };
      await world.call('PUT', `/v1/terminals/${terminal.id}/reported`, { token: terminal.token, body });
      const shown = await world.call('GET', `/v1/terminals/${terminal.id}`, { token: here.manager });
      expect(shown.body.documents.config).toMatchObject({ state: 'failed', reason: 'bad-hash' });
    });

    it('refuses a setting that no door could obey, naming it', async () => {
      const body = { openMs: 60_000 };
      const answer = await world.call('PATCH', `/v1/terminals/${terminal.id}/config`, { token: here.manager, body });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request', faults: [{ path: 'openMs' }] } });
    });
  });

  describe('a command', () => {
    it('is refused at once while the terminal is away', async () => {
      const answer = await world.call('POST', `/v1/terminals/${terminal.id}/commands`, {
        token: here.manager,
        body: { kind: 'open' },
      });
      expect(answer).toMatchObject({ status: 409, body: { code: 'terminal-offline' } });
    });
  });

  describe('the time', () => {
    it('comes signed with the nonce', async () => {
      const { now, nonce, signature } = (await world.call('GET', '/v1/time?nonce=abc123')).body;
      expect(now).toBe(world.clock.now());
      const timeKey = terminal.claim['timeKey'] as { publicKey: string };
      expect(
        verifyText(publicKeyOf('ed25519', timeKey.publicKey), timeContext, timePreimage(now, nonce), signature.value),
      ).toBe(true);
      expect((await world.call('GET', '/v1/time?nonce=%00')).body.code).toBe('invalid-request');
    });
  });

  describe('the journal', () => {
    const row = (n: number) => ({ kind: 'boot', body: { agentVersion: `1.${n}`, unclean: false } });
    const send = (body: unknown) =>
      world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body });

    it('is acknowledged up to its last row, and once more when it comes again', async () => {
      const batch = testJournal(world, terminal, 'health')(row(1), row(2), row(3));
      expect(await send(batch)).toMatchObject({ status: 200, body: { stream: 'health', upTo: 3 } });
      expect(await send(batch)).toMatchObject({ status: 200, body: { upTo: 3 } });
      const { journalRows } = world.store.read.t;
      const stored = await world.store.read
        .select({ seq: journalRows.seq, terminal: journalRows.terminalId })
        .from(journalRows);
      expect(stored.filter((one) => one.terminal === terminal.id).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    });

    it('takes a batch that overlaps what is stored', async () => {
      const journal = testJournal(world, terminal, 'health');
      const first = journal(row(1), row(2));
      const second = journal(row(3));
      await send(first);
      expect(await send({ ...second, rows: [...first.rows.slice(1), ...second.rows] })).toMatchObject({
        body: { upTo: 3 },
      });
    });

    it('says which row it expects when some are missing', async () => {
      const journal = testJournal(world, terminal, 'health');
      await send(journal(row(1)));
      journal(row(2));
      expect(await send(journal(row(3)))).toMatchObject({ status: 409, body: { code: 'journal-gap', expected: 2 } });
    });

    it('refuses rows that were changed, and tells the property', async () => {
      const batch = testJournal(world, terminal, 'health')(row(1), row(2));
      const changed = { ...batch, rows: batch.rows.map((one) => ({ ...one, wallMs: one.wallMs + 1 })) };
      expect(await send(changed)).toMatchObject({
        status: 409,
        body: { code: 'journal-chain-broken', seq: 2, fault: 'previous-hash' },
      });
      const { events } = world.store.read.t;
      const told = (await world.store.read.select().from(events)).filter(
        (one) => one.subject === terminal.id && one.type === 'alarm',
      );
      expect(told).toMatchObject([{ companyId: here.companyId, facts: { alarm: 'journal-chain-broken', seq: 2 } }]);
    });

    it('goes on after rows that the terminal said it had to drop', async () => {
      const plays = testJournal(world, terminal, 'play');
      const health = testJournal(world, terminal, 'health');
      const kept = plays(row(1));
      const lost = plays(row(2), row(3));
      await send(kept);
      const facts = { stream: 'play', from: 2, to: 3, count: 2, firstHash: lost.rows[1]?.prev, lastHash: lost.head };
      const later = plays(row(4));
      expect((await send(later)).body.code).toBe('journal-gap');
      await send(health({ kind: 'lost', body: facts }));
      expect(await send(later)).toMatchObject({ status: 200, body: { stream: 'play', upTo: 4 } });
    });

    it('goes on after rows of health that were dropped, as the row that says so follows them', async () => {
      const health = testJournal(world, terminal, 'health');
      await send(health(row(1)));
      const lost = health(row(2), row(3));
      const facts = { stream: 'health', from: 2, to: 3, count: 2, firstHash: lost.rows[1]?.prev, lastHash: lost.head };
      const later = health({ kind: 'lost', body: facts }, row(5));
      const altered = { ...facts, lastHash: '0'.repeat(64) };
      const forged = later.rows.map((one) => (one.kind === 'lost' ? { ...one, body: altered } : one));
      expect((await send({ ...later, rows: forged })).body.code).toBe('journal-chain-broken');
      expect(await send(later)).toMatchObject({ status: 200, body: { stream: 'health', upTo: 5 } });
    });

    it('goes on when rows were dropped of which some had arrived, and more were dropped later', async () => {
      const plays = testJournal(world, terminal, 'play');
      const health = testJournal(world, terminal, 'health');
      const first = plays(row(1), row(2));
      const lost = plays(row(3));
      await send(first);
      const facts = { stream: 'play', from: 1, to: 3, count: 3, firstHash: first.rows[1]?.prev, lastHash: lost.head };
      await send(health({ kind: 'lost', body: facts }));
      const lostToo = plays(row(4));
      await send(health({ kind: 'lost', body: { ...facts, to: 4, count: 4, lastHash: lostToo.head } }));
      expect(await send(plays(row(5)))).toMatchObject({ status: 200, body: { stream: 'play', upTo: 5 } });
    });

    it('of a terminal that was claimed again is refused', async () => {
      const batch = { ...testJournal(world, terminal, 'health')(row(1)), epoch: 2 };
      expect(await send(batch)).toMatchObject({ status: 409, body: { code: 'wrong-epoch', expected: 1 } });
    });

    it('refuses what is not a batch, and what is too large, without falling over', async () => {
      expect(await send('{"v":1')).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
      expect(await send({ v: 1, epoch: 1, stream: 'door', rows: [], head: 'x' })).toMatchObject({ status: 400 });
      expect(await send(JSON.stringify('x'.repeat(1_200_000)))).toMatchObject({
        status: 413,
        body: { code: 'body-too-large' },
      });
      world.clock.advance(seconds(1));
    });
  });
});

const claimBody = (code: string, identityKey: string, sealingKey: string) => ({
  code,
  identityKey,
  sealingKey,
  agentVersion: '0.1.0',
});
