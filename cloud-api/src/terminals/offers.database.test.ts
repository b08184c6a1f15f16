import { randomUUID } from 'node:crypto';
import { hours, minutes } from '@gatecast/firmware-protocol';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type Answer, type TestApp } from '../test-app.ts';
import { claimedTerminal, guardAt, neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { Machine } from './machine.fixture.ts';
import { codeOf, codeShownMs, offersPerAddressMax, seenMs, wrongCodesMax } from './offer-rules.ts';

it('a code has forty bits of the MAC, eight characters that cannot be mistaken for each other', () => {
  expect(codeOf(Uint8Array.of(0, 0, 0, 0, 0, 99))).toBe('00000000');
  expect(codeOf(Uint8Array.of(255, 255, 255, 255, 255))).toBe('ZZZZZZZZ');
  expect(codeOf(Uint8Array.of(0, 0, 0, 0, 33))).toBe('00000011');
});

describeStores('a machine on a wall', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let machine: Machine;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    machine = new Machine(world, { address: `2001:db8:${randomUUID().slice(0, 4)}::1` });
  });
  afterAll(() => world.close());

  const look = (code: string, token = here.manager, communityId = here.communityId): Promise<Answer> =>
    world.call('POST', '/v1/terminal-offers/look', { token, body: { code, communityId } });
  const claim = (id: string, change: object = {}, token = here.manager): Promise<Answer> => {
    const body = { entranceId: here.entranceId, name: 'GC-1001', replace: false, ...change };
    return world.call('POST', `/v1/terminal-offers/${id}/claim`, { token, body });
  };
  /** Up to the moment at which both ends show the digits. */
  const compared = async (): Promise<string> => {
    const { body } = await look((await machine.ask()).body.code);
    const seen = await machine.ask();
    await machine.ask(machine.digits(seen));
    return body.id;
  };

  const raised = async () => {
    const t = world.store.read.t.fleetAlarms;
    const ofKind = and(eq(t.kind, 'terminal-digits-differ'), eq(t.communityId, here.communityId), isNull(t.endedAt));
    return world.store.read.select().from(t).where(ofKind);
  };

  it('gets a code for its screen, is found by it, shows the same digits as the console, and becomes a terminal', async () => {
    const waiting = await machine.ask();
    expect(waiting).toMatchObject({ status: 200, body: { state: 'waiting', expiresInMs: codeShownMs } });
    const { code, url } = waiting.body;
    expect(url).toBe(`https://gatecast.test/property/terminals/add?code=${code}`);
    expect((await machine.ask()).body.code).toBe(code);

    const found = await look(code);
    expect(found).toMatchObject({ status: 200, body: { model: 'test-21', screen: 'waiting' } });
    const seen = await machine.ask();
    expect(seen.body).toMatchObject({ state: 'seen', suitor: { company: 'Harbour Property' } });
    expect(machine.digits(seen)).toBe(found.body.digits);
    await machine.ask(machine.digits(seen));
    const path = `/v1/terminal-offers/${found.body.id}`;
    expect((await world.call('GET', path, { token: here.manager })).body.screen).toBe('shown');

    const claimed = await claim(found.body.id);
    expect(claimed).toMatchObject({ status: 201, body: { epoch: 1 } });
    const told = (await machine.ask(found.body.digits)).body;
    expect(told).toMatchObject({ state: 'claimed', claim: { terminal: claimed.body.terminalId, epoch: 1 } });
    expect(told.claim.doorAuthority).toEqual(seen.body.suitor.doorAuthority);
    expect(told.claim.timeKey).toEqual(seen.body.suitor.timeKey);
    expect((await machine.signIn(told.claim.terminal, 1)).status).toBe(201);
    const terminal = await world.call('GET', `/v1/terminals/${told.claim.terminal}`, { token: here.manager });
    expect(terminal.body).toMatchObject({
      status: 'active',
      name: 'GC-1001',
      model: 'test-21',
      entranceId: here.entranceId,
    });
  });

  it('that lost the answer is told again, as often as it proves its key; who only knows the key is told nothing', async () => {
    await claim(await compared());
    const first = (await machine.ask()).body;
    expect((await machine.ask()).body).toEqual(first);
    const thief = machine.copy();
    thief.identity = { ...newKeyPair('ed25519'), publicKey: machine.identity.publicKey };
    expect((await thief.ask()).body.code).toBe('wrong-credentials');
  });

  it('that was claimed by a code given to it is told again too', async () => {
    const created = await world.call('POST', '/v1/terminals', {
      token: here.manager,
      body: { communityId: here.communityId, entranceId: here.entranceId, name: 'Gate' },
    });
    const keys = { identityKey: machine.identity.publicKey, sealingKey: machine.sealing.publicKey };
    const body = { code: created.body.claimCode, ...keys, agentVersion: '0.1.0' };
    const answer = await world.call('POST', '/v1/terminals/claims', { body });
    expect((await machine.ask()).body).toEqual({ state: 'claimed', claim: answer.body });
  });

  it('must prove its key over a fresh nonce', async () => {
    expect((await machine.ask(null, { signature: 'A'.repeat(86) })).body.code).toBe('wrong-credentials');
    expect((await machine.ask(null, { nonce: 'A'.repeat(51) })).body.code).toBe('challenge-expired');
    await machine.ask();
    world.clock.advance(minutes(2));
    expect((await machine.ask()).body.code).toBe('challenge-expired');
    expect((await machine.ask(null, { sealingKey: 'A'.repeat(43) })).body.code).toBe('invalid-request');
  });

  describe('its code', () => {
    it('works once, for the first of two who type it', async () => {
      const { code } = (await machine.ask()).body;
      const other = await neighbourhood(world);
      const both = await Promise.all([look(code), look(code, other.manager, other.communityId)]);
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404]);
    });

    it('is another one after ten minutes, and the old one is void', async () => {
      const { code } = (await machine.ask()).body;
      world.clock.advance(codeShownMs);
      expect((await look(code)).body.code).toBe('unknown-claim-code');
      const next = await machine.copy().ask();
      expect(next.body.code).not.toBe(code);
      expect((await look(next.body.code)).status).toBe(200);
    });

    it('comes back as another one when whoever typed it did nothing for a quarter of an hour', async () => {
      const id = await compared();
      world.clock.advance(seenMs);
      expect((await claim(id)).status).toBe(404);
      const again = (await machine.copy().ask()).body;
      expect(again).toMatchObject({ state: 'waiting' });
      expect((await look(again.code)).status).toBe(200);
    });

    it('cannot be guessed at: a company has few wrong tries in a quarter of an hour', async () => {
      const tries = await Promise.all(Array.from({ length: wrongCodesMax + 1 }, () => look('00000000')));
      expect(tries.filter(({ status }) => status === 404)).toHaveLength(wrongCodesMax);
      const { code } = (await machine.ask()).body;
      expect((await look(code)).body.code).toBe('too-many-requests');
      world.clock.advance(minutes(15));
      expect((await look((await machine.copy().ask()).body.code)).status).toBe(200);
    });

    it('is for managers: a guard and another company see nothing of the machine', async () => {
      const id = await compared();
      const other = await neighbourhood(world);
      const path = `/v1/terminal-offers/${id}`;
      expect((await world.call('GET', path, { token: other.manager })).status).toBe(404);
      expect((await claim(id, {}, other.manager)).status).toBe(404);
      expect((await world.call('GET', path, { token: await guardAt(world, here) })).status).toBe(403);
    });
  });

  it('so many wait at one address and no more, until they have been silent for a while', async () => {
    const address = '203.0.113.5';
    for (let n = 0; n < offersPerAddressMax; n += 1) {
      expect((await new Machine(world, { address }).ask()).status).toBe(200);
    }
    expect((await new Machine(world, { address }).ask()).body.code).toBe('too-many-requests');
    expect((await machine.ask()).status).toBe(200);
  });

  describe('between which and the cloud somebody sits', () => {
    it('is not claimed before its own screen shows the digits', async () => {
      const { body } = await look((await machine.ask()).body.code);
      expect((await claim(body.id)).body.code).toBe('offer-not-shown');
    });

    it('is not claimed while it shows other digits, as when it was told another door authority', async () => {
      const { body } = await look((await machine.ask()).body.code);
      const seen = await machine.ask();
      const forged = { ...seen.body.suitor, doorAuthority: { kid: 'x', publicKey: newKeyPair('ed25519').publicKey } };
      const others = machine.digits({ ...seen, body: { suitor: forged } });
      for (let times = 0; times < 3; times += 1) await machine.ask(others);
      expect(await raised()).toMatchObject([{ terminalId: null, facts: { model: 'test-21' }, returns: 0 }]);
      const path = `/v1/terminal-offers/${body.id}`;
      expect((await world.call('GET', path, { token: here.manager })).body.screen).toBe('other');
      expect((await claim(body.id)).body.code).toBe('offer-digits-differ');
      expect((await world.call('POST', `${path}/refuse`, { token: here.manager })).status).toBe(204);
      expect((await machine.ask()).body.state).toBe('waiting');
    });

    it('has other digits than the console if its key was swapped on the way', async () => {
      const middle = new Machine(world, { address: '198.51.100.66' });
      const { body } = await look((await middle.ask()).body.code);
      const seen = await middle.ask();
      expect(machine.digits(seen)).not.toBe(body.digits);
    });
  });

  describe('at an entrance that has a terminal', () => {
    it('takes its place only when that is said; then the old machine is out and told why', async () => {
      const old = await claimedTerminal(world, here);
      const id = await compared();
      expect((await claim(id)).body).toMatchObject({ code: 'entrance-taken', terminalId: old.id });
      const before = (await world.call('GET', `/v1/terminals/${old.id}`, { token: here.manager })).body;
      expect((await claim(id, { replace: true })).body).toEqual({ terminalId: old.id, epoch: 2 });
      const terminal = (await world.call('GET', `/v1/terminals/${old.id}`, { token: here.manager })).body;
      expect(terminal).toMatchObject({ name: before.name, status: 'active', settings: before.settings });
      const refused = await world.call('GET', `/v1/terminals/${old.id}/desired`, { token: old.token });
      expect(refused.status).toBe(401);
      const config = terminal.documents.config;
      expect(config.desired).toBeGreaterThan(before.documents.config.desired);
    });

    it('that was made for a code takes that terminal’s place, and the code is void', async () => {
      const created = await world.call('POST', '/v1/terminals', {
        token: here.manager,
        body: { communityId: here.communityId, entranceId: here.entranceId, name: 'Gate' },
      });
      expect((await claim(await compared())).body).toEqual({ terminalId: created.body.id, epoch: 1 });
      const keys = { identityKey: newKeyPair('ed25519').publicKey, sealingKey: newKeyPair('x25519').publicKey };
      const body = { code: created.body.claimCode, ...keys, agentVersion: '0.1.0' };
      expect((await world.call('POST', '/v1/terminals/claims', { body })).body.code).toBe('unknown-claim-code');
    });

    it('of somebody else is not to be had', async () => {
      const other = await neighbourhood(world);
      expect((await claim(await compared(), { entranceId: other.entranceId })).status).toBe(404);
    });
  });

  it('that was revoked comes back by a claim alone', async () => {
    const id = await compared();
    const { terminalId } = (await claim(id)).body;
    await world.call('POST', `/v1/terminals/${terminalId}/revoke`, { token: world.operator });
    expect((await machine.signIn(terminalId, 1)).body.code).toBe('terminal-revoked');
    const again = await compared();
    expect((await claim(again)).body).toEqual({ terminalId, epoch: 2 });
    machine.session = undefined;
    expect((await machine.signIn(terminalId, 2)).status).toBe(201);
  });

  // Last, as every session is over after so long.
  it('at whose screen somebody saw other digits calls those on call for a day', async () => {
    const id = await compared();
    expect(await raised()).toEqual([]);
    await world.call('POST', `/v1/terminal-offers/${id}/refuse`, { token: here.manager });
    expect(await raised()).toMatchObject([{ severity: 'critical', facts: { model: 'test-21' } }]);
    await world.app.watch.look();
    world.clock.advance(hours(23));
    await world.app.watch.look();
    expect(await raised()).toHaveLength(1);
    world.clock.advance(hours(1));
    await world.app.watch.look();
    expect(await raised()).toEqual([]);
  });
});
